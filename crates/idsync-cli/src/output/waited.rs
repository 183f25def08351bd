//! What a wait came to.

use std::time::Duration;

use idsync::health::{ClusterHealth, Problem};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::field::{Field, Fielded};
use super::report::{why, words};
use super::style::{self, FAINT, paint};
use super::text::{counted, plain};
use super::{problems, time};

/// The name and version of the JSON form of a [`Waited`].
const SCHEMA: &str = "idsync.wait/v1";

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// Every cluster is in the state that was waited for.
    Reached,
    /// A cluster is failing.
    Failing,
    /// The time was up before.
    TimedOut,
    /// Somebody ended it before.
    Interrupted,
}

/// What a wait came to, and what was last seen.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(crate) struct Waited {
    /// The name and version of this form.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    /// What was waited for: `idle` or `healthy`.
    until: &'static str,
    /// How it ended.
    outcome: Outcome,
    /// How many looks came to an end.
    looks: u64,
    /// How long it took, in seconds.
    elapsed_seconds: f64,
    /// When the last look came to its end; null if none did.
    observed_at: Option<Timestamp>,
    /// The clusters, in the order in which they were named.
    pub(super) clusters: Vec<WaitedCluster>,
    /// What could not be asked at the last look.
    problems: Vec<Problem>,
}

/// A cluster that was waited for.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(crate) struct WaitedCluster {
    /// The cluster as it was named.
    pub(crate) cluster: String,
    /// Whether it was last seen in the state that was waited for.
    pub(crate) reached: bool,
    /// What was last seen of it; null if no look came to an end.
    pub(crate) health: Option<ClusterHealth>,
}

impl Waited {
    /// A wait until clusters are `until`.
    pub(crate) fn new(until: &'static str, outcome: Outcome, clusters: Vec<WaitedCluster>) -> Self {
        Self {
            schema: SCHEMA,
            until,
            outcome,
            looks: 0,
            elapsed_seconds: 0.0,
            observed_at: None,
            clusters,
            problems: Vec::new(),
        }
    }

    /// How much waiting there was, and when the last look was.
    pub(crate) fn after(
        self,
        looks: u64,
        elapsed: Duration,
        observed_at: Option<Timestamp>,
    ) -> Self {
        Self {
            looks,
            elapsed_seconds: (elapsed.as_secs_f64() * 1000.0).round() / 1000.0,
            observed_at,
            ..self
        }
    }

    /// What could not be asked at the last look.
    pub(crate) fn with_problems(self, problems: Vec<Problem>) -> Self {
        Self { problems, ..self }
    }
}

impl Fielded for WaitedCluster {
    const FIELDS: &'static [Field<Self>] = &[
        Field::text("cluster", |waited| Some(&waited.cluster)),
        Field::text("reached", |waited| {
            Some(if waited.reached { "true" } else { "false" })
        }),
        Field::text("health.cluster_name", |waited| {
            waited.health.as_ref()?.cluster_name.as_deref()
        }),
        Field::text("health.verdict", |waited| {
            Some(waited.health.as_ref()?.verdict.as_str())
        }),
        Field::texts("health.reasons.message", |waited| {
            let reasons = waited.health.iter().flat_map(|health| &health.reasons);
            reasons.map(|reason| reason.message.clone()).collect()
        }),
    ];
}

/// One line for each cluster, then how it ended unless that is `unwanted`.
pub(super) fn render(waited: &Waited, room: Option<usize>, unwanted: bool) -> String {
    let clusters: String = waited
        .clusters
        .iter()
        .map(|cluster| line(cluster, waited.until))
        .collect();
    if unwanted {
        return clusters;
    }
    let problems = problems::lines(&waited.problems, room);
    format!("{clusters}{}\n{problems}", paint(FAINT, &ending(waited)))
}

fn line(cluster: &WaitedCluster, until: &str) -> String {
    let not = if cluster.reached { "" } else { "not " };
    let Some(health) = &cluster.health else {
        return format!(
            "{} {} was not seen yet\n",
            paint(style::WARNING, "?"),
            cluster.cluster
        );
    };
    let symbol = style::symbol(health.verdict).to_string();
    let name = health.cluster_name.as_deref().map(plain);
    let name = name.map(|name| format!(" ({name})")).unwrap_or_default();
    let verdict = words(health.verdict);
    let why = plain(&why(health));
    let known = if why.is_empty() {
        verdict
    } else {
        format!("{verdict}, {why}")
    };
    format!(
        "{} {}{name} is {not}{until}: {known}\n",
        paint(style::verdict(health.verdict), &symbol),
        cluster.cluster
    )
}

fn ending(waited: &Waited) -> String {
    let how = match waited.outcome {
        Outcome::Reached => "reached",
        Outcome::Failing => "given up, since a cluster is failing",
        Outcome::TimedOut => "given up, since the time is up",
        Outcome::Interrupted => "interrupted",
    };
    let looks = counted(usize::try_from(waited.looks).unwrap_or(usize::MAX), "look");
    let elapsed =
        time::duration(Duration::try_from_secs_f64(waited.elapsed_seconds).unwrap_or_default());
    format!("{how} after {looks} in {elapsed}")
}
