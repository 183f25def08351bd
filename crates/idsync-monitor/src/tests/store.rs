//! The history in both databases.

use idsync::health::Verdict;
use jiff::SignedDuration;

use super::given::{Home, at, health, on_both_databases, start, sweep, sweeps};
use crate::episodes::Episode;
use crate::fleet::Fleet;
use crate::messages::News;
use crate::store::{Lead, OutboxEntry, SweepRecord};
use crate::{HistoryRun, Reader, Shard, Store, StoreLocation};

on_both_databases! {
    a_history_is_written_by_one_process_and_read_by_many
    a_history_of_a_newer_version_is_refused
    a_run_is_stored_once_and_its_end_is_added
    what_is_old_is_forgotten_and_what_goes_on_is_kept
    the_past_can_be_asked_for_a_time
    a_fleet_is_read_back_as_it_was_stored
    a_sweep_is_stored_as_a_whole_or_not_at_all
    the_page_is_filtered_by_text_as_it_is_written
    an_id_can_have_any_length_and_character
    episodes_and_messages_are_read_back_as_they_were_stored
    the_last_complete_sweep_of_shards_is_that_of_the_slowest
}

/// The server of `PostgreSQL` notices a moment later that a writer has gone.
fn reopened(location: &StoreLocation) -> Store {
    let mut attempts =
        std::iter::repeat_with(|| Store::open_shard(location, Shard::default())).take(10_000);
    attempts.find_map(Result::ok).unwrap()
}

fn a_history_is_written_by_one_process_and_read_by_many(home: &Home) {
    let first = home.store();
    let second = Store::open_shard(&home.location, Shard::default());
    let error = second.unwrap_err().to_string();
    assert!(error.contains("another process writes"), "{error}");
    assert!(Reader::open(&home.location).is_ok());
    drop(first);
    drop(reopened(&home.location));
}

fn a_history_of_a_newer_version_is_refused(home: &Home) {
    drop(home.store());
    home.run(if home.is_file {
        "pragma user_version = 9"
    } else {
        "insert into idsync_schema values(9)"
    });
    let location = &home.location;
    for error in [
        Store::standby(location).map(drop),
        Reader::open(location).map(drop),
    ] {
        let error = error.unwrap_err().to_string();
        assert!(
            error.contains("has schema 9") && error.contains("newer idsync"),
            "{error}"
        );
    }
}

fn a_run_is_stored_once_and_its_end_is_added(home: &Home) {
    let store = home.store();
    let fleet = sweeps(&store, &[(0, &[("c", Verdict::Healthy)])]);
    let row = fleet.present().next().unwrap().key.row();
    let running = HistoryRun {
        source: "ldap".to_owned(),
        started_at: at(1),
        id: "r1".to_owned(),
        status: Some("RUNNING".to_owned()),
        ..HistoryRun::default()
    };
    let ended = HistoryRun {
        ended_at: Some(at(2)),
        status: Some("FINISHED".to_owned()),
        add_count: Some(1),
        update_count: Some(2),
        delete_count: Some(3),
        failed_count: Some(0),
        ..running.clone()
    };
    for (minute, run) in [(1, &running), (2, &ended), (3, &ended)] {
        let record = SweepRecord {
            started_at: at(minute),
            runs: vec![(row, run.clone())],
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

fn what_is_old_is_forgotten_and_what_goes_on_is_kept(home: &Home) {
    let store = home.store();
    let both = |verdict| [("c", verdict), ("gone", verdict)];
    sweeps(
        &store,
        &[
            (0, &both(Verdict::Failing)),
            (10, &both(Verdict::Healthy)),
            (20, &both(Verdict::Stuck)),
            (30, &[("c", Verdict::Stuck)]),
        ],
    );
    let oldest = at(15) + SignedDuration::from_mins(20);
    let deleted = store.forget(oldest, oldest).unwrap();
    assert!(deleted >= 5, "{deleted}");
    let reader = store.reader();
    let history = reader.histories("c", start()).unwrap().remove(0);
    let verdicts: Vec<_> = history.spells.iter().map(|spell| spell.verdict).collect();
    assert_eq!(verdicts, [Verdict::Stuck]);
    assert!(reader.histories("gone", start()).unwrap().is_empty());
}

fn the_past_can_be_asked_for_a_time(home: &Home) {
    let store = home.store();
    sweeps(
        &store,
        &[
            (0, &[("c", Verdict::Failing)]),
            (10, &[("c", Verdict::Healthy)]),
        ],
    );
    let verdict = |minute| {
        let clusters = store.reader().clusters_at(at(minute));
        clusters.map(|clusters| clusters[0].verdict)
    };
    assert_eq!(verdict(9).unwrap(), Verdict::Failing);
    assert_eq!(verdict(10).unwrap(), Verdict::Healthy);
    let error = verdict(-1).unwrap_err().to_string();
    assert!(error.contains("does not reach back"), "{error}");
}

fn a_fleet_is_read_back_as_it_was_stored(home: &Home) {
    let store = home.store();
    let mut fleet = Fleet::default();
    for minute in 0..6 {
        let verdict = |number: i64| match (number + minute) % 3 {
            0 => Verdict::Failing,
            1 => Verdict::Running,
            _ => Verdict::Healthy,
        };
        let clusters = (0..100).filter(|number| number % 7 != minute);
        let clusters =
            clusters.map(|number| health(&format!("c{number}"), verdict(number), at(minute)));
        sweep(&store, &mut fleet, clusters.collect(), at(minute)).unwrap();
    }
    let known: Vec<_> = fleet.present().map(|known| (**known).clone()).collect();
    let stored = store.reader().fleet().unwrap();
    let stored: Vec<_> = stored.present().map(|known| (**known).clone()).collect();
    assert_eq!(known, stored);
    for cluster in &known {
        let history = store.reader().history(&cluster.key, start()).unwrap();
        let spells = history.unwrap().spells;
        let ends = spells.iter().map(|spell| spell.ended_at);
        assert_eq!(ends.filter(Option::is_none).count(), 1);
        let last = spells.last().unwrap();
        assert_eq!(
            (last.began_at, last.verdict),
            (cluster.since, cluster.verdict())
        );
    }
    assert!(store.reader().bytes() > 0);
}

fn a_sweep_is_stored_as_a_whole_or_not_at_all(home: &Home) {
    let store = home.store();
    let mut fleet = Fleet::default();
    home.run("drop table outbox");
    let clusters = vec![health("c", Verdict::Failing, start())];
    let record = SweepRecord {
        changes: fleet.advance(clusters, std::collections::HashMap::new(), &[], start()),
        news: News {
            messages: vec![message("m", 0)],
            ..News::default()
        },
        ..SweepRecord::default()
    };
    assert!(store.write(&record).is_err());
    fleet.apply(&record.changes);
    let reader = store.reader();
    assert!(reader.fleet().unwrap().is_empty());
    assert_eq!(reader.last_sweeps().unwrap(), (None, None));
    assert_eq!(store.writer.lead().unwrap(), Lead::Kept);
}

fn the_page_is_filtered_by_text_as_it_is_written(home: &Home) {
    let store = home.store();
    let names = ["a_b", "axb", "a%b", "A!B"];
    let clusters = names.map(|name| (name, Verdict::Failing));
    sweeps(&store, &[(0, &clusters)]);
    let found = |search: &str| {
        let fleet = store.reader().fleet().unwrap();
        let found = fleet.select(false, "", search).into_iter();
        found
            .map(|one| one.key.cluster_id.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(found("a_b"), ["a_b"]);
    assert_eq!(found("A%B"), ["a%b"]);
    assert_eq!(found("a!"), ["A!B"]);
    assert_eq!(found("").len(), names.len());
    assert!(found("zzz").is_empty());
}

fn an_id_can_have_any_length_and_character(home: &Home) {
    let store = home.store();
    let mut fleet = Fleet::default();
    let mut random = fastrand::Rng::with_seed(1);
    let long: String = std::iter::repeat_with(|| random.alphanumeric())
        .take(100_000)
        .collect();
    let ids = ["nul\0", &long, "\u{1f980}\u{202e}'\"\\; --"];
    for minute in 0..2 {
        let clusters = ids.map(|id| health(id, Verdict::Failing, at(minute)));
        sweep(&store, &mut fleet, clusters.into(), at(minute)).unwrap();
        fleet = store.reader().fleet().unwrap();
        assert_eq!(fleet.present().count(), ids.len());
    }
    let record = serde_json::from_value(serde_json::json!({
        "id": long, "identity_source_id": long, "start_time": "2026-11-22T06:00:00Z", "fail_reason": "nul\0"
    }));
    let record = SweepRecord {
        runs: vec![(7, HistoryRun::of_record(&record.unwrap()).unwrap())],
        ..SweepRecord::default()
    };
    store.write(&record).unwrap();
    assert_eq!(store.reader().newest_runs().unwrap().len(), 0);
}

fn message(id: &str, minute: i64) -> OutboxEntry {
    OutboxEntry {
        id: id.to_owned(),
        receiver: "ops".to_owned(),
        body: format!("{{\"id\":\"{id}\"}}"),
        tries: 0,
        next_try_at: at(minute),
    }
}

fn episodes_and_messages_are_read_back_as_they_were_stored(home: &Home) {
    let store = home.store();
    let episode = Episode {
        cluster: 7,
        opened_at: at(1),
        fired_at: Some(at(2)),
        ..Episode::default()
    };
    let record = SweepRecord {
        news: News {
            episodes: vec![("ops".to_owned(), episode.clone())],
            messages: vec![message("second", 9), message("first", 8)],
        },
        ..SweepRecord::default()
    };
    store.write(&record).unwrap();
    // A sweep that is stored again, because nobody knows whether it was, changes nothing.
    store.write(&record).unwrap();
    let reader = store.reader();
    assert_eq!(reader.episodes("ops").unwrap(), [episode]);
    assert_eq!(reader.episodes("other").unwrap(), []);
    assert_eq!(
        reader.outbox().unwrap(),
        [message("first", 8), message("second", 9)]
    );
    store.postpone_message("first", 1, at(10)).unwrap();
    store.remove_message("second").unwrap();
    let postponed = OutboxEntry {
        tries: 1,
        next_try_at: at(10),
        ..message("first", 8)
    };
    assert_eq!(reader.outbox().unwrap(), [postponed]);
}

fn the_last_complete_sweep_of_shards_is_that_of_the_slowest(home: &Home) {
    let shard = |name: &str, minute, is_complete| {
        let store = Store::open_shard(&home.location, name.parse().unwrap()).unwrap();
        let record = SweepRecord {
            started_at: at(minute),
            ended_at: at(minute + 1),
            is_complete,
            problems: "[]".to_owned(),
            ..SweepRecord::default()
        };
        store.write(&record).unwrap();
        store
    };
    // A file has one writer.
    let first = shard("0/2", 0, true);
    let first = (!home.is_file).then_some(first);
    let reader = Reader::open(&home.location).unwrap();
    assert_eq!(reader.last_sweeps().unwrap(), (Some(at(1)), None));
    let second = shard("1/2", 5, true);
    assert_eq!(reader.last_sweeps().unwrap(), (Some(at(6)), Some(at(1))));
    if home.is_file {
        drop(second);
    } else {
        let error = Store::open_shard(&home.location, "1/2".parse().unwrap()).unwrap_err();
        assert!(
            error.to_string().contains("another process writes"),
            "{error}"
        );
    }
    drop(first);
    let fleet = Fleet::default();
    drop(shard("2/3", 9, false));
    assert_eq!(reader.last_sweeps().unwrap(), (Some(at(10)), None));
    let (ended, report) = reader.last_report(&fleet).unwrap().unwrap();
    assert_eq!((ended, report.verdict), (at(10), Verdict::Unknown));
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_a_file() {
    use std::os::unix::fs::PermissionsExt;

    let home = Home::sqlite();
    let store = home.store();
    sweeps(&store, &[(0, &[("c", Verdict::Healthy)])]);
    for name in ["history.db", "history.db-wal"] {
        let metadata = home.folder.path().join(name).metadata().unwrap();
        assert_eq!(metadata.permissions().mode() & 0o077, 0, "{name}");
    }
}

#[test]
#[ignore = "needs a server: tests/stores/run.sh"]
fn a_writer_that_lost_its_connection_writes_only_after_it_leads_again() {
    let home = Home::postgres();
    let (store, standby) = (home.store(), Store::standby(&home.location).unwrap());
    assert_eq!(store.writer.lead().unwrap(), Lead::Kept);
    assert_eq!(standby.writer.lead().unwrap(), Lead::Standby);
    let record = SweepRecord::default();
    assert!(standby.write(&record).is_err());
    home.run("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and pid <> pg_backend_pid()
        and database = (select oid from pg_database where datname = current_database())
        and (classid::bigint << 32) + objid::bigint = hashtextextended('idsync ' || current_schema() || ' ', 0)");
    assert!(store.write(&record).is_err());
    assert!(!store.writer.is_leading());
    assert_eq!(standby.writer.lead().unwrap(), Lead::Taken);
    assert_eq!(store.writer.lead().unwrap(), Lead::Standby);
    assert!(store.write(&record).is_err());
    standby.write(&record).unwrap();
    assert!(store.reader().last_sweeps().unwrap().0.is_some());
}

#[test]
#[ignore = "needs a server: tests/stores/run.sh"]
fn calls_work_inside_a_runtime_and_the_store_can_be_dropped_there() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let home = Home::postgres();
        let store = home.store();
        store.write(&SweepRecord::default()).unwrap();
        drop(store);
    });
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
                    let verdict = [Verdict::Failing, Verdict::Healthy][minute % 2];
                    let at = at(minute.try_into().unwrap());
                    let clusters =
                        (0..20).map(|one| health(&format!("{index}-{one}"), verdict, at));
                    sweep(&store, &mut fleet, clusters.collect(), at).unwrap();
                }
            });
        }
    });
    let reader = Reader::open(&home.location).unwrap();
    assert_eq!(reader.fleet().unwrap().present().count(), 160);
    assert_eq!(reader.last_sweeps().unwrap(), (Some(at(9)), Some(at(9))));
}
