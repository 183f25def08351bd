//! The result of a wait.

use std::io;
use std::time::Duration;

use idsync::health::{ClusterHealth, Problem};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::args::Format;
use crate::output::report::{in_zone, problem_lines, why};
use crate::output::style::{self, FAINT, look, paint, words};
use crate::output::text::{counted, plain};
use crate::output::time::Times;
use crate::output::{Output, time};

/// The name and version of the JSON form of a [`WaitResult`].
pub(super) const SCHEMA: &str = "idsync.wait/v1";

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    /// Every cluster is in the state.
    Reached,
    /// A cluster is failing.
    Failing,
    /// The timeout was reached first.
    TimedOut,
    /// A signal ended it first.
    Interrupted,
}

/// The result of a wait, with the result of the last check.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(crate) struct WaitResult {
    /// The name and version of this form.
    #[schemars(extend("const" = SCHEMA))]
    pub(super) schema: &'static str,
    /// The state: `idle` or `healthy`.
    pub(super) until: &'static str,
    /// How the wait ended.
    pub(super) outcome: Outcome,
    /// Number of checks that were done.
    pub(super) looks: u64,
    /// Duration in seconds.
    pub(super) elapsed_seconds: f64,
    /// When the last check was done; null if none was.
    pub(super) observed_at: Option<Timestamp>,
    /// The clusters, in the order of the command line.
    pub(super) clusters: Vec<WaitedCluster>,
    /// The read failures of the last check.
    pub(super) problems: Vec<Problem>,
}

/// A cluster of a wait.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(super) struct WaitedCluster {
    /// The cluster as it was given.
    pub(super) cluster: String,
    /// Whether it was in the state at the last check.
    pub(super) reached: bool,
    /// Its health at the last check; null if no check was done.
    pub(super) health: Option<ClusterHealth>,
}

impl WaitResult {
    pub(super) fn print(&self, output: &Output) -> io::Result<()> {
        let fields = [
            "cluster",
            "reached",
            "health.cluster_name",
            "health.verdict",
            "health.reasons.message",
        ];
        if output.format == Format::Ndjson {
            return output.lines([self]);
        }
        output.print(self, &fields, &self.clusters, || self.text(output))
    }

    /// One line for each cluster, then how the wait ended unless the output is quiet.
    fn text(&self, output: &Output) -> String {
        let clusters = self.clusters.iter();
        let times = output.times(self.observed_at.unwrap_or_else(Timestamp::now));
        let lines = clusters.map(|cluster| line(cluster, self.until, &times));
        let lines: String = lines.collect();
        if output.is_quiet {
            return lines;
        }
        let problems = problem_lines(&self.problems, output.width);
        format!("{lines}{}\n{problems}", paint(FAINT, &self.ending()))
    }

    fn ending(&self) -> String {
        let how = match self.outcome {
            Outcome::Reached => "reached",
            Outcome::Failing => "stopped, because a cluster is failing,",
            Outcome::TimedOut => "timed out",
            Outcome::Interrupted => "interrupted",
        };
        let checks = counted(self.looks, "check");
        let elapsed = Duration::try_from_secs_f64(self.elapsed_seconds).unwrap_or_default();
        format!("{how} after {checks} in {}", time::duration(elapsed))
    }
}

fn line(cluster: &WaitedCluster, until: &str, times: &Times) -> String {
    let id = &cluster.cluster;
    let Some(health) = &cluster.health else {
        return format!("{} {id} has not been checked\n", paint(style::WARNING, "?"));
    };
    let not = if cluster.reached { "" } else { "not " };
    let (symbol, style) = look(health.verdict);
    let symbol = paint(style, &symbol.to_string());
    let name = health.cluster_name.as_deref().map(plain);
    let name = name.map(|name| format!(" ({name})")).unwrap_or_default();
    let why = match in_zone(&plain(&why(health)), times) {
        why if why.is_empty() => why,
        why => format!(", {why}"),
    };
    format!(
        "{symbol} {id}{name} is {not}{until}: {}{why}\n",
        words(health.verdict)
    )
}
