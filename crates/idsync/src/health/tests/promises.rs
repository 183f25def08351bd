//! What is promised of every judgement, for random clusters.

use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::subsequence;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseResult, TestError, TestRng, TestRunner};

use super::case::{ClusterCase, Seen, Turn, clusters, turns};
use super::given::{codes, now};
use super::model;
use crate::health::{
    ClusterHealth, ClusterObservation, IgnoreRule, Reading, ReasonCode, Report, Rules, Verdict,
    judge, judge_cluster,
};

/// What is wrong with the judge under test.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Bug {
    None,
    /// A run of 31 minutes is called running.
    PatientForAMinute,
    /// A run that is due is missed at once.
    Impatient,
    /// Only the first record is looked at, as if the service promised an order.
    TrustsTheOrder,
    /// A source that was not tried counts as one that nobody wanted to ask.
    ForgetsTheUntried,
}

impl Bug {
    fn judge(self, clusters: &[ClusterObservation]) -> Report {
        let rules = match self {
            Self::PatientForAMinute => Rules::default().with_longest_run(Duration::from_mins(31)),
            Self::Impatient => Rules::default().with_grace(Duration::ZERO),
            _ => Rules::default(),
        };
        let seen: Vec<_> = clusters
            .iter()
            .cloned()
            .map(|cluster| self.blur(cluster))
            .collect();
        judge(Some("p1"), &seen, Vec::new(), &rules, now())
    }

    fn blur(self, mut cluster: ClusterObservation) -> ClusterObservation {
        match (self, &mut cluster.records) {
            (Self::TrustsTheOrder, Reading::Read(history)) => history.records.truncate(1),
            (Self::ForgetsTheUntried, records @ Reading::Unavailable(_)) => {
                *records = Reading::NotAsked;
            }
            _ => {}
        }
        cluster
    }
}

fn observations(cases: &[ClusterCase], turn: Turn) -> Vec<ClusterObservation> {
    let observed = cases
        .iter()
        .enumerate()
        .map(|(id, case)| case.observation(id, turn));
    turn.of(observed.collect())
}

/// Every verdict is that of the table, and those of the whole follow from them.
fn agrees_with_the_table(cases: &[ClusterCase], report: &Report) -> TestCaseResult {
    for (number, case) in cases
        .iter()
        .enumerate()
        .filter(|(_, case)| !model::is_ambiguous(case))
    {
        let id = format!("c{number}");
        let mut clusters = report.clusters.iter();
        let judged = clusters.find(|it| it.cluster_id.as_ref() == Some(&id));
        prop_assert_eq!(
            judged.map(|it| it.verdict),
            Some(model::verdict(case)),
            "{:?}",
            judged
        );
    }
    let verdicts: Vec<_> = report.clusters.iter().map(|it| it.verdict).collect();
    prop_assert_eq!(report.verdict, model::worst(verdicts.iter().copied()));
    for verdict in Verdict::ALL {
        let count = verdicts.iter().filter(|it| **it == verdict).count();
        prop_assert_eq!(report.counts.get(verdict), count as u64);
    }
    prop_assert_eq!(
        report.complete,
        !cases.iter().any(ClusterCase::is_partly_untried)
    );
    Ok(())
}

/// A verdict is the worst of its reasons; nothing is healthy that nobody saw succeed.
fn rests_on_evidence(report: &Report) -> TestCaseResult {
    for cluster in &report.clusters {
        let reasons: Vec<_> = cluster
            .reasons
            .iter()
            .map(|reason| reason.verdict)
            .collect();
        prop_assert_eq!(cluster.verdict, model::worst(reasons.iter().copied()));
        prop_assert!(
            reasons.is_sorted_by(|one, next| one >= next),
            "not worst first"
        );
        prop_assert!(cluster.verdict != Verdict::Healthy || !reasons.is_empty());
    }
    Ok(())
}

/// One more source that does not answer makes no verdict better.
fn is_not_soothed_by_silence(cases: &[ClusterCase], bug: Bug) -> TestCaseResult {
    for (number, case) in cases.iter().enumerate() {
        let verdict =
            |case: &ClusterCase| bug.judge(&[case.observation(number, Turn::NONE)]).verdict;
        let before = verdict(case);
        for more in with_a_silent_source(case) {
            prop_assert!(verdict(&more) >= before, "{:?}", more);
        }
    }
    Ok(())
}

fn with_a_silent_source(case: &ClusterCase) -> Vec<ClusterCase> {
    let mut more = Vec::new();
    if case.tasks == Seen::NotAsked {
        more.extend([Seen::Refused, Seen::Untried].map(|tasks| ClusterCase {
            tasks,
            ..case.clone()
        }));
    }
    if case.records == Seen::NotAsked {
        more.extend([Seen::Refused, Seen::Untried].map(|records| ClusterCase {
            records,
            ..case.clone()
        }));
    }
    if case.flag == Seen::NotAsked {
        more.extend([Seen::Refused, Seen::Untried].map(|flag| ClusterCase {
            flag,
            ..case.clone()
        }));
    }
    more
}

fn config() -> Config {
    let set = Config::default();
    Config {
        cases: set.cases.max(10_000),
        failure_persistence: None,
        ..set
    }
}

fn run(mut runner: TestRunner, bug: Bug) -> Result<(), TestError<(Vec<ClusterCase>, Turn)>> {
    runner.run(&(clusters(), turns()), |(cases, turn)| {
        let report = bug.judge(&observations(&cases, Turn::NONE));
        agrees_with_the_table(&cases, &report)?;
        rests_on_evidence(&report)?;
        is_not_soothed_by_silence(&cases, bug)?;
        let turned = bug.judge(&observations(&cases, turn));
        prop_assert_eq!(report, turned, "the order counts");
        Ok(())
    })
}

#[test]
fn every_judgement_follows_the_table_rests_on_evidence_and_knows_no_order() {
    if let Err(failure) = run(TestRunner::new(config()), Bug::None) {
        panic!("{failure}");
    }
}

/// Every reason counts, or is a note that says so.
fn loses_no_reason(
    before: &ClusterHealth,
    after: &ClusterHealth,
    silenced: &[ReasonCode],
) -> TestCaseResult {
    let is_of_service = |code: &ReasonCode| *code != ReasonCode::SourceUnavailable;
    let (quiet, loud): (Vec<_>, Vec<_>) = codes(before)
        .into_iter()
        .filter(is_of_service)
        .partition(|code| silenced.contains(code));
    let counting: Vec<_> = codes(after).into_iter().filter(is_of_service).collect();
    prop_assert_eq!(counting, loud);
    let noted = after.notes.iter().filter_map(|note| note.reason);
    let mut noted: Vec<_> = noted
        .filter(is_of_service)
        .map(ReasonCode::as_str)
        .collect();
    let mut quiet: Vec<_> = quiet.into_iter().map(ReasonCode::as_str).collect();
    noted.sort_unstable();
    quiet.sort_unstable();
    prop_assert_eq!(noted, quiet);
    Ok(())
}

#[test]
fn what_is_ignored_stays_visible_and_leaves_nothing_healthy_without_evidence() {
    let silenced = subsequence(ReasonCode::ALL.to_vec(), 0..6);
    let result = TestRunner::new(config()).run(&(clusters(), silenced), |(cases, silenced)| {
        let rules = Rules::default().with_ignored(silenced.iter().copied().map(IgnoreRule::reason));
        for observation in observations(&cases, Turn::NONE) {
            let all = judge_cluster(&observation, &Rules::default(), now());
            let report = judge(None, &[observation], Vec::new(), &rules, now());
            rests_on_evidence(&report)?;
            loses_no_reason(&all, &report.clusters[0], &silenced)?;
        }
        Ok(())
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
}

/// The smallest case that shows `bug`.
fn caught(bug: Bug) -> ClusterCase {
    let same_each_time = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let runner = TestRunner::new_with_rng(config(), same_each_time);
    let Err(TestError::Fail(_, (mut smallest, _))) = run(runner, bug) else {
        panic!("{bug:?} went unnoticed");
    };
    assert_eq!(smallest.len(), 1, "{bug:?}: {smallest:?}");
    smallest.remove(0)
}

#[test]
fn a_judge_who_calls_a_run_of_31_minutes_running_is_caught_at_the_edge() {
    let case = caught(Bug::PatientForAMinute);
    let started = match (&case.tasks, &case.records) {
        (Seen::Read(tasks), _) if tasks.len() == 1 => tasks[0].started,
        (_, Seen::Read(seen)) if seen.records.len() == 1 => seen.records[0].started,
        _ => panic!("{case:?}"),
    };
    assert_eq!(started, Some(30 * 60 + 1), "{case:?}");
}

#[test]
fn a_judge_with_any_other_fault_is_caught() {
    for bug in [Bug::Impatient, Bug::TrustsTheOrder, Bug::ForgetsTheUntried] {
        caught(bug);
    }
}
