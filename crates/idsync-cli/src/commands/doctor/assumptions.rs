//! `idsync doctor --assumptions`: which inferences about the services their real responses confirm.
//!
//! The reference pages do not state everything that this program relies on. Each inference is tested with a few small
//! requests. The report holds counts, documented values and time differences, and no identities: it can be sent as it is.

use idsync::dataarts::{ClusterType, Task};
use idsync::dws::Record;
use idsync::list::Page;
use idsync::{Client, ClusterId, Error, Service, WorkspaceId};
use schemars::JsonSchema;
use serde::Serialize;

use super::check::{Line, render};
use super::evidence;
use crate::args::DoctorArgs;
use crate::connect::Connection;
use crate::errors::{CliError, Exit};
use crate::output::Output;
use crate::output::style::{BAD, FAINT, GOOD};

/// The name and version of the JSON form of an [`AssumptionReport`].
const SCHEMA: &str = "idsync.assumptions/v1";

/// Most clusters of one service that are called.
const MAX_CLUSTERS: usize = 5;

/// Items on the small page that is compared with the list.
const SMALL: u32 = 2;

/// What the responses of the services say about each inference. It names no account, project, cluster or user.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AssumptionReport {
    /// The name and version of this form.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    /// The version of this program.
    version: &'static str,
    /// The inferences, by topic.
    assumptions: Vec<Assumption>,
}

/// An inference, and what the responses say about it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Assumption {
    /// The name of the inference, such as `dws.offset_unit`; the part before the dot is the service.
    pub(super) name: &'static str,
    /// What is inferred.
    pub(super) statement: String,
    /// Whether the responses agree.
    pub(super) result: Verification,
    /// What was observed.
    pub(super) evidence: String,
}

/// Whether an inference holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verification {
    /// The responses agree with it.
    Confirmed,
    /// A response disagrees with it.
    Contradicted,
    /// No response could show it.
    NotSeen,
}

/// Tests every inference, and prints what was found.
pub(super) async fn run(args: &DoctorArgs, output: &Output) -> Result<Exit, CliError> {
    let connection = Connection::open_one(&args.connection, output).await?;
    let responses = Responses::read(args, &connection).await;
    if responses.are_empty()
        && let Some((_, error)) = responses.errors.first()
    {
        return Err(error.clone().into());
    }
    let now = connection.time().await?.now();
    let report = AssumptionReport {
        schema: SCHEMA,
        version: env!("CARGO_PKG_VERSION"),
        assumptions: evidence::assumptions(&responses, now),
    };
    let fields = ["name", "result", "statement", "evidence"];
    output.print(&report, &fields, &report.assumptions, || {
        report.text(output)
    })?;
    Ok(Exit::Done)
}

impl AssumptionReport {
    fn count(&self, result: Verification) -> usize {
        let assumptions = self.assumptions.iter();
        assumptions.filter(|it| it.result == result).count()
    }

    fn text(&self, output: &Output) -> String {
        let lines = self.assumptions.iter().map(|assumption| {
            let (style, word) = match assumption.result {
                Verification::Confirmed => (GOOD, "confirmed"),
                Verification::Contradicted => (BAD, "contradicted"),
                Verification::NotSeen => (FAINT, "not seen"),
            };
            Line {
                heading: None,
                style,
                word,
                name: assumption.name,
                message: &assumption.statement,
                below: Some(&assumption.evidence),
            }
        });
        let summary = [
            format!("{} confirmed", self.count(Verification::Confirmed)),
            format!("{} contradicted", self.count(Verification::Contradicted)),
            format!("{} not seen", self.count(Verification::NotSeen)),
            "no account, project, cluster or user is named: this can be sent as it is".to_owned(),
        ];
        render(&lines.collect::<Vec<_>>(), &summary, output)
    }
}

/// What the services answered.
#[derive(Default)]
pub(super) struct Responses {
    /// The tasks of each workspace.
    pub(super) tasks: Vec<Pages<Task>>,
    /// The records of each DWS cluster.
    pub(super) records: Vec<Pages<Record>>,
    /// The flags of MRS clusters.
    pub(super) flags: Vec<Option<bool>>,
    /// The calls that failed.
    pub(super) errors: Vec<(Service, Error)>,
}

/// The first page of a list, and small ones to compare it with.
pub(super) struct Pages<T> {
    pub(super) first: Page<T>,
    /// Number of items that the first page was requested with.
    pub(super) limit: u32,
    pub(super) small: Option<SmallPage<T>>,
    /// A page whose offset is no multiple of its limit.
    pub(super) odd: Option<SmallPage<T>>,
}

/// A page, and where it was requested to begin.
pub(super) struct SmallPage<T> {
    pub(super) offset: u32,
    pub(super) page: Page<T>,
}

impl Responses {
    async fn read(args: &DoctorArgs, connection: &Connection) -> Self {
        let client = &connection.client;
        let mut responses = Self::default();
        for workspace in connection.workspaces(&args.workspace) {
            responses.read_tasks(client, &workspace).await;
        }
        for cluster in responses.clusters(args, Service::Dws, &ClusterType::Dws) {
            responses.read_records(client, &cluster).await;
        }
        for cluster in responses.clusters(args, Service::Mrs, &ClusterType::Mrs) {
            match client.mrs().is_synchronizing(&cluster).await {
                Ok(flag) => responses.flags.push(flag),
                Err(error) => responses.errors.push((Service::Mrs, error)),
            }
        }
        responses
    }

    fn are_empty(&self) -> bool {
        self.tasks.is_empty() && self.records.is_empty() && self.flags.is_empty()
    }

    /// Small pages are requested of the first workspace that has enough tasks to compare.
    async fn read_tasks(&mut self, client: &Client, workspace: &WorkspaceId) {
        const LIMIT: u32 = 100;
        let request = |limit: u32, offset: u32| {
            let tasks = client.dataarts(workspace).tasks();
            tasks.limit(limit).offset(offset.into()).send()
        };
        let read = async |is_compared: bool| {
            let first = request(LIMIT, 0).await?;
            let mut pages = Pages::of(first, LIMIT);
            if pages.are_comparable() && !is_compared {
                pages.small = Some(SmallPage::of(SMALL, request(SMALL, SMALL).await?));
                pages.odd = Some(SmallPage::of(1, request(SMALL, 1).await?));
            }
            Ok(pages)
        };
        match read(self.tasks.iter().any(|pages| pages.small.is_some())).await {
            Ok(pages) => self.tasks.push(pages),
            Err(error) => self.errors.push((Service::DataArts, error)),
        }
    }

    /// A small page is requested of the first cluster that has enough records to compare.
    async fn read_records(&mut self, client: &Client, cluster: &ClusterId) {
        const LIMIT: u32 = 1000;
        let request = |limit: u32, offset: u32| {
            let records = client.dws().sync_records(cluster);
            records.limit(limit).offset(offset.into()).send()
        };
        let read = async |is_compared: bool| {
            let mut pages = Pages::of(request(LIMIT, 0).await?, LIMIT);
            if pages.are_comparable() && !is_compared {
                pages.small = Some(SmallPage::of(1, request(SMALL, 1).await?));
            }
            Ok(pages)
        };
        match read(self.records.iter().any(|pages| pages.small.is_some())).await {
            Ok(pages) => self.records.push(pages),
            Err(error) => self.errors.push((Service::Dws, error)),
        }
    }

    /// The clusters of the flags, else some that tasks name.
    fn clusters(
        &self,
        args: &DoctorArgs,
        service: Service,
        cluster_type: &ClusterType,
    ) -> Vec<ClusterId> {
        let given = args.cluster.iter().filter(|it| it.service() == service);
        let given: Vec<_> = given.map(|cluster| cluster.id().clone()).collect();
        if !given.is_empty() {
            return given;
        }
        let mut clusters = Vec::new();
        let tasks = self.tasks.iter().flat_map(|pages| pages.first.items());
        let tasks = tasks.filter(|task| task.cluster_type.as_ref() == Some(cluster_type));
        for id in tasks.filter_map(|task| task.cluster_id.as_deref()?.parse().ok()) {
            if clusters.len() < MAX_CLUSTERS && !clusters.contains(&id) {
                clusters.push(id);
            }
        }
        clusters
    }
}

impl<T> Pages<T> {
    fn of(first: Page<T>, limit: u32) -> Self {
        Self {
            first,
            limit,
            small: None,
            odd: None,
        }
    }

    /// Whether the two units of `offset` would give different small pages.
    fn are_comparable(&self) -> bool {
        self.first.items().len() > SMALL as usize
    }
}

impl<T> SmallPage<T> {
    fn of(offset: u32, page: Page<T>) -> Self {
        Self { offset, page }
    }
}
