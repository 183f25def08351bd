//! What the records of DWS say.

use super::given::{
    DAY, ago, codes, error, history, judged, judged_by, judged_records, notes, now, of_source,
    record,
};
use crate::dws::Record;
use crate::health::{ClusterHealth, ClusterObservation, Reading, RecordHistory, Rules, Verdict};
use crate::{Error, ErrorKind};

fn changed(status: &str, minutes_ago: i64, change: impl FnOnce(&mut Record)) -> Record {
    let mut record = record(status, minutes_ago);
    change(&mut record);
    record
}

fn failed(minutes_ago: i64) -> Record {
    changed("FAILED", minutes_ago, |record| {
        record.fail_reason = Some("LDAP: error code 49 - invalid credentials".into());
    })
}

fn dws() -> ClusterObservation {
    ClusterObservation::new("c1").with_type("DWS".into())
}

/// Records of one source: status, how many minutes ago the run started, and what else differs from a run that ended well;
/// then the reasons, worst first.
const CASES: [&str; 27] = [
    "FINISHED 60: identity_source_succeeded",
    "FAILED 60, FINISHED 70: identity_source_failed",
    "FAILED 70, FINISHED 60: identity_source_succeeded",
    "RUNNING 35: identity_source_running",
    "RUNNING 36: identity_source_overrun",
    "RUNNING 5, FAILED 60: identity_source_failed identity_source_running",
    "RUNNING 5, FINISHED 60: identity_source_running",
    "FINISHED 60 failed=3: records_failed",
    "FINISHED 60 cause=bind_failed: identity_source_failed",
    "FINISHED 60 cause=_Success._: identity_source_succeeded",
    "FINISHED 60 cause=_: identity_source_succeeded",
    "FINISHED 12960: success_too_old",
    "FINISHED 12960 failed=3: success_too_old records_failed",
    "RUNNING 1, FINISHED 12960: success_too_old identity_source_running",
    "FINISHED 60 failed=: record_status_unknown",
    "FINISHED 60 failed= cause=bind_failed: identity_source_failed record_status_unknown",
    "PARTIAL 60, FINISHED 70: record_status_unknown",
    "PARTIAL 60, FAILED 70: identity_source_failed record_status_unknown",
    "RUNNING 5, PARTIAL 60, FINISHED 70: record_status_unknown identity_source_running",
    "FINISHED 60 status=: record_status_unknown",
    "FINISHED 60 end=: record_status_unknown",
    "FINISHED 60 start=: record_status_unknown",
    "FAILED 60 start=, FINISHED 70: identity_source_failed record_status_unknown identity_source_succeeded",
    "FAILED 90 start=, FINISHED 70: identity_source_succeeded",
    "RUNNING 0 start=, FINISHED 70: time_implausible identity_source_succeeded",
    "FINISHED -60, FAILED 60: identity_source_failed time_implausible",
    "FINISHED 29000000: time_implausible",
];

/// The record of a case; `_` stands for a blank.
fn of_case(case: &str) -> Record {
    let mut words = case.split(' ');
    let status = words.next().unwrap();
    let mut record = record(status, words.next().unwrap().parse().unwrap());
    for change in words {
        match change.split_once('=').unwrap() {
            ("failed", count) => record.failed_count = count.parse().ok(),
            ("cause", text) => record.fail_reason = Some(text.replace('_', " ")),
            ("start", _) => record.start_time = None,
            ("end", _) => record.end_time = None,
            ("status", _) => record.status = None,
            other => panic!("{other:?}"),
        }
    }
    record
}

#[test]
fn each_identity_source_is_judged_by_its_newest_runs() {
    for case in CASES {
        let (records, expected) = case.split_once(": ").unwrap();
        let judged = judged_records(records.split(", ").map(of_case));
        assert_eq!(codes(&judged).join(" "), expected, "{records}");
    }
}

#[test]
fn one_source_that_fails_beside_one_that_works_is_failing_and_named() {
    let ldap = (0..99).map(|number| failed(10 + number * 10));
    let oneaccess = (0..99).map(|number| {
        let record = of_source("s2", record("FINISHED", 5 + number * 10));
        Record {
            identity_source_type: Some("oneaccess".into()),
            ..record
        }
    });
    let health = judged_records(ldap.chain(oneaccess));
    assert_eq!(health.verdict, Verdict::Failing);
    let worst = &health.reasons[0];
    assert_eq!(worst.identity_source_id.as_deref(), Some("s1"));
    assert!(
        worst
            .message
            .starts_with("ldap s1: 99 runs in a row failed: "),
        "{}",
        worst.message
    );
    let [failing, working] = health.identity_sources.as_slice() else {
        panic!("{:?}", health.identity_sources);
    };
    assert_eq!(failing.verdict, Verdict::Failing);
    assert_eq!(working.verdict, Verdict::Healthy);
    assert_eq!(failing.consecutive_failures, 99);
    assert_eq!(working.consecutive_failures, 0);
    assert_eq!(failing.failing_since, Some(ago(990)));
    assert_eq!(health.consecutive_failures, Some(99));
    assert_eq!(health.failing_since, Some(ago(990)));
    assert_eq!(health.last_success_at, None);
    assert_eq!(working.last_success_at, Some(ago(4)));
}

#[test]
fn the_cluster_succeeded_when_the_last_of_its_sources_did() {
    let health = judged_records([
        record("FINISHED", 60),
        of_source("s2", record("FINISHED", 5)),
    ]);
    assert_eq!(health.last_success_at, Some(ago(59)));
    assert_eq!(health.last_attempt_at, Some(ago(5)));
    assert_eq!(health.verdict, Verdict::Healthy);
    assert_eq!(health.failing_since, None);
}

#[test]
fn a_source_that_stopped_beside_one_that_works_is_overdue_and_explained() {
    let health = judged_records([
        record("FINISHED", 40 * DAY),
        of_source("s2", record("FINISHED", 5)),
    ]);
    assert_eq!(health.verdict, Verdict::Overdue);
    assert_eq!(notes(&health), vec!["identity_source_silent"]);
    assert_eq!(health.reasons[0].identity_source_id.as_deref(), Some("s1"));
    let alone = judged_records([record("FINISHED", 40 * DAY)]);
    assert!(notes(&alone).is_empty());
}

#[test]
fn records_without_a_source_beside_others_cannot_be_attributed() {
    let nameless = Record {
        identity_source_id: None,
        ..record("FINISHED", 5)
    };
    assert_eq!(judged_records([nameless.clone()]).verdict, Verdict::Healthy);
    assert_eq!(
        judged_records([nameless, record("FINISHED", 9)]).verdict,
        Verdict::Unknown
    );
}

#[test]
fn the_order_of_records_that_start_together_does_not_matter_and_the_worse_counts() {
    let mut records = vec![record("FINISHED", 60), failed(60), record("RUNNING", 60)];
    let health = judged_records(records.clone());
    records.reverse();
    assert_eq!(judged_records(records), health);
    assert_eq!(health.verdict, Verdict::Failing);
    assert_eq!(health.consecutive_failures, Some(1));
}

#[test]
fn counts_that_reach_back_to_the_oldest_record_read_are_lower_bounds() {
    let records = || (0..20).map(|number| failed(10 + number * DAY));
    let whole = judged_records(records());
    assert_eq!(whole.consecutive_failures, Some(20));
    assert!(!whole.at_least);
    let cut = RecordHistory::of(records(), now()).cut_at(ago(15 * DAY));
    let cut = judged(&dws().with_records(Reading::Read(cut)));
    assert_eq!((cut.consecutive_failures, cut.at_least), (Some(15), true));
    assert!(
        cut.reasons[0].message.contains("at least 15 runs"),
        "{}",
        cut.reasons[0].message
    );
    let recovered = records().chain([record("FINISHED", 3 * DAY)]);
    let recovered = RecordHistory::of(recovered, now()).cut_at(ago(15 * DAY));
    let recovered = judged(&dws().with_records(Reading::Read(recovered)));
    assert_eq!(recovered.consecutive_failures, Some(3));
    assert!(!recovered.at_least);
}

#[test]
fn memory_is_bounded_however_many_records_there_are() {
    let mut history = RecordHistory::new(now());
    for number in 0..30_000 {
        history.add(&failed(10 + number));
    }
    let health = judged(&dws().with_records(Reading::Read(history)));
    assert_eq!(health.consecutive_failures, Some(10_000));
    assert!(health.at_least);
}

#[test]
fn no_records_and_a_version_without_identity_sources_are_answers() {
    let none = judged(&dws().with_records(history([])));
    assert_eq!(codes(&none), vec!["no_evidence"]);
    assert_eq!(notes(&none), vec!["no_records"]);
    let unsupported = Error::new(ErrorKind::Service, "not supported").with_code("DWS.5206");
    let old = judged(&dws().with_records(Reading::Unavailable(unsupported)));
    assert_eq!(codes(&old), vec!["no_evidence"]);
    assert_eq!(notes(&old), vec!["source_not_supported"]);
}

#[test]
fn records_that_could_not_be_read_in_full_are_never_healthy_and_hide_nothing() {
    let lost = |records: Vec<Record>| -> ClusterHealth {
        let history = RecordHistory::of(records, now());
        judged(&dws().with_records(Reading::Partial(history, error())))
    };
    assert_eq!(lost(vec![record("FINISHED", 5)]).verdict, Verdict::Unknown);
    assert_eq!(lost(vec![failed(5)]).verdict, Verdict::Failing);
    assert!(lost(vec![failed(5)]).at_least);
    let not_found = Error::new(ErrorKind::NotFound, "no such cluster").with_status(404);
    let gone = |error: Error| codes(&judged(&dws().with_records(Reading::Unavailable(error))));
    assert_eq!(gone(not_found.clone()), ["cluster_not_found"]);
    assert_eq!(
        gone(not_found.with_code("APIGW.0101")),
        ["source_unavailable"]
    );
}

#[test]
fn a_large_deletion_is_noted_with_its_instant() {
    let deletion = |count| changed("FINISHED", 60, |record| record.delete_count = Some(count));
    assert!(notes(&judged_records([deletion(100)])).is_empty());
    let health = judged_records([deletion(101)]);
    assert_eq!(
        health.notes[0].message,
        "the run that ended at 2026-11-22T05:01:00Z deleted 101 identities, more than 100"
    );
    assert_eq!(health.verdict, Verdict::Healthy);
    assert_eq!(health.last_change_at, Some(ago(59)));
}

#[test]
fn the_age_that_is_allowed_can_be_set_or_lifted() {
    let old = dws().with_records(history([record("FINISHED", 40 * DAY)]));
    let mut rules = Rules::new();
    for (age, verdict) in [
        ("41d", Verdict::Healthy),
        ("39d", Verdict::Overdue),
        ("none", Verdict::Healthy),
    ] {
        rules.max_age = Some(Rules::parse_max_age(age).unwrap());
        assert_eq!(judged_by(&rules, &old).verdict, verdict, "{age}");
    }
}

#[test]
fn a_judgement_allocates_no_more_than_it_needs() {
    let good = record("FINISHED", 60);
    let old = of_source("s2", record("FINISHED", 20 * DAY));
    let health = judged_records([good, old]);
    let (reasons, notes) = (&health.reasons, &health.notes);
    assert_eq!((reasons.len(), reasons.capacity()), (2, 2));
    assert_eq!((notes.len(), notes.capacity()), (1, 1));
    assert_eq!(health.identity_sources.capacity(), 2);
}
