//! What the tests are given: clusters, reports and histories.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use idsync::health::{ClusterHealth, Verdict};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tempfile::TempDir;

use crate::cluster_key::ClusterKey;
use crate::fleet::Fleet;
use crate::store::SweepRecord;
use crate::{MonitorError, Shard, Store, StoreLocation};

pub(super) fn start() -> Timestamp {
    "2026-11-22T06:00:00Z".parse().unwrap()
}

/// So many minutes after the start.
pub(super) fn at(minutes: i64) -> Timestamp {
    start() + SignedDuration::from_mins(minutes)
}

/// A reason code that stands for `verdict`.
fn code(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Failing => "task_failed",
        Verdict::Stuck => "task_overrun",
        Verdict::Overdue => "schedule_missed",
        Verdict::Partial => "records_failed",
        Verdict::Unknown => "source_unavailable",
        Verdict::NeverRun => "task_never_ran",
        Verdict::Running => "task_running",
        _ => "task_succeeded",
    }
}

pub(super) fn health(id: &str, verdict: Verdict, seen: Timestamp) -> ClusterHealth {
    let health = json!({
        "project_id": "p", "cluster_id": id, "cluster_name": format!("{id}-dws"), "cluster_type": "DWS",
        "verdict": verdict, "notes": [], "diagnosis": null, "last_attempt_at": null, "last_success_at": null,
        "last_change_at": null, "next_due_at": null, "consecutive_failures": null, "tasks": [id],
        "reasons": [{
            "code": code(verdict), "verdict": verdict, "source": "dataarts", "message": format!("it is {verdict}"),
            "observed_at": seen, "raw_status": null
        }],
    });
    serde_json::from_value(health).unwrap()
}

pub(super) fn store(folder: &Path) -> Store {
    let location = StoreLocation::from(folder.join("history.db"));
    Store::open_shard(&location, Shard::default()).unwrap()
}

/// A place for one history, in one of the two databases.
pub(super) struct Home {
    pub(super) location: StoreLocation,
    pub(super) folder: TempDir,
    /// Whether it is a file of `SQLite`.
    pub(super) is_file: bool,
}

impl Home {
    pub(super) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            location: folder.path().join("history.db").into(),
            folder,
            is_file: true,
        }
    }

    /// A new schema in the database that `IDSYNC_TEST_POSTGRES` names, by a URL with parameters.
    pub(super) fn postgres() -> Self {
        let server = std::env::var("IDSYNC_TEST_POSTGRES").expect("the URL of a database");
        let schema = format!("test_{}", fastrand::u64(..));
        let url = format!("{server}&options=-csearch_path%3D{schema}");
        let home = Self {
            location: StoreLocation::parse(url).unwrap(),
            folder: tempfile::tempdir().unwrap(),
            is_file: false,
        };
        home.run(&format!("create schema {schema}"));
        home
    }

    pub(super) fn store(&self) -> Store {
        Store::open_shard(&self.location, Shard::default()).unwrap()
    }

    /// Runs SQL beside the store.
    pub(super) fn run(&self, sql: &str) {
        if self.is_file {
            let connection = rusqlite::Connection::open(self.folder.path().join("history.db"));
            connection.unwrap().execute_batch(sql).unwrap();
        } else {
            crate::store::postgres_batch(&self.location, sql).unwrap();
        }
    }
}

/// Makes two tests of each function: one for each database.
macro_rules! on_both_databases {
    ($($name:ident)*) => {
        mod sqlite {
            $(#[test] fn $name() { super::$name(&super::Home::sqlite()); })*
        }
        mod postgres {
            $(
                #[test]
                #[ignore = "needs a server: tests/stores/run.sh"]
                fn $name() { super::$name(&super::Home::postgres()); }
            )*
        }
    };
}
pub(super) use on_both_databases;

/// Sweeps that see clusters of these verdicts, each with the minute at which it is made.
pub(super) fn sweeps(store: &Store, seen: &[(i64, &[(&str, Verdict)])]) -> Fleet {
    let mut fleet = Fleet::default();
    for (minute, clusters) in seen {
        let clusters = clusters.iter();
        let clusters = clusters.map(|(id, verdict)| health(id, *verdict, at(*minute)));
        sweep(store, &mut fleet, clusters.collect(), at(*minute)).unwrap();
    }
    fleet
}

/// One sweep that sees `clusters`: what it changes is stored and taken over.
pub(super) fn sweep(
    store: &Store,
    fleet: &mut Fleet,
    clusters: Vec<ClusterHealth>,
    at: Timestamp,
) -> Result<(), MonitorError> {
    let keys: Vec<_> = clusters.iter().map(ClusterKey::of).collect();
    let gone = fleet.present().filter(|known| !keys.contains(&known.key));
    let gone: Vec<_> = gone.map(Arc::clone).collect();
    let changes = fleet.advance(clusters, HashMap::new(), &gone, at);
    let record = SweepRecord {
        started_at: at,
        ended_at: at,
        is_complete: true,
        counts: "{}".to_owned(),
        problems: "[]".to_owned(),
        changes,
        ..SweepRecord::default()
    };
    store.write(&record)?;
    fleet.apply(&record.changes);
    Ok(())
}
