//! A writer that is killed at any time. Killed monitors, alerts and takeover are in tests/stores.

use std::process::{Child, Command, Stdio};

use idsync::health::Verdict;

use super::given::{Home, at, health, start, sweep};
use super::store::reopened;
use crate::fleet::Fleet;
use crate::store::{OutboxEntry, SweepRecord};
use crate::{Reader, Store, StoreLocation};

/// How often it is killed.
const KILLS: usize = 50;

const CLUSTERS: usize = 50;

/// The environment variable with the history that a test writes as the process that is killed.
const VICTIM: &str = "IDSYNC_TEST_VICTIM";

/// The sweep of a minute: every cluster changes, and there is one message.
fn record(fleet: &Fleet, minute: i64) -> SweepRecord {
    let verdict = if minute % 2 == 0 {
        Verdict::Failing
    } else {
        Verdict::Healthy
    };
    let clusters = (0..CLUSTERS).map(|number| health(&format!("c{number}"), verdict, at(minute)));
    let clusters = clusters.collect();
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
        changes: fleet.advance(clusters, std::collections::HashMap::new(), &[], at(minute)),
        messages: vec![message],
        ..SweepRecord::default()
    }
}

/// The number of sweeps that are stored, as the last one tells it.
fn sweeps(reader: &Reader) -> usize {
    let (last, _) = reader.last_sweeps().unwrap();
    let minutes = last.map_or(-1, |last| last.duration_since(start()).as_mins());
    usize::try_from(minutes + 1).unwrap()
}

/// Not a test of its own: writes sweeps until it is killed.
#[test]
#[ignore = "runs as a part of another test"]
fn victim() {
    let Ok(text) = std::env::var(VICTIM) else {
        return;
    };
    let store = reopened(&StoreLocation::parse(text).unwrap());
    let mut fleet = store.reader().fleet().unwrap();
    for minute in i64::try_from(sweeps(store.reader())).unwrap().. {
        let record = record(&fleet, minute);
        store.write(&record).unwrap();
        fleet.apply(&record.changes);
    }
}

fn start_victim(home: &Home) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["tests::kill::victim", "--exact", "--ignored"])
        .env(VICTIM, &home.text)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

fn only_whole_sweeps_are_left(home: &Home) {
    drop(Store::open(&home.location).unwrap());
    let reader = Reader::open(&home.location).unwrap();
    let mut stored = 0;
    for _ in 0..KILLS {
        let mut child = start_victim(home);
        // The kill falls anywhere: it waits for progress, not for a time.
        while sweeps(&reader) < stored + 2 {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        drop(reopened(&home.location));
        stored = sweeps(&reader);
        assert_eq!(reader.outbox().unwrap().len(), stored);
    }
    let fleet = reader.fleet().unwrap();
    assert_eq!(fleet.present().count(), CLUSTERS);
    for known in fleet.present() {
        let history = reader.history(&known.key, start()).unwrap().unwrap();
        assert_eq!(history.spells.len(), stored);
        let ends = history.spells.iter().map(|spell| spell.ended_at);
        let begins = history
            .spells
            .iter()
            .skip(1)
            .map(|spell| Some(spell.began_at));
        assert!(ends.eq(begins.chain([None])));
        assert_eq!(
            Some(known.since),
            history.spells.last().map(|spell| spell.began_at)
        );
    }
}

#[test]
#[ignore = "takes seconds: tests/stores/run.sh"]
fn a_killed_process_leaves_only_whole_sweeps_in_a_file() {
    only_whole_sweeps_are_left(&Home::sqlite());
}

#[test]
#[ignore = "needs a server: tests/stores/run.sh"]
fn a_killed_process_leaves_only_whole_sweeps_in_a_database() {
    only_whole_sweeps_are_left(&Home::postgres());
}

#[test]
#[ignore = "needs a server: tests/stores/run.sh"]
fn shards_are_written_at_the_same_time() {
    let home = Home::postgres();
    drop(home.store());
    std::thread::scope(|scope| {
        for index in 0..8 {
            let location = &home.location;
            scope.spawn(move || {
                let shard = format!("{index}/8");
                let store = Store::open_shard(location, shard.parse().unwrap()).unwrap();
                let mut fleet = Fleet::default();
                for minute in 0..10 {
                    let verdict =
                        [Verdict::Failing, Verdict::Healthy][usize::from(minute % 2 == 0)];
                    let clusters = (0..20)
                        .map(|number| health(&format!("{index}-{number}"), verdict, at(minute)));
                    sweep(&store, &mut fleet, clusters.collect(), at(minute)).unwrap();
                }
            });
        }
    });
    let reader = Reader::open(&home.location).unwrap();
    assert_eq!(reader.fleet().unwrap().present().count(), 160);
    assert_eq!(reader.last_sweeps().unwrap(), (Some(at(9)), Some(at(9))));
}
