use idsync::ErrorKind;
use idsync::dataarts::{ClusterType, Task};
use idsync::dws::Record;
use idsync::health::{ClusterObservation, Problem, Reading, RecordHistory, Rules, Source, judge};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::super::selection::Selection;
use super::super::text::width;
use super::{Scope, partial, render, summary, view};

const NOW: &str = "2026-11-22T06:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn cluster(name: &str, kind: ClusterType, status: &str, sync_time: &str) -> ClusterObservation {
    let mut task = Task::default();
    task.id = Some(format!("task-{name}"));
    task.sync_status = Some(status.into());
    task.sync_time = sync_time.parse().ok();
    ClusterObservation::new(format!("id-{name}"))
        .with_name(name)
        .with_type(kind)
        .with_tasks(Reading::Read(vec![task]))
}

fn partly_failed() -> Reading<RecordHistory> {
    let mut record = Record::default();
    record.status = Some("FINISHED".into());
    record.start_time = Some(at("2026-11-22T04:59:00Z"));
    record.end_time = Some(at("2026-11-22T05:00:00Z"));
    record.add_count = Some(113);
    record.failed_count = Some(7);
    Reading::Read(vec![record].into())
}

fn throttled(cluster_id: &str, request_id: &str) -> Problem {
    let any = "a/b".parse::<idsync::ClusterId>().unwrap_err();
    let mut problem = Problem::new(Source::Dws, Some(cluster_id), &any);
    problem.error.kind = ErrorKind::Throttled;
    problem.error.status = Some(429);
    problem.error.code = Some("APIGW.0308".to_owned());
    problem.error.request_id = Some(request_id.to_owned());
    problem
}

fn report() -> idsync::health::Report {
    let clusters = [
        cluster(
            "lake-batch",
            ClusterType::Mrs,
            "SYNCING",
            "2026-11-22T05:08:00Z",
        ),
        cluster(
            "销售集群",
            ClusterType::Dws,
            "SYNC_SUCCESS",
            "2026-11-22T05:00:00Z",
        ),
        cluster(
            "people",
            ClusterType::Dws,
            "SYNC_SUCCESS",
            "2026-11-22T03:00:00Z",
        )
        .with_records(partly_failed()),
        cluster("new\u{1b}[2J\nline", ClusterType::Mrs, "NOT_SYNC", "never"),
        ClusterObservation::new("4f0c")
            .with_type(ClusterType::Mrs)
            .with_iam_sync(Reading::Read(Some(false))),
    ];
    let problems = vec![throttled("c1", "5a63"), throttled("c2", "5a64")];
    judge(
        Some("0833a5737480d53b"),
        &clusters,
        problems,
        &Rules::default(),
        at(NOW),
    )
}

fn rendered(room: Option<usize>) -> String {
    rendered_at("cn-north-4", room)
}

fn rendered_at(place: &str, room: Option<usize>) -> String {
    let scope = Scope {
        projects: 1,
        place: Some(place.to_owned()),
        workspaces: 2,
        zone: TimeZone::UTC,
    };
    let (report, everything) = (report(), Selection::default());
    let table = view(&report, &scope, &everything).render(room);
    let text = render(&report, &scope, &everything, &table, room);
    anstream::adapter::strip_str(&text).to_string()
}

#[test]
fn a_report_reads_worst_first_with_title_summary_and_problems() {
    insta::assert_snapshot!(rendered(None));
}

#[test]
fn no_line_of_the_table_is_wider_than_the_screen() {
    for room in [40, 60, 80, 120, 200] {
        let text = rendered(Some(room));
        assert!(
            text.lines().all(|line| width(line) <= room),
            "{room}:\n{text}"
        );
        assert!(text.contains("running fo"), "{room}:\n{text}");
    }
}

#[test]
fn the_project_is_a_column_where_there_are_several() {
    let mut report = report();
    assert!(!rendered(None).contains("PROJECT"));
    report.clusters[0].project_id = Some("11112222333".to_owned());
    let scope = Scope {
        place: None,
        projects: 1,
        workspaces: 0,
        zone: TimeZone::UTC,
    };
    let table = view(&report, &scope, &Selection::default()).render(None);
    let table = anstream::adapter::strip_str(&table).to_string();
    assert!(
        table.contains("  PROJECT    TYPE") && table.contains("  11112222…  "),
        "{table}"
    );
}

#[test]
fn what_is_ignored_is_counted_and_a_part_is_called_one() {
    let mut report = report();
    report.ignored = 3;
    let told = |report: &idsync::health::Report| {
        let summary = summary(report, &Selection::default(), None);
        anstream::adapter::strip_str(&(summary + &partial(report, None))).to_string()
    };
    assert!(told(&report).ends_with(" · 3 ignored"), "{}", told(&report));
    report.complete = false;
    assert!(
        told(&report).contains("this is a part"),
        "{}",
        told(&report)
    );
}

#[test]
fn the_title_is_one_line_whatever_is_asked() {
    let text = rendered_at("here\n\u{1b}]0;x\u{7}", None);
    assert!(
        text.starts_with("idsync · here ]0;x · project 0833a573… · 2 workspaces"),
        "{text}"
    );
}
