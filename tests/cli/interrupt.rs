//! Ctrl-C, while a command works.

#![cfg(unix)]

use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use idsync_emulator::{FaultKind, Operation};

use crate::idsync::{Idsync, Run, first_line};
use crate::services::Services;

/// Longer than any test may take.
const NEVER: Duration = Duration::from_secs(600);

/// Services of which DWS never responds.
pub(crate) fn stalled() -> Services {
    let services = Services::start();
    services.fail(Operation::Records, FaultKind::delay(NEVER));
    services
}

/// Waits until `child` has called DWS.
fn until_dws_is_asked(services: &Services) {
    let began = Instant::now();
    while !services
        .request_counts()
        .operations
        .contains_key(&Operation::Records)
    {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "DWS was never asked"
        );
        thread::yield_now();
    }
}

/// Sends `child` the signal that `kill` knows by this name.
pub(crate) fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .arg(name)
        .arg(child.id().to_string())
        .status();
    assert!(sent.unwrap().success());
}

/// A run of the command that is interrupted while it calls DWS.
fn interrupted(services: &Services, command: Idsync, name: &str) -> Run {
    let child = command.spawn();
    until_dws_is_asked(services);
    signal(&child, name);
    Run::of(child)
}

#[test]
fn an_interrupted_status_prints_what_is_known_and_says_that_it_is_partial() {
    for name in ["-INT", "-TERM"] {
        let services = stalled();
        let run = interrupted(&services, services.idsync("status -o json"), name).exits(1);
        let report = run.json();
        assert_eq!(report["complete"], false);
        assert_ne!(report["verdict"], "healthy");
        let clusters = report["clusters"].as_array().unwrap();
        assert!(
            clusters
                .iter()
                .any(|cluster| cluster["verdict"] != "unknown"),
            "{report}"
        );
        assert!(clusters.iter().all(|cluster| {
            cluster["cluster_type"] != "DWS" || cluster["verdict"] != "healthy"
        }));
        let error = run.error();
        assert_eq!(error["kind"], "cancelled");
        assert!(
            error["message"].as_str().unwrap().contains("partial"),
            "{error}"
        );
    }
}

#[test]
fn an_interrupted_status_does_not_match_a_verdict() {
    let services = stalled();
    let command = services.idsync("status --fail-on failing,unknown");
    let run = interrupted(&services, command, "-INT").exits(1);
    run.says("the report is partial");
    run.shows("VERDICT");
}

#[test]
fn an_interrupted_wait_prints_the_last_result() {
    let services = stalled();
    let command = services.idsync(&format!("wait dws:{} --until idle -o json", services.dws()));
    let run = interrupted(&services, command, "-INT").exits(1);
    assert_eq!(run.json()["outcome"], "interrupted");
}

#[test]
fn an_interrupt_ends_a_watch_with_0() {
    for name in ["-INT", "-TERM"] {
        let services = Services::start();
        let mut child = services.idsync("watch --interval 1h").spawn();
        let line = first_line(&mut child);
        assert!(line.contains("idsync.watch/v1"), "{line}");
        signal(&child, name);
        Run::of(child).exits(0);
    }
}
