//! The export of a day. Shards, refusals and the reading by another program are in tests/export.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use idsync::health::Verdict;
use jiff::{SignedDuration, Timestamp};
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::given::{Home, at, health, on_both_databases, start, sweep};
use crate::fleet::Fleet;
use crate::store::SweepRecord;
use crate::{HistoryRun, Shard, Store, export};

on_both_databases! {
    a_day_that_is_over_gives_the_same_bytes_whenever_it_is_exported
    a_run_is_in_the_day_in_which_it_was_first_seen_ended
    a_day_of_which_the_history_has_only_a_part_is_refused
}

/// Minutes from the start of the history to the end of the day on which it starts.
const FIRST_DAY: i64 = 18 * 60;
const DAY: i64 = 24 * 60;

/// Sweeps every hour from `from` to `until`, in minutes. Verdicts change every five hours.
fn sweeps(store: &Store, fleet: &mut Fleet, from: i64, until: i64) {
    for minute in (from..until).step_by(60) {
        let verdicts = [Verdict::Failing, Verdict::Healthy, Verdict::Running];
        let clusters = (0..9).map(|number: usize| {
            let phase = usize::try_from(minute / 300).unwrap() + number;
            let mut cluster = health(&format!("c{number}"), verdicts[phase % 3], at(minute));
            cluster.project_id = Some(format!("p{number}"));
            cluster
        });
        sweep(store, fleet, clusters.collect(), at(minute)).unwrap();
    }
}

fn export_at(store: &Store, folder: &Path, minute: i64) -> Result<(), String> {
    let day = "2026-11-23".parse().unwrap();
    let files = export(store.reader(), folder, day, Shard::default(), at(minute));
    files.map(drop).map_err(|error| error.to_string())
}

/// The bytes of every file, by its path.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

/// The rows of a table, as text.
fn rows(folder: &Path, table: &str) -> Vec<String> {
    let mut rows = Vec::new();
    for (name, bytes) in files(folder) {
        if name.starts_with(table) {
            let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
            let read = reader.get_row_iter(None).unwrap();
            rows.extend(read.map(|row| row.unwrap().to_string()));
        }
    }
    rows.sort();
    rows
}

fn a_day_that_is_over_gives_the_same_bytes_whenever_it_is_exported(home: &Home) {
    let (store, mut fleet) = (home.store(), Fleet::default());
    let folder = home.folder.path();
    let (lake, later) = (folder.join("lake"), folder.join("later"));
    let end = FIRST_DAY + DAY;
    sweeps(&store, &mut fleet, 0, end);
    for (minute, why) in [
        (end - 1, "it is not over before 2026-11-24T00:00:00Z"),
        (end + 5, "may still be in progress"),
    ] {
        let early = export_at(&store, &lake, minute).unwrap_err();
        assert!(early.contains(why), "{early}");
    }
    assert!(!lake.exists());
    sweeps(&store, &mut fleet, end, end + 60);
    export_at(&store, &lake, end + 5).unwrap();
    let before = files(&lake);
    let expected = ["runs", "spells", "sweeps"]
        .map(|table| format!("{table}/date=2026-11-23/part-0-of-1.parquet"));
    assert!(before.keys().eq(&expected), "{:?}", before.keys());
    sweeps(&store, &mut fleet, end + 60, end + DAY);
    export_at(&store, &later, end + DAY).unwrap();
    export_at(&store, &lake, end + DAY).unwrap();
    assert_eq!(files(&later), before);
    assert_eq!(files(&lake), before);
    // Each cluster has a spell for each five hours, and one that reaches into the day.
    assert_eq!(rows(&lake, "spells").len(), 9 * 6);
    assert_eq!(rows(&lake, "sweeps").len(), 24);
}

fn a_run_is_in_the_day_in_which_it_was_first_seen_ended(home: &Home) {
    let (store, mut fleet) = (home.store(), Fleet::default());
    sweeps(&store, &mut fleet, 0, 60);
    let cluster = fleet.present().next().unwrap().key.row();
    let run = |id: &str, status: &str, ended_at: Option<Timestamp>| {
        let run = HistoryRun {
            source: "ldap".to_owned(),
            started_at: start(),
            id: id.to_owned(),
            ended_at,
            status: Some(status.to_owned()),
            ..HistoryRun::default()
        };
        (cluster, run)
    };
    let on_day = at(FIRST_DAY) + SignedDuration::from_hours(1);
    for (time, runs) in [
        (
            start(),
            vec![
                run("before", "FAILED", Some(start())),
                run("late", "RUNNING", None),
                run("slow", "RUNNING", None),
            ],
        ),
        (
            on_day,
            vec![
                run("before", "FAILED", Some(start())),
                run("late", "FINISHED", None),
            ],
        ),
        (
            at(FIRST_DAY + DAY),
            vec![
                run("slow", "FAILED", Some(on_day)),
                run("late", "FINISHED", None),
            ],
        ),
    ] {
        let record = SweepRecord {
            started_at: time,
            counts: "{}".to_owned(),
            runs,
            ..SweepRecord::default()
        };
        store.write(&record).unwrap();
    }
    let lake = home.folder.path().join("lake");
    export_at(&store, &lake, FIRST_DAY + DAY).unwrap();
    let runs = rows(&lake, "runs");
    assert_eq!(runs.len(), 1, "{runs:?}");
    assert!(
        runs[0].contains("\"late\"") && runs[0].contains("\"FINISHED\""),
        "{runs:?}"
    );
}

fn a_day_of_which_the_history_has_only_a_part_is_refused(home: &Home) {
    let (store, mut fleet) = (home.store(), Fleet::default());
    let lake = home.folder.path().join("lake");
    let end = FIRST_DAY + DAY;
    let refused = |store: &Store, why: &str| {
        let error = export_at(store, &lake, end + DAY).unwrap_err();
        assert!(error.contains(why), "{error}");
    };
    refused(&store, "the history has no sweep");
    sweeps(&store, &mut fleet, FIRST_DAY + 600, end + 60);
    export_at(&store, &lake, end + DAY).unwrap();
    store.forget(at(FIRST_DAY + 900), at(0)).unwrap();
    refused(&store, "only reaches back to 2026-11-23T15:00:00Z");
    store.forget(at(end), at(0)).unwrap();
    refused(&store, "the history begins at 2026-11-24T00:00:00Z");
}
