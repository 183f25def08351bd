//! Clusters and reasons that an operator leaves out of the judgement.

use super::given::{codes, history, judged_by, named, notes, now, of_source, record, task};
use crate::health::{
    ClusterHealth, ClusterObservation, IgnoreRule, Reading, ReasonCode, Rules, Verdict, judge,
};

fn rule(text: &str) -> IgnoreRule {
    text.parse().unwrap()
}

fn rules(texts: &[&str]) -> Rules {
    let mut rules = Rules::new();
    rules.ignore.extend(texts.iter().map(|text| rule(text)));
    rules
}

fn failing() -> ClusterObservation {
    let tasks = Reading::Read(vec![task("SYNC_FAIL", 5)]);
    named("test-1").with_tasks(tasks)
}

fn judged(texts: &[&str]) -> ClusterHealth {
    judged_by(&rules(texts), &failing())
}

#[test]
fn an_ignored_reason_becomes_a_note_and_makes_nothing_healthy() {
    let one = judged(&["task_failed"]);
    assert_eq!(codes(&one), vec!["schedule_stopped"]);
    assert_eq!(one.verdict, Verdict::Failing);
    let both = judged(&["test-*:task_failed", ":schedule_stopped"]);
    assert_eq!(codes(&both), vec!["no_evidence"]);
    assert_eq!(both.verdict, Verdict::Unknown);
    assert_eq!(notes(&both), ["reason_ignored", "reason_ignored"]);
    assert_eq!(both.diagnosis, None);
    assert_eq!(both.notes[0].reason, Some(ReasonCode::TaskFailed));
    assert_eq!(judged(&["prod-*:task_failed"]).reasons.len(), 2);
}

#[test]
fn a_reason_can_be_ignored_for_one_source_of_a_cluster() {
    let old = || record("FINISHED", 40 * 24 * 60);
    let observation = ClusterObservation::new("c1")
        .with_type("DWS".into())
        .with_records(history([old(), of_source("s2", record("FINISHED", 5))]));
    let verdict = |source: &str| {
        let rule = format!("{source}:success_too_old");
        judged_by(&rules(&[&rule]), &observation).verdict
    };
    for matching in ["c1/s1", "*/dws", "c?/ldap"] {
        assert_eq!(verdict(matching), Verdict::Healthy, "{matching}");
    }
    for other in ["c1/s2", "c2/s1", "c1/mrs"] {
        assert_eq!(verdict(other), Verdict::Overdue, "{other}");
    }
    let ignored = judged_by(&rules(&["*/s1:success_too_old"]), &observation);
    assert_eq!(ignored.identity_sources[0].verdict, Verdict::Unknown);
}

#[test]
fn a_cluster_that_is_left_out_is_only_counted() {
    let report = |text: &str| judge(None, &[failing()], Vec::new(), &rules(&[text]), now());
    for matching in ["test-?", "c1", "*"] {
        let report = report(matching);
        assert_eq!(report.ignored, 1);
        assert_eq!(report.clusters.len(), 0);
        assert_eq!(report.verdict, Verdict::Unknown);
        assert_eq!(report.reasons[0].code, ReasonCode::NothingToJudge);
        assert!(!report.is_conclusive());
    }
    assert_eq!(report("Test-?").ignored, 0);
    assert_eq!(report("test-").ignored, 0);
}

#[test]
fn rules_are_written_as_they_are_read() {
    let texts = "a* :task_failed *:*:task_failed 同步-?:records_failed a/b-*:task_failed";
    for text in texts.split(' ') {
        assert_eq!(rule(text).to_string(), text);
    }
    assert_eq!(rule("task_failed"), rule(":task_failed"));
    for (json, text) in [
        (
            r#"{"cluster":"a","source":"s1","reason":"task_failed"}"#,
            "a/s1:task_failed",
        ),
        (r#""a:task_failed""#, "a:task_failed"),
    ] {
        let read: IgnoreRule = serde_json::from_str(json).unwrap();
        assert_eq!(read, rule(text));
    }
}

#[test]
fn a_rule_that_would_ignore_everything_or_names_no_reason_is_refused() {
    for (text, why) in [
        ("", "needs a cluster, a reason, or both"),
        (":", "is not a reason"),
        ("/s1:task_failed", "needs a cluster, a reason, or both"),
        ("a/:task_failed", "needs a cluster, a reason, or both"),
        ("test-*:", "is not a reason"),
        ("dws:c1", "\"c1\" is not a reason; give one of: task_failed"),
    ] {
        let error = text.parse::<IgnoreRule>().unwrap_err().to_string();
        assert!(error.contains(why), "{text:?}: {error}");
    }
}
