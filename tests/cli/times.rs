//! Times: local or UTC in tables, always UTC in other formats.

use idsync_emulator::Operation;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::idsync::Idsync;
use crate::services::Services;

/// Eight hours ahead of UTC, in the notation that needs no database of zones.
const SHANGHAI: &str = "CST-8";

fn with_a_record() -> Services {
    let services = Services::start();
    services.answer(
        Operation::Records,
        r#"{"count":1,"sync_records":[{"id":"a","start_time":1763841600123}]}"#,
    );
    services
}

fn records(services: &Services, flags: &str) -> String {
    let command = format!("records {} --columns start_time {flags}", services.dws());
    services
        .idsync(&command)
        .env("TZ", SHANGHAI)
        .run()
        .exits(0)
        .stdout
}

#[test]
fn a_table_shows_absolute_times_in_local_time_or_in_utc() {
    let services = with_a_record();
    assert_eq!(
        records(&services, ""),
        "START_TIME\n2025-11-23 04:00:00 +08:00\n"
    );
    assert_eq!(
        records(&services, "--utc"),
        "START_TIME\n2025-11-22 20:00:00 UTC\n"
    );
}

#[test]
fn other_formats_are_in_utc_in_every_zone() {
    let services = with_a_record();
    for flags in ["-o csv", "-o csv --utc"] {
        assert_eq!(
            records(&services, flags),
            "start_time\r\n2025-11-22T20:00:00.123Z\r\n"
        );
    }
    for form in ["json", "yaml", "ndjson"] {
        let command = format!("records {} -o {form}", services.dws());
        let run = services.idsync(&command).env("TZ", SHANGHAI).run().exits(0);
        run.shows("\"2025-11-22T20:00:00.123Z\"");
    }
}

#[test]
fn a_start_without_a_zone_is_local_or_utc() {
    let services = with_a_record();
    let shown = |flags: &str| records(&services, flags).lines().count() - 1;
    assert_eq!(shown("-o csv --since 2025-11-23"), 1);
    assert_eq!(shown("-o csv --since 2025-11-23 --utc"), 0);
}

#[test]
fn an_unknown_time_zone_is_reported_before_anything_else() {
    for (arguments, code) in [("syncing --demo -q", 0), ("syncing --wrong", 2)] {
        let command = Idsync::new(arguments).env("TZ", "Asia/Shanghay");
        let run = command.run().exits(code);
        let first = run.stderr.lines().next().unwrap();
        assert!(
            first.contains("Asia/Shanghay") && first.contains("UTC"),
            "{first}"
        );
    }
}

#[test]
fn the_title_of_a_report_shows_local_time_or_utc() {
    let title = |flags: &str| {
        let run = Idsync::new(&format!("status --demo {flags}"))
            .env("TZ", SHANGHAI)
            .run()
            .exits(0);
        let title = run.stdout.lines().next().unwrap().to_owned();
        title.rsplit(" · ").next().unwrap().to_owned()
    };
    for (flags, offset, mark) in [("", 8, " +08:00"), ("--utc", 0, " UTC")] {
        let shown = title(flags);
        let time: Time = shown.strip_suffix(mark).unwrap().parse().unwrap();
        let now = Timestamp::now() + SignedDuration::from_hours(offset);
        // It may be midnight in between.
        let passed = TimeZone::UTC.to_datetime(now).time().duration_since(time);
        let is_now = [0, 24].map(|hours| passed + SignedDuration::from_hours(hours));
        let is_now = is_now
            .iter()
            .any(|passed| (0..=60).contains(&passed.as_secs()));
        assert!(is_now, "{shown}");
    }
}
