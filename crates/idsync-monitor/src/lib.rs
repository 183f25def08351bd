//! Watches identity synchronization all the time: what `idsync serve` runs.
//!
//! A [`Monitor`] makes sweeps with the checker of the facade. A [`Store`] keeps what they change in `SQLite` or `PostgreSQL`. From both
//! come the page, the metrics and the messages.

mod cluster_key;
mod episodes;
mod error;
mod export;
mod fleet;
mod messages;
mod metrics;
mod monitor;
mod notify;
mod reading;
mod run;
mod settings;
mod shard;
mod store;
mod sweep;
mod tls;
mod web;

#[cfg(test)]
mod tests;

pub use cluster_key::ClusterIdentity;
pub use error::MonitorError;
pub use export::{ExportedFile, export};
pub use messages::{AlertCluster, AlertMessage, AlertTotals};
pub use metrics::textfile;
pub use monitor::{Clock, Monitor};
pub use settings::{Budget, HistorySettings, PerCluster, ServeSettings, Settings};
pub use shard::Shard;
pub use store::{ClusterHistory, HistoryRun, HistorySpell, Reader, Store, StoreLocation};
pub use sweep::SweepOutcome;
pub use web::serve;
