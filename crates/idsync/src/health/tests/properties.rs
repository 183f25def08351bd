//! What holds for every judgement, for random worlds; and that each property fails for a judge that breaks it.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseResult, TestError, TestRunner};

use super::given::{in_china, now};
use super::world::{Loss, World, losses, worlds};
use crate::health::{ClusterObservation, Problem, Report, Source, Verdict, judge};

const CASES: u32 = 10_000;

/// How many cases a seeded bug may stay hidden in.
const CASES_OF_A_BUG: u32 = 200_000;

/// What is wrong with the judge under test.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Bug {
    None,
    /// What could not be read counts as read.
    TrustsPartialAnswers,
    /// A task without a time ran just now.
    FillsInTimes,
    /// A run without a count of failures had none.
    FillsInCounts,
    /// A run in progress ends by itself after an hour.
    ForgetsRuns,
    /// The first record counts as the newest.
    TrustsTheOrder,
}

impl Bug {
    fn judge(self, world: &World, now: Timestamp) -> Report {
        let mut world = world.clone();
        match self {
            Self::TrustsPartialAnswers => {
                world.tasks_are_lost = false;
                world.lost.clear();
            }
            Self::FillsInTimes => {
                for (_, task) in &mut world.tasks {
                    task.sync_time.get_or_insert(now);
                }
            }
            Self::FillsInCounts => {
                for record in world.records.values_mut().flatten() {
                    record.failed_count.get_or_insert(0);
                }
            }
            Self::ForgetsRuns => {
                let hour = SignedDuration::from_hours(1);
                let runs = |status: &str| status == "SYNCING";
                world.tasks.retain(|(_, task)| {
                    let is_running = task
                        .sync_status
                        .as_ref()
                        .is_some_and(|status| runs(status.as_str()));
                    !is_running
                        || task
                            .sync_time
                            .is_none_or(|time| now.duration_since(time) < hour)
                });
            }
            Self::TrustsTheOrder => {
                world
                    .records
                    .values_mut()
                    .for_each(|records| records.truncate(1));
            }
            Self::None => {}
        }
        report(&world.observations(), &world, now)
    }
}

fn report(clusters: &[ClusterObservation], world: &World, now: Timestamp) -> Report {
    let lost = world.tasks_are_lost.then(|| {
        let error = super::given::error();
        Problem::new(Source::DataArts, None, &error)
    });
    judge(None, clusters, lost.into_iter().collect(), &in_china(), now)
}

/// The verdict of one cluster, if the report has it.
fn verdict(report: &Report, id: &str) -> Option<Verdict> {
    let mut clusters = report.clusters.iter();
    let found = clusters.find(|it| it.cluster_id.as_deref() == Some(id));
    found.map(|it| it.verdict)
}

/// What a cluster is blamed for that is worse than unknown, and by which run.
fn blames(report: &Report) -> BTreeSet<(Verdict, String)> {
    let clusters = report.clusters.iter();
    let reasons = clusters.flat_map(|cluster| {
        let id = &cluster.cluster_id;
        cluster.reasons.iter().map(move |reason| (id, reason))
    });
    reasons
        .filter(|(_, reason)| reason.verdict > Verdict::Unknown)
        .map(|(cluster, reason)| {
            let about = (
                &reason.identity_source_id,
                &reason.task_id,
                reason.observed_at,
            );
            (
                reason.verdict,
                format!("{cluster:?} {} {about:?}", reason.code),
            )
        })
        .collect()
}

fn loses_nothing(bug: Bug, world: &World, loss: &Loss) -> TestCaseResult {
    let (smaller, rest) = loss.of(world);
    let [before, after, rest] = [world, &smaller, &rest].map(|world| bug.judge(world, now()));
    let shown = blames(&before).intersection(&blames(&rest)).max().cloned();
    prop_assert!(
        Some(after.verdict) >= shown.as_ref().map(|(verdict, _)| *verdict),
        "{shown:?} is hidden"
    );
    // The flag of a cluster that DataArts Studio judges is no more than a note.
    let before = if loss.is_flag() { &rest } else { &before };
    let is_better = |was: Verdict, is: Verdict| is < was.min(Verdict::Unknown);
    prop_assert!(
        !is_better(before.verdict, after.verdict),
        "{} became {}",
        before.verdict,
        after.verdict
    );
    for id in ["c0", "c1"] {
        // A task without a cluster id is a cluster of its own.
        let is_moved = matches!(loss, Loss::TaskField(_, 1));
        if let (Some(was), Some(is), false) = (verdict(before, id), verdict(&after, id), is_moved) {
            prop_assert!(!is_better(was, is), "{id}: {was} became {is}");
        }
    }
    Ok(())
}

fn grows_no_better(bug: Bug, world: &World, minutes: i64) -> TestCaseResult {
    let later = now() + SignedDuration::from_mins(minutes);
    let clusters = world.observations();
    let [before, after] = [now(), later].map(|now| match bug {
        Bug::None => report(&clusters, world, now),
        bug => bug.judge(world, now),
    });
    prop_assert!(
        after.verdict >= before.verdict,
        "{} became {}",
        before.verdict,
        after.verdict
    );
    for cluster in &before.clusters {
        let id = cluster.cluster_id.as_deref().unwrap_or_default();
        let is = verdict(&after, id).unwrap_or(Verdict::Healthy);
        prop_assert!(
            is >= cluster.verdict,
            "{id}: {} became {is}",
            cluster.verdict
        );
    }
    Ok(())
}

/// Every order comes from another by swaps of two.
fn has_no_order(bug: Bug, world: &World, (one, other): (usize, usize)) -> TestCaseResult {
    let mut swapped = world.clone();
    swap(&mut swapped.tasks, one, other);
    let records = swapped.records.values_mut();
    records.for_each(|records| swap(records, one, other));
    prop_assert_eq!(bug.judge(world, now()), bug.judge(&swapped, now()));
    Ok(())
}

fn swap<T>(items: &mut [T], one: usize, other: usize) {
    if one < items.len() && other < items.len() {
        items.swap(one, other);
    }
}

fn run<S: Strategy>(
    cases: u32,
    strategy: &S,
    property: impl Fn(S::Value) -> TestCaseResult,
) -> Result<(), TestError<S::Value>> {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config).run(strategy, property)
}

/// Asserts that the property holds for the judge, and fails for each bug with a small world.
fn holds<S>(others: S, bugs: &[Bug], property: impl Fn(Bug, &World, S::Value) -> TestCaseResult)
where
    S: Strategy,
{
    let strategy = (worlds(), others);
    run(CASES, &strategy, |(world, other)| {
        property(Bug::None, &world, other)
    })
    .unwrap();
    for bug in bugs {
        let found = run(CASES_OF_A_BUG, &strategy, |(world, other)| {
            property(*bug, &world, other)
        });
        match found {
            Err(TestError::Fail(_, (world, _))) => assert!(world.size() <= 5, "{bug:?}: {world:?}"),
            other => panic!("{bug:?}: {other:?}"),
        }
    }
}

#[test]
fn lost_evidence_never_makes_a_verdict_better_than_unknown_and_hides_nothing_worse() {
    let bugs = [
        Bug::TrustsPartialAnswers,
        Bug::FillsInTimes,
        Bug::FillsInCounts,
    ];
    holds(losses(), &bugs, |bug, world, loss| {
        loses_nothing(bug, world, &loss)
    });
}

#[test]
fn a_later_time_never_makes_a_verdict_better() {
    let minutes = prop_oneof![1..120_i64, 1..60_000_i64];
    holds(minutes, &[Bug::ForgetsRuns], grows_no_better);
}

#[test]
fn the_order_of_tasks_records_and_workspaces_makes_no_difference() {
    holds(
        (0..5_usize, 0..5_usize),
        &[Bug::TrustsTheOrder],
        has_no_order,
    );
}
