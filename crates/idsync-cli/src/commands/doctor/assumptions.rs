//! `idsync doctor --assumptions`: which inferences about the services their real responses confirm.
//!
//! The reference pages do not state everything that this program relies on. Each inference is tested with a few small
//! requests. The report holds counts, documented values and time differences, but no identities, and is safe to share.

use idsync::dataarts::ClusterType;
use idsync::list::Page;
use idsync::{ClusterId, Error, Service};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::check::{Line, render};
use super::evidence;
use crate::args::DoctorArgs;
use crate::clock;
use crate::connect::Connection;
use crate::errors::{CliError, Exit};
use crate::output::Output;
use crate::output::style::{BAD, FAINT, GOOD};
use crate::targets::nothing_to_check;

/// The name and version of the JSON form of an [`AssumptionReport`].
const SCHEMA: &str = "idsync.assumptions/v1";

/// Most clusters of one service that are called.
const MAX_CLUSTERS: usize = 5;

const CONFIRMED: &str = "confirmed";
const CONTRADICTED: &str = "contradicted";
const NOT_SEEN: &str = "not seen";

/// Items on the small page that is compared with the list.
pub(super) const SMALL: u32 = 2;

/// Whether the responses of the services confirm each inference. Without accounts, projects, clusters or users.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AssumptionReport {
    /// The name and version of this form.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    /// The version of this program.
    version: &'static str,
    /// The inferences, by service.
    assumptions: Vec<Assumption>,
}

/// An inference, and the evidence about it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Assumption {
    /// The name of the inference, such as `dws.offset_unit`; the part before the dot is the service.
    pub(super) name: &'static str,
    /// The inference.
    pub(super) statement: &'static str,
    /// Whether the responses agree.
    pub(super) result: Verification,
    /// The evidence.
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
    /// No response has evidence about it.
    NotSeen,
}

/// Tests every inference, and prints the results.
pub(super) async fn run(args: &DoctorArgs, output: &Output) -> Result<Exit, CliError> {
    let connection = Connection::open_one(&args.connection, output).await?;
    let time = clock::read(connection.clock.as_ref()).await?;
    let (responses, mut errors) = Responses::read(args, &connection).await;
    if responses.tasks.is_empty() && responses.records.is_empty() && responses.flags.is_empty() {
        return Err(errors.pop().map_or_else(nothing_to_check, CliError::from));
    }
    for error in errors {
        output.fail(&error.into());
    }
    let report = AssumptionReport {
        schema: SCHEMA,
        version: env!("CARGO_PKG_VERSION"),
        assumptions: evidence::assumptions(&responses, time.now()),
    };
    let fields = ["name", "result", "statement", "evidence"];
    let assumptions = &report.assumptions;
    output.print(&report, &fields, assumptions, || text(assumptions, output))?;
    Ok(Exit::Done)
}

fn text(assumptions: &[Assumption], output: &Output) -> String {
    let lines = assumptions.iter().map(|it| {
        let (style, word) = match it.result {
            Verification::Confirmed => (GOOD, CONFIRMED),
            Verification::Contradicted => (BAD, CONTRADICTED),
            Verification::NotSeen => (FAINT, NOT_SEEN),
        };
        Line {
            heading: None,
            style,
            word,
            name: it.name,
            message: it.statement,
            below: Some(&it.evidence),
        }
    });
    let lines: Vec<_> = lines.collect();
    let counts = [CONFIRMED, CONTRADICTED, NOT_SEEN].map(|word| {
        let count = lines.iter().filter(|line| line.word == word).count();
        format!("{count} {word}")
    });
    let safe = "no accounts, projects, clusters or users: safe to share".to_owned();
    render(&lines, &[&counts[..], &[safe]].concat(), output)
}

/// The responses of the services.
#[derive(Default)]
pub(super) struct Responses {
    /// The tasks of each workspace.
    pub(super) tasks: Vec<Pages>,
    /// The records of each DWS cluster.
    pub(super) records: Vec<Pages>,
    /// The flags of MRS clusters.
    pub(super) flags: Vec<Option<bool>>,
}

/// The first page of a list, and small ones to compare it with, if it is long enough.
pub(super) struct Pages {
    pub(super) first: Listed,
    /// Each with its requested offset; the limit is [`SMALL`].
    pub(super) small: Vec<(u32, Listed)>,
}

/// A page.
pub(super) struct Listed {
    /// The items, as JSON.
    pub(super) items: Vec<Value>,
    /// Number of items, including unreadable ones.
    pub(super) len: usize,
    /// The requested limit.
    pub(super) limit: u32,
    pub(super) total: Option<u64>,
    /// Number of times that cannot be read.
    pub(super) unreadable_times: usize,
}

impl Responses {
    /// Reads them; also gives the errors of calls that failed.
    async fn read(args: &DoctorArgs, connection: &Connection) -> (Self, Vec<Error>) {
        let client = &connection.client;
        let (mut responses, mut errors) = (Self::default(), Vec::new());
        for workspace in connection.workspaces(&args.workspace) {
            let tasks = client.dataarts(&workspace).tasks();
            let page = |limit, offset: u32| tasks.clone().limit(limit).offset(offset.into()).send();
            let pages = Pages::read(page, 100, &[SMALL, 1], &responses.tasks).await;
            responses
                .tasks
                .extend(pages.map_err(|error| errors.push(error)));
        }
        for cluster in responses.clusters(args, Service::Dws, &ClusterType::Dws) {
            let records = client.dws().sync_records(&cluster);
            let page =
                |limit, offset: u32| records.clone().limit(limit).offset(offset.into()).send();
            let pages = Pages::read(page, 1000, &[1], &responses.records).await;
            responses
                .records
                .extend(pages.map_err(|error| errors.push(error)));
        }
        for cluster in responses.clusters(args, Service::Mrs, &ClusterType::Mrs) {
            let flag = client.mrs().is_synchronizing(&cluster).await;
            responses
                .flags
                .extend(flag.map_err(|error| errors.push(error)));
        }
        (responses, errors)
    }

    /// The clusters of the flags, else some of those in tasks.
    fn clusters(&self, args: &DoctorArgs, service: Service, is: &ClusterType) -> Vec<ClusterId> {
        let given = args.cluster.iter().filter(|it| it.service() == service);
        let mut clusters: Vec<_> = given.map(|cluster| cluster.id().clone()).collect();
        if clusters.is_empty() {
            let tasks = self.tasks.iter().flat_map(|pages| &pages.first.items);
            let tasks = tasks.filter(|task| task["cluster_type"] == is.as_str());
            clusters.extend(tasks.filter_map(|task| task["cluster_id"].as_str()?.parse().ok()));
            clusters.sort_unstable();
            clusters.dedup();
            clusters.truncate(MAX_CLUSTERS);
        }
        clusters
    }
}

impl Pages {
    /// The first page of at most `limit` items; also small ones at `offsets`, unless a list of `others` has some.
    async fn read<T: Serialize>(
        page: impl AsyncFn(u32, u32) -> Result<Page<T>, Error>,
        limit: u32,
        offsets: &[u32],
        others: &[Self],
    ) -> Result<Self, Error> {
        let first = Listed::new(&page(limit, 0).await?, limit);
        let mut small = Vec::new();
        // On a shorter list, the units of `offset` do not differ.
        let is_long = first.items.len() > SMALL as usize;
        if is_long && others.iter().all(|pages| pages.small.is_empty()) {
            for offset in offsets {
                let page = page(SMALL, *offset).await?;
                small.push((*offset, Listed::new(&page, SMALL)));
            }
        }
        Ok(Self { first, small })
    }
}

impl Listed {
    fn new<T: Serialize>(page: &Page<T>, limit: u32) -> Self {
        let items = page.items().iter();
        let is_time = |error: &&Error| error.path().is_some_and(|path| path.ends_with("_time"));
        Self {
            items: items
                .filter_map(|item| serde_json::to_value(item).ok())
                .collect(),
            len: page.len(),
            limit,
            total: page.total(),
            unreadable_times: page.errors().filter(is_time).count(),
        }
    }
}
