//! What a health check has to say of a cluster.

use serde::{Deserialize, Serialize};

/// A verdict, by the names and in the order of the health report: the worst first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    Failing,
    Stuck,
    Overdue,
    Partial,
    Unknown,
    NeverRun,
    Running,
    Healthy,
}
