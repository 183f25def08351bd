//! Readers that go away.

use std::io::{BufRead, BufReader};

use crate::idsync::{Idsync, Run};
use crate::services::Services;

#[test]
fn a_reader_who_has_seen_enough_ends_the_command_quietly() {
    let services = Services::with(|emulator| emulator.tasks(3_000));
    for arguments in ["tasks -o ndjson", "tasks -o json", "status -o json"] {
        let mut child = services.idsync(arguments).spawn();
        let mut first = String::new();
        BufReader::with_capacity(64, child.stdout.take().unwrap())
            .read_line(&mut first)
            .unwrap();
        assert!(!first.is_empty());
        let run = Run::of(child).exits(0);
        assert_eq!(run.stderr, "", "{arguments}");
    }
}

#[test]
fn a_reader_who_never_came_is_no_error_either() {
    for arguments in [
        "status --demo",
        "records --demo -o json",
        "syncing --demo",
        "--help",
        "",
    ] {
        let mut child = Idsync::new(arguments).spawn();
        drop(child.stdout.take());
        assert_eq!(Run::of(child).exits(0).stderr, "", "{arguments}");
    }
}
