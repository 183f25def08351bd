//! The report: order, counts, and its JSON form.

use idsync_api::dataarts_studio::enums::ClusterType;
use serde_json::{Value, json};

use super::given::{ago, at, cluster, error, judged_tasks, now, record, task};
use crate::dataarts::Task;
use crate::health::{
    ClusterObservation, DiagnosisClass, Problem, Reading, RecordHistory, Report, Rules, Source,
    Verdict, judge,
};

/// The log text of the reference page's example.
const EXAMPLE: &str = include_str!("example_sync_msg.txt");

fn report(clusters: &[ClusterObservation]) -> Report {
    judge(Some("p1"), clusters, Vec::new(), &Rules::default(), now())
}

fn of_status(id: &str, status: &str) -> ClusterObservation {
    ClusterObservation::new(id).with_tasks(Reading::Read(vec![task(status, ago(1, 0))]))
}

#[test]
fn clusters_are_sorted_by_verdict_then_name_then_id_in_whatever_order_they_come() {
    let mut clusters = vec![
        of_status("3", "SYNC_SUCCESS").with_name("a"),
        of_status("9", "SYNC_FAIL"),
        of_status("2", "SYNC_FAIL").with_name("b"),
        of_status("1", "SYNC_FAIL").with_name("b"),
        ClusterObservation {
            cluster_id: None,
            ..of_status("", "SYNC_FAIL")
        },
    ];
    let ids = |report: Report| {
        report
            .clusters
            .into_iter()
            .map(|cluster| cluster.cluster_id)
            .collect::<Vec<_>>()
    };
    let expected = ["1", "2", "9"]
        .map(|id| Some(id.to_owned()))
        .into_iter()
        .chain([None, Some("3".into())]);
    let expected: Vec<_> = expected.collect();
    assert_eq!(ids(report(&clusters)), expected);
    clusters.reverse();
    assert_eq!(ids(report(&clusters)), expected);
}

#[test]
fn the_report_has_the_worst_verdict_and_counts_only_those_that_occur() {
    let report = report(&[
        of_status("1", "SYNC_SUCCESS"),
        of_status("2", "NOT_SYNC"),
        of_status("3", "SYNC_SUCCESS"),
    ]);
    assert_eq!(report.verdict, Verdict::NeverRun);
    assert_eq!(
        report.counts.iter().collect::<Vec<_>>(),
        [(Verdict::NeverRun, 1), (Verdict::Healthy, 2)]
    );
    assert_eq!(
        (
            report.counts.get(Verdict::Healthy),
            report.counts.get(Verdict::Stuck)
        ),
        (2, 0)
    );
    assert_eq!(
        serde_json::to_string(&report.counts).unwrap(),
        r#"{"never_run":1,"healthy":2}"#
    );
}

#[test]
fn a_report_on_nothing_is_unknown() {
    let report = judge(
        None,
        &[],
        Vec::new(),
        &Rules::default(),
        at("2026-11-22T06:00:00.123456Z"),
    );
    assert_eq!(
        serde_json::to_string(&report).unwrap(),
        r#"{"schema":"idsync.status/v1","observed_at":"2026-11-22T06:00:00Z","project_id":null,"complete":true,"verdict":"unknown","counts":{},"ignored":0,"clusters":[],"problems":[]}"#
    );
}

#[test]
fn each_source_that_could_not_be_asked_is_a_problem() {
    let unreadable = RecordHistory {
        records: Vec::new(),
        unreadable: vec![error()],
    };
    let clusters = [
        cluster()
            .with_tasks(Reading::Unavailable(error()))
            .with_iam_sync(Reading::Unavailable(error())),
        ClusterObservation::new("c2").with_records(Reading::Read(unreadable)),
        ClusterObservation::new("c3").with_records(Reading::Unavailable(error())),
    ];
    let general = Problem::new(Source::DataArts, None, &error());
    let report = judge(None, &clusters, vec![general], &Rules::default(), now());
    let told: Vec<_> = report
        .problems
        .iter()
        .map(|it| (it.source, it.cluster_id.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (Source::DataArts, None),
            (Source::DataArts, Some("c1")),
            (Source::Mrs, Some("c1")),
            (Source::Dws, Some("c2")),
            (Source::Dws, Some("c3")),
        ]
    );
}

#[test]
fn the_json_form_has_the_documented_keys_in_the_documented_order() {
    let failed = Task {
        sync_msg: Some("disk is full".into()),
        ..task("SYNC_FAIL", ago(5, 0))
    };
    let observation = cluster()
        .with_name("risk-prod")
        .with_type(ClusterType::Dws)
        .with_tasks(Reading::Read(vec![failed]))
        .with_records(Reading::Unavailable(error()));
    assert_eq!(
        serde_json::to_string(&report(&[observation])).unwrap(),
        concat!(
            r#"{"schema":"idsync.status/v1","observed_at":"2026-11-22T06:00:00Z","project_id":"p1","complete":true,"#,
            r#""verdict":"failing","counts":{"failing":1},"ignored":0,"clusters":[{"project_id":"p1","cluster_id":"c1","cluster_name":"risk-prod","cluster_type":"DWS","#,
            r#""verdict":"failing","reasons":[{"code":"task_failed","verdict":"failing","source":"dataarts","#,
            r#""message":"disk is full","observed_at":"2026-11-22T05:55:00Z","raw_status":"SYNC_FAIL"},"#,
            r#"{"code":"schedule_stopped","verdict":"failing","source":"dataarts","message":"no further run is scheduled; "#,
            r#"the service stops a schedule after 10 failures in a row","observed_at":"2026-11-22T05:55:00Z","#,
            r#""raw_status":"NOT_SCHEDULE"}],"notes":[{"code":"source_unavailable","source":"dws","#,
            r#""message":"could not be asked: 429 slow down (request 5a63)","reason":null}],"diagnosis":{"class":"other","objects":[],"#,
            r#""summary":"disk is full","hint":"Read the whole text that the run left, in the task or record, for the step "#,
            r#"that failed.","text":"disk is full"},"last_attempt_at":"2026-11-22T05:55:00Z","last_success_at":null,"last_change_at":null,"#,
            r#""next_due_at":null,"consecutive_failures":null,"tasks":["t1"]}],"problems":[{"source":"dws","#,
            r#""project_id":"p1","cluster_id":"c1","error":{"kind":"throttled","status":429,"code":null,"message":"slow down","#,
            r#""request_id":"5a63"}}]}"#,
        )
    );
}

#[test]
fn the_same_id_in_two_projects_is_two_clusters_and_problems_say_whose() {
    let unread = |project: &str| {
        cluster()
            .with_project(project)
            .with_records(Reading::Unavailable(error()))
    };
    let report = judge(
        None,
        &[unread("p2"), unread("p1")],
        Vec::new(),
        &Rules::default(),
        now(),
    );
    let projects = |ids: Vec<Option<String>>| ids.into_iter().flatten().collect::<Vec<_>>();
    let of_clusters = report.clusters.iter().map(|it| it.project_id.clone());
    let of_problems = report.problems.iter().map(|it| it.project_id.clone());
    assert_eq!(projects(of_clusters.collect()), ["p1", "p2"]);
    assert_eq!(projects(of_problems.collect()), ["p1", "p2"]);
    assert_eq!(report.project_id, None);
}

#[test]
fn the_json_schema_names_the_words_of_every_enumeration() {
    let schema = schemars::schema_for!(Report).to_value();
    assert_eq!(schema["properties"]["schema"]["const"], "idsync.status/v1");
    let words = |name: &str| schema["$defs"][name]["x-extensible-enum"].to_string();
    for (name, word) in [
        ("ReasonCode", "schedule_missed"),
        ("NoteCode", "iam_sync_unreported"),
        ("DiagnosisClass", "role_has_dependents"),
        ("Source", "all"),
        ("ErrorKind", "too_large"),
    ] {
        assert!(words(name).contains(&format!("\"{word}\"")), "{name}");
    }
    let verdicts = schema["$defs"]["Verdict"]["oneOf"].as_array().unwrap();
    let closed = verdicts.iter().map(|verdict| &verdict["const"]);
    assert!(closed.eq(Verdict::ALL.iter().rev().map(|verdict| verdict.as_str())));
}

#[test]
fn a_judgement_at_the_ends_of_time_does_not_fail() {
    let clusters = ["SYNC_SUCCESS", "SYNCING", "SYNC_FAIL"].map(|status| of_status(status, status));
    for now in [jiff::Timestamp::MIN, jiff::Timestamp::MAX] {
        let records = Reading::Read(vec![record("RUNNING", 1), record("FINISHED", 2)].into());
        let all: Vec<_> = clusters
            .iter()
            .cloned()
            .map(|it| it.with_records(records.clone()))
            .collect();
        assert_eq!(
            judge(None, &all, Vec::new(), &Rules::default(), now)
                .clusters
                .len(),
            3
        );
    }
}

#[test]
fn the_example_of_the_reference_page_is_failing_because_of_a_role() {
    let example = Task {
        sync_msg: Some(EXAMPLE.into()),
        ..task("SYNC_FAIL", Some(at("2024-03-20T02:25:16Z")))
    };
    let health = judged_tasks([example]);
    assert_eq!(
        (health.verdict, health.next_due_at),
        (Verdict::Failing, None)
    );
    let diagnosis = health.diagnosis.unwrap();
    assert_eq!(diagnosis.class, DiagnosisClass::RoleHasDependents);
    assert_eq!(
        diagnosis.objects,
        [
            "iam_group_xxxx",
            "row level security policy dls_xxxx_userANDgroups on table all_data_type_0805_03",
            "row level security policy dls_xxxx_ALLgroups on table all_data_type_0805_03",
            "row level security policy dls_xxxx_asdasdsd on table absx",
        ]
    );
}

#[test]
fn every_code_is_written_in_snake_case() {
    let health = judged_tasks([task("SYNC_FAIL", None)]);
    let json = serde_json::to_value(&health).unwrap();
    let codes: Vec<&Value> = json["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reason| &reason["code"])
        .collect();
    assert_eq!(codes, [&json!("task_failed"), &json!("schedule_stopped")]);
}
