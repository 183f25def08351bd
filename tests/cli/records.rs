//! `idsync records`.

use idsync_emulator::Operation;

use crate::idsync::Idsync;
use crate::services::Services;
use crate::shape::Object;

#[test]
fn without_a_cluster_the_demo_shows_its_first() {
    let run = Idsync::new("records --demo").run().exits(0);
    let header = run.stdout.lines().next().unwrap();
    for title in [
        "STATUS", "SOURCE", "STARTED", "TOOK", "ADDED", "UPDATED", "DELETED", "FAILED", "REASON",
    ] {
        assert!(header.contains(title), "{header}");
    }
    assert!(run.stdout.lines().count() > 5, "{}", run.stdout);
}

#[test]
fn json_is_an_array_with_the_names_of_the_service_and_times_that_people_can_read() {
    let services = Services::start();
    let run = services
        .idsync(&format!("records {} -o json", services.dws()))
        .run()
        .exits(0);
    let records = run.json();
    let first = run.stdout.lines().nth(1).unwrap().trim_end_matches(',');
    assert_eq!(
        Object::read(first).keys(),
        "id identity_source_id identity_source_type start_time end_time add_count update_count delete_count failed_count \
         status fail_reason"
    );
    let started = records[0]["start_time"].as_str().unwrap();
    assert!(
        started.parse::<jiff::Timestamp>().is_ok() && started.ends_with('Z'),
        "{started}"
    );
}

#[test]
fn every_page_is_read() {
    let services = Services::with(|emulator| emulator.records(2_500));
    let run = services
        .idsync(&format!("records dws:{} -o ndjson", services.dws()))
        .run()
        .exits(0);
    assert_eq!(run.stdout.lines().count(), 2_500);
    assert_eq!(services.request_counts().operations[&Operation::Records], 3);
}

#[test]
fn a_cluster_of_the_other_service_is_sent_to_the_right_command() {
    let run = Idsync::new("records mrs:c1 --demo").run().exits(2);
    assert!(run.stderr.contains("idsync syncing"), "{}", run.stderr);
}

#[test]
fn an_unknown_cluster_of_the_demo_is_answered_with_the_known_ones() {
    let run = Idsync::new("records nosuch --demo").run().exits(1);
    assert!(
        run.stderr.contains("the DWS clusters of the demo are "),
        "{}",
        run.stderr
    );
}

#[test]
fn a_cluster_without_records_is_told_from_one_that_cannot_be_asked() {
    let services = Services::start();
    services.answer(Operation::Records, r#"{"count":0,"sync_records":[]}"#);
    let run = services
        .idsync(&format!("records {}", services.dws()))
        .run()
        .exits(0);
    assert!(
        run.stdout.is_empty() && run.stderr.contains("nothing found"),
        "{}",
        run.stderr
    );
}
