//! The export of a day.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use idsync::health::Verdict;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::given::{at, health, start, store, sweep};
use crate::fleet::Fleet;
use crate::store::{Run, SweepRecord};
use crate::{MonitorError, Shard, Store, export};

/// Minutes from the start of the history to the end of the day on which it starts.
const FIRST_DAY: i64 = 18 * 60;
const DAY: i64 = 24 * 60;

fn day() -> Date {
    "2026-11-23".parse().unwrap()
}

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

fn export_at(store: &Store, folder: &Path, shard: &str, minute: i64) -> Result<u64, MonitorError> {
    let shard: Shard = shard.parse().unwrap();
    let files = export(store.reader(), folder, day(), shard, at(minute))?;
    Ok(files.iter().map(|file| file.rows).sum())
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

#[test]
fn a_day_that_is_over_gives_the_same_bytes_whenever_it_is_exported() {
    let folder = tempfile::tempdir().unwrap();
    let (store, mut fleet) = (store(folder.path()), Fleet::default());
    let (lake, later) = (folder.path().join("lake"), folder.path().join("later"));
    let end = FIRST_DAY + DAY;
    sweeps(&store, &mut fleet, 0, end);
    let early = export_at(&store, &lake, "0/1", end - 1).unwrap_err();
    assert!(
        early
            .to_string()
            .contains("it is not over before 2026-11-24T00:00:00Z"),
        "{early}"
    );
    let early = export_at(&store, &lake, "0/1", end + 5).unwrap_err();
    assert!(
        early.to_string().contains("may still be in progress"),
        "{early}"
    );
    assert!(!lake.exists());
    sweeps(&store, &mut fleet, end, end + 60);
    export_at(&store, &lake, "0/1", end + 5).unwrap();
    let before = files(&lake);
    assert_eq!(
        before.keys().collect::<Vec<_>>(),
        ["runs", "spells", "sweeps"]
            .map(|table| format!("{table}/date=2026-11-23/part-0-of-1.parquet"))
            .iter()
            .collect::<Vec<_>>()
    );
    sweeps(&store, &mut fleet, end + 60, end + DAY);
    export_at(&store, &later, "0/1", end + DAY).unwrap();
    export_at(&store, &lake, "0/1", end + DAY).unwrap();
    assert_eq!(files(&later), before);
    assert_eq!(files(&lake), before);
    // Each cluster has a spell for each five hours, and one that reaches into the day.
    assert_eq!(rows(&lake, "spells").len(), 9 * 6);
    assert_eq!(rows(&lake, "sweeps").len(), 24);
}

#[test]
fn the_files_of_all_shards_have_the_rows_of_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let (store, mut fleet) = (store(folder.path()), Fleet::default());
    sweeps(&store, &mut fleet, 0, FIRST_DAY + DAY + 60);
    let (one, many) = (folder.path().join("one"), folder.path().join("many"));
    let end = FIRST_DAY + DAY + 10;
    let whole = export_at(&store, &one, "0/1", end).unwrap();
    let parts = (0..5).map(|index| export_at(&store, &many, &format!("{index}/5"), end).unwrap());
    assert_eq!(parts.sum::<u64>(), whole);
    for table in ["spells", "runs", "sweeps"] {
        assert_eq!(rows(&one, table), rows(&many, table));
    }
    let mixed = export_at(&store, &many, "0/1", end)
        .unwrap_err()
        .to_string();
    assert!(mixed.contains("of another number of shards"), "{mixed}");
}

#[test]
fn a_run_is_in_the_day_in_which_it_was_first_seen_ended() {
    let folder = tempfile::tempdir().unwrap();
    let (store, mut fleet) = (store(folder.path()), Fleet::default());
    sweeps(&store, &mut fleet, 0, 60);
    let cluster = fleet.present().next().unwrap().key.row();
    let run = |id: &str, status: &str, ended_at: Option<Timestamp>| Run {
        cluster,
        source: "ldap".to_owned(),
        started_at: start(),
        id: id.to_owned(),
        ended_at,
        status: Some(status.to_owned()),
        ..Run::default()
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
    let lake = folder.path().join("lake");
    export_at(&store, &lake, "0/1", FIRST_DAY + DAY).unwrap();
    let runs = rows(&lake, "runs");
    assert_eq!(runs.len(), 1, "{runs:?}");
    assert!(
        runs[0].contains("\"late\"") && runs[0].contains("\"FINISHED\""),
        "{runs:?}"
    );
}

#[test]
fn a_day_of_which_the_history_has_only_a_part_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (store, mut fleet) = (store(folder.path()), Fleet::default());
    let lake = folder.path().join("lake");
    let end = FIRST_DAY + DAY;
    let refused = |store: &Store, why: &str| {
        let error = export_at(store, &lake, "0/1", end + DAY)
            .unwrap_err()
            .to_string();
        assert!(error.contains(why), "{error}");
    };
    refused(&store, "the history has no sweep");
    sweeps(&store, &mut fleet, FIRST_DAY + 600, end + 60);
    export_at(&store, &lake, "0/1", end + DAY).unwrap();
    store.forget(at(FIRST_DAY + 900), at(0)).unwrap();
    refused(&store, "only reaches back to 2026-11-23T15:00:00Z");
    store.forget(at(end), at(0)).unwrap();
    refused(&store, "the history begins at 2026-11-24T00:00:00Z");
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (store, mut fleet) = (store(folder.path()), Fleet::default());
    sweeps(&store, &mut fleet, 0, FIRST_DAY + DAY + 60);
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let error = export_at(&store, &file, "0/1", FIRST_DAY + DAY + 10)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("file/spells/date=2026-11-23 cannot be written"),
        "{error}"
    );
}
