//! Readers that go away.

use std::io::{BufRead, BufReader};

use crate::idsync::{Idsync, Run};
use crate::services::Services;

/// Runs the command, reads one line of what is more than a pipe holds, and goes away.
fn leave_early(services: &Services, arguments: &str) {
    let mut child = services.idsync(arguments).spawn();
    let mut first = String::new();
    BufReader::with_capacity(64, child.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    assert!(!first.is_empty());
    let run = Run::of(child).exits(0);
    assert_eq!(run.stderr, "", "{arguments}");
}

#[test]
fn a_reader_who_has_seen_enough_of_a_list_ends_the_command_quietly() {
    let services = Services::with(|emulator| emulator.tasks(3_000));
    for form in ["json", "ndjson", "csv", "yaml", "csv --sort id", "table"] {
        leave_early(&services, &format!("tasks -o {form}"));
    }
}

#[test]
fn a_reader_who_has_seen_enough_of_a_report_ends_the_command_quietly() {
    let services = Services::with(|emulator| emulator.tasks(400));
    for form in ["json", "csv -q", "yaml"] {
        leave_early(&services, &format!("status -o {form}"));
    }
}

#[test]
fn a_reader_who_never_came_is_no_error_either() {
    for arguments in [
        "status --demo",
        "records --demo -o json",
        "syncing --demo",
        "syncing --demo -o csv",
        "tasks --demo -o yaml",
        "doctor --demo -o csv",
        "schema",
        "schema status",
        "--help",
        "",
    ] {
        let mut child = Idsync::new(arguments).spawn();
        drop(child.stdout.take());
        assert_eq!(Run::of(child).exits(0).stderr, "", "{arguments}");
    }
}
