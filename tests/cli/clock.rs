//! `IDSYNC_CLOCK`: judging by the clock of an emulator.

use std::time::Duration;

use idsync_emulator::Operation;

use crate::idsync::Idsync;
use crate::services::{Services, ended_before};

const CLOCK: &str = "IDSYNC_CLOCK";

/// Services whose clock stands still three hours ahead, with a run that starts now.
fn ahead() -> Services {
    let services = Services::with(idsync_emulator::EmulatorBuilder::stopped_clock);
    let now = jiff::Timestamp::now().as_millisecond();
    let running = format!(
        r#"{{"sync_records":[{{"id":"r1","status":"RUNNING","start_time":{now}}}],"count":1}}"#
    );
    services.answer(Operation::Records, &running);
    services.advance(Duration::from_secs(3 * 60 * 60));
    services
}

fn clock_of(services: &Services) -> String {
    format!("{}/_emulator/clock", services.url())
}

/// A report on the first DWS cluster alone.
fn status(services: &Services) -> Idsync {
    let arguments = format!("status -o json --cluster dws:{}", services.dws());
    services.idsync(&arguments).env("IDSYNC_WORKSPACE", "")
}

#[test]
fn a_run_is_stuck_by_the_clock_of_the_services() {
    let services = ahead();
    let by_this_machine = status(&services).run().exits(0).json();
    assert_eq!(by_this_machine["verdict"], "running");
    let run = status(&services).env(CLOCK, &clock_of(&services)).run();
    let report = run.exits(0).json();
    assert_eq!(report["verdict"], "stuck");
    let observed_at: jiff::Timestamp = report["observed_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(observed_at.as_second(), services.now().as_second());
}

#[test]
fn a_wait_and_a_watch_use_it_too() {
    let services = ahead();
    // A success in the future of this machine, which is unknown by its clock.
    let success = ended_before(services.now(), "FINISHED");
    services.clear_faults();
    services.answer(Operation::Records, &success);
    let flags = format!("dws:{} --until healthy", services.dws());
    let run = services
        .idsync(&format!("wait -o json {flags}"))
        .env("IDSYNC_WORKSPACE", "")
        .env(CLOCK, &clock_of(&services))
        .run();
    let waited = run.exits(0).json();
    assert_eq!(waited["clusters"][0]["health"]["verdict"], "healthy");
    let flags = format!("--count 1 --cluster dws:{}", services.dws());
    let run = services
        .idsync(&format!("watch {flags}"))
        .env("IDSYNC_WORKSPACE", "")
        .env(CLOCK, &clock_of(&services))
        .run();
    let lines = run.exits(0).lines();
    assert!(
        lines.iter().all(|line| line["to"] == "healthy"),
        "{lines:?}"
    );
}

#[test]
fn an_unreadable_clock_is_an_error_that_names_the_variable() {
    let services = Services::start();
    let run = status(&services).env(CLOCK, "noon").run().exits(2);
    assert_eq!(run.error()["kind"], "configuration");
    run.says(CLOCK);
    for clock in [
        "http://127.0.0.1:1/clock".to_owned(),
        format!("{}/_emulator/health", services.url()),
    ] {
        let run = status(&services).env(CLOCK, &clock).run().exits(1);
        run.says("cannot be read");
    }
}
