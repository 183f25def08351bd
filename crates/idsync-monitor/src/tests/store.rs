//! The history on disk.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

use idsync::health::Verdict;
use jiff::SignedDuration;

use super::given::{at, file, health, start, store, sweep};
use crate::fleet::Fleet;
use crate::store::{OutboxEntry, Run, SweepRecord};
use crate::{Reader, Store};

/// The environment variable by which a test runs itself as the process that is killed.
const VICTIM: &str = "IDSYNC_TEST_VICTIM";

fn clusters(minute: i64) -> Vec<idsync::health::ClusterHealth> {
    let verdict = if minute % 2 == 0 {
        Verdict::Failing
    } else {
        Verdict::Healthy
    };
    (0..50)
        .map(|number| health(&format!("c{number}"), verdict, at(minute)))
        .collect()
}

fn record(fleet: &Fleet, minute: i64) -> SweepRecord {
    let message = OutboxEntry {
        id: format!("msg_{minute}"),
        receiver: "ops".to_owned(),
        body: "{}".to_owned(),
        tries: 0,
        next_try_at: start(),
    };
    SweepRecord {
        started_at: at(minute),
        ended_at: at(minute),
        is_complete: true,
        changes: fleet.advance(clusters(minute), HashMap::new(), &[], at(minute)),
        messages: vec![message],
        ..SweepRecord::default()
    }
}

/// Not a test of its own: writes sweeps until it is killed.
#[test]
fn victim() {
    let Ok(folder) = std::env::var(VICTIM) else {
        return;
    };
    let store = store(Path::new(&folder));
    let mut fleet = store.reader().fleet().unwrap();
    let (last, _) = store.reader().last_sweeps().unwrap();
    let last = last.map_or(-1, |last| last.duration_since(start()).as_mins());
    for minute in last + 1.. {
        let record = record(&fleet, minute);
        store.write(&record).unwrap();
        fleet.apply(&record.changes);
    }
}

#[test]
fn a_process_that_is_killed_while_it_writes_leaves_only_whole_sweeps() {
    let folder = tempfile::tempdir().unwrap();
    let mut sweeps = 0;
    for kill in 0..8 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["tests::store::victim", "--exact"])
            .env(VICTIM, folder.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        // The kill falls anywhere: it waits for progress, not for a time.
        loop {
            let reader = Reader::open(&file(folder.path()));
            let count = reader.map_or(0, |reader| reader.outbox().unwrap_or_default().len());
            if count > sweeps + 3 + kill {
                break;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let store = store(folder.path());
        let reader = store.reader();
        let messages = reader.outbox().unwrap();
        let (last, _) = reader.last_sweeps().unwrap();
        let minute = last.unwrap().duration_since(start()).as_mins();
        assert_eq!(messages.len(), usize::try_from(minute).unwrap() + 1);
        sweeps = messages.len();
        for known in reader.fleet().unwrap().present() {
            let history = reader.history(&known.key, start()).unwrap().unwrap();
            assert_eq!(history.spells.len(), sweeps);
            assert_eq!(
                history
                    .spells
                    .iter()
                    .filter(|spell| spell.ended_at.is_none())
                    .count(),
                1
            );
            assert_eq!(known.since, at(minute));
        }
    }
}

#[test]
fn a_history_is_written_by_one_process_and_read_by_many() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path());
    let first = Store::open(&path).unwrap();
    let error = Store::open(&path).unwrap_err().to_string();
    assert!(error.contains("another process writes"), "{error}");
    assert!(Reader::open(&path).is_ok());
    drop(first);
    assert!(Store::open(&path).is_ok());
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_a_history() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let cluster = vec![health("c", Verdict::Healthy, start())];
    sweep(&store, &mut Fleet::default(), cluster, start()).unwrap();
    for name in ["history.db", "history.db-wal"] {
        let mode = folder
            .path()
            .join(name)
            .metadata()
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "{name}");
    }
}

#[test]
fn a_history_of_a_newer_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path());
    drop(Store::open(&path).unwrap());
    let connection = rusqlite::Connection::open(folder.path().join("history.db")).unwrap();
    connection.pragma_update(None, "user_version", 9).unwrap();
    drop(connection);
    for error in [Store::open(&path).map(drop), Reader::open(&path).map(drop)] {
        let error = error.unwrap_err().to_string();
        assert!(
            error.contains("has schema 9") && error.contains("newer idsync"),
            "{error}"
        );
    }
}

#[test]
fn a_run_is_stored_once_and_its_end_is_added() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut fleet = Fleet::default();
    sweep(
        &store,
        &mut fleet,
        vec![health("c", Verdict::Healthy, start())],
        start(),
    )
    .unwrap();
    let row = fleet.present().next().unwrap().key.row();
    let running = Run {
        cluster: row,
        source: "ldap".to_owned(),
        started_at: at(1),
        id: "r1".to_owned(),
        status: Some("RUNNING".to_owned()),
        ..Run::default()
    };
    let ended = Run {
        ended_at: Some(at(2)),
        status: Some("FINISHED".to_owned()),
        counts: [Some(1), Some(2), Some(3), Some(0)],
        ..running.clone()
    };
    for (minute, run) in [(1, &running), (2, &ended), (3, &ended)] {
        let record = SweepRecord {
            started_at: at(minute),
            runs: vec![run.clone()],
            ..SweepRecord::default()
        };
        store.write(&record).unwrap();
    }
    let history = store
        .reader()
        .histories("c-dws", start())
        .unwrap()
        .remove(0);
    assert_eq!(history.runs.len(), 1);
    let run = &history.runs[0];
    assert_eq!(
        (run.ended_at, run.delete_count, run.succeeded),
        (Some(at(2)), Some(3), Some(true))
    );
    assert_eq!((history.ended_runs, history.success_rate), (1, Some(1.0)));
    assert_eq!(store.reader().newest_runs().unwrap()[&row], at(1));
}

#[test]
fn what_is_old_is_forgotten_and_what_goes_on_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut fleet = Fleet::default();
    for (minute, verdict) in [
        (0, Verdict::Failing),
        (10, Verdict::Healthy),
        (20, Verdict::Stuck),
    ] {
        let clusters = vec![
            health("c", verdict, at(minute)),
            health("gone", verdict, at(minute)),
        ];
        sweep(&store, &mut fleet, clusters, at(minute)).unwrap();
    }
    sweep(
        &store,
        &mut fleet,
        vec![health("c", Verdict::Stuck, at(20))],
        at(30),
    )
    .unwrap();
    let oldest = at(15) + SignedDuration::from_mins(20);
    let deleted = store.forget(oldest, oldest).unwrap();
    assert!(deleted >= 5, "{deleted}");
    let history = store.reader().histories("c", start()).unwrap().remove(0);
    let verdicts: Vec<_> = history.spells.iter().map(|spell| spell.verdict).collect();
    assert_eq!(verdicts, [Verdict::Stuck]);
    assert!(
        store
            .reader()
            .histories("gone", start())
            .unwrap()
            .is_empty()
    );
}

#[test]
fn the_past_can_be_asked_for_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut fleet = Fleet::default();
    for (minute, verdict) in [(0, Verdict::Failing), (10, Verdict::Healthy)] {
        sweep(
            &store,
            &mut fleet,
            vec![health("c", verdict, at(minute))],
            at(minute),
        )
        .unwrap();
    }
    let verdict = |minute| {
        store
            .reader()
            .clusters_at(at(minute))
            .map(|clusters| clusters[0].verdict)
    };
    assert_eq!(verdict(9).unwrap(), Verdict::Failing);
    assert_eq!(verdict(10).unwrap(), Verdict::Healthy);
    assert!(
        verdict(-1)
            .unwrap_err()
            .to_string()
            .contains("does not reach back")
    );
}
