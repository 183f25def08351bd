//! Pipes whose reader closes them.

use crate::idsync::{Idsync, Run, first_line};
use crate::services::Services;

/// Runs the command, reads one line of an output that is larger than the buffer of a pipe, and closes the pipe.
fn close_early(services: &Services, arguments: &str) {
    let mut child = services.idsync(arguments).spawn();
    assert!(!first_line(&mut child).is_empty());
    drop(child.stdout.take());
    let run = Run::of(child).exits(0);
    assert_eq!(run.stderr, "", "{arguments}");
}

#[test]
fn a_pipe_that_is_closed_during_a_list_is_no_error() {
    let services = Services::with(|emulator| emulator.tasks(3_000));
    for form in ["json", "ndjson", "csv", "yaml", "csv --sort id", "table"] {
        close_early(&services, &format!("tasks -o {form}"));
    }
}

#[test]
fn a_pipe_that_is_closed_during_a_report_is_no_error() {
    let services = Services::with(|emulator| emulator.tasks(400));
    for form in ["json", "csv -q", "yaml"] {
        close_early(&services, &format!("status -o {form}"));
    }
}

#[test]
fn a_pipe_that_is_closed_from_the_start_is_no_error() {
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
