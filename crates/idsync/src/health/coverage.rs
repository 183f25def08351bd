//! Sources that could not be read, and what they mean for the report.

use std::collections::{BTreeSet, HashSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::check::CheckOptions;
use super::project::ProjectCheck;
use super::records::NOT_SUPPORTED;
use super::report::Judged;
use super::{
    ClusterHealth, ClusterObservation, NoteCode, Reason, ReasonCode, Source, Verdict,
    judge_cluster, text,
};
use crate::dataarts::ListTasks;
use crate::dws::ListRecords;
use crate::list::ListOperation;
use crate::{Error, ErrorKind, mrs};

/// Maximum length of the service's message, in characters.
const LONGEST_MESSAGE: usize = 500;

/// A source that could not be asked, or whose answer could not be read in full.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Problem {
    /// Which source was asked.
    pub source: Source,
    /// The project that was asked about, where it is known.
    pub project_id: Option<String>,
    /// The workspace whose tasks were listed.
    #[serde(default)]
    pub workspace_id: Option<String>,
    /// The cluster that was asked about; null if the problem concerns several.
    pub cluster_id: Option<String>,
    /// The name of that cluster.
    #[serde(default)]
    pub cluster_name: Option<String>,
    /// What went wrong.
    pub error: ProblemError,
}

/// The part of an [`Error`] that a report has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ProblemError {
    /// The class of failure, such as `throttled`.
    pub kind: ErrorKind,
    /// The HTTP status, if a response arrived.
    pub status: Option<u16>,
    /// The service's own error code.
    pub code: Option<String>,
    /// What happened, in one line.
    pub message: String,
    /// The id by which the service can find the request.
    pub request_id: Option<String>,
    /// What to do about it, if the cause is known.
    #[serde(default)]
    pub hint: Option<String>,
}

impl Problem {
    /// The problem of `source` that `error` describes, and of one cluster if it concerns no other.
    pub fn new(source: Source, cluster_id: Option<&str>, error: &Error) -> Self {
        Self {
            source,
            project_id: None,
            workspace_id: None,
            cluster_id: cluster_id.map(str::to_owned),
            cluster_name: None,
            error: error.into(),
        }
    }

    /// One problem for each source of `cluster` that could not be read in full.
    pub(super) fn of(cluster: &ClusterObservation) -> Vec<Self> {
        let asked = cluster.asked();
        let errors = asked.filter_map(|(source, error)| Some((source, error?)));
        let errors = errors.filter(|(_, error)| error.code() != Some(NOT_SUPPORTED));
        let problem = |(source, error)| Self {
            project_id: cluster.project_id.clone(),
            cluster_name: cluster.cluster_name.clone(),
            ..Self::new(source, cluster.cluster_id.as_deref(), error)
        };
        errors.map(problem).collect()
    }

    /// Whether this problem, which concerns no single cluster, includes `other`.
    pub(super) fn covers(&self, other: &Self) -> bool {
        let is_refusal = matches!(
            self.error.kind,
            ErrorKind::Authentication | ErrorKind::Credentials
        );
        let is_same_source = self.source == other.source || self.source == Source::All;
        self.project_id == other.project_id
            && is_same_source
            && (self.error == other.error || (is_refusal && self.error.kind == other.error.kind))
    }

    /// The reason that a problem without a cluster is for the report.
    pub(super) fn reason(&self, now: Timestamp) -> Reason {
        let what = match (&self.workspace_id, &self.project_id) {
            (Some(workspace), _) => format!("the tasks of workspace {workspace}"),
            (None, Some(project)) => format!("the clusters of project {project}"),
            (None, None) => "the clusters of a project".into(),
        };
        let ProblemError { kind, message, .. } = &self.error;
        let message = format!("{what} could not be read in full: {kind}: {message}");
        let message = text::plain(&message, LONGEST_MESSAGE);
        Reason::new(ReasonCode::SourceUnavailable, self.source, message, now)
    }
}

impl From<&Error> for ProblemError {
    fn from(error: &Error) -> Self {
        Self {
            kind: error.kind(),
            status: error.status(),
            code: error.code().map(str::to_owned),
            message: text::plain(error.message(), LONGEST_MESSAGE),
            request_id: error.request_id().map(str::to_owned),
            hint: error.hint().map(str::to_owned),
        }
    }
}

/// The error again, as far as a report keeps it: without the number of attempts.
impl From<&Problem> for Error {
    fn from(problem: &Problem) -> Self {
        let known = &problem.error;
        let operation = match problem.source {
            Source::DataArts => Some(ListTasks::OPERATION),
            Source::Dws => Some(ListRecords::OPERATION),
            Source::Mrs => Some(mrs::STATUS),
            _ => None,
        };
        let mut error = Self::new(known.kind, &*known.message);
        let details = error.details();
        details.operation = operation;
        details.status = known.status;
        details.code.clone_from(&known.code);
        details.request_id.clone_from(&known.request_id);
        details.hint.clone_from(&known.hint);
        error
    }
}

/// Number of sources of a cluster without an answer that is understood, ignored or not. The tasks of DataArts Studio do not
/// count where their list counts already.
pub(super) fn unanswered(cluster: &ClusterHealth, is_list_counted: bool) -> u64 {
    let reasons = cluster.reasons.iter().map(|it| (it.source, it.code));
    let notes = cluster.notes.iter().filter_map(|note| {
        let code = match note.code {
            NoteCode::SourceUnavailable | NoteCode::IamSyncUnreported => {
                ReasonCode::SourceUnavailable
            }
            _ => note.reason?,
        };
        Some((note.source, code))
    });
    let open = reasons.chain(notes).filter(|(source, code)| {
        let is_list = *source == Source::DataArts && *code == ReasonCode::SourceUnavailable;
        let is_open = code.verdict() == Verdict::Unknown && *code != ReasonCode::NoEvidence;
        is_open && !(is_list && is_list_counted)
    });
    let sources: BTreeSet<_> = open.map(|(source, _)| source).collect();
    sources.len() as u64
}

/// Adds what the report must have and lacks to `judged`.
pub(super) fn add_missing(
    judged: &mut Judged,
    options: &CheckOptions,
    projects: &[ProjectCheck],
    now: Timestamp,
) {
    let (least, count) = (options.min_clusters, judged.clusters.len() as u64);
    if count < least {
        let message = format!("at least {least} clusters are expected, and {count} are known");
        let code = ReasonCode::NoEvidence;
        let reason = Reason::new(code, Source::All, message, now);
        judged.reasons.push(reason);
    }
    let Some(first) = projects.first().filter(|_| !options.expected.is_empty()) else {
        return;
    };
    let known = judged
        .clusters
        .iter()
        .map(|(cluster, _)| (cluster.cluster_id.clone(), cluster.service()));
    let mut known: HashSet<_> = known.collect();
    for cluster in &options.expected {
        let observation = ClusterObservation::new(cluster.id().as_str());
        let observation = observation.with_type(cluster.cluster_type());
        let id = observation.cluster_id.clone();
        if known.contains(&(id.clone(), None)) || !known.insert((id, Some(cluster.service()))) {
            continue;
        }
        let mut rules = projects.iter().map(|project| &project.scope.rules);
        if rules.any(|rules| rules.ignores(&observation)) {
            continue;
        }
        let mut health = judge_cluster(&observation, &first.scope.rules, now);
        for reason in &mut health.reasons {
            reason.message = "expected, but no source knows the cluster".into();
        }
        judged.clusters.push((health, Vec::new()));
    }
}
