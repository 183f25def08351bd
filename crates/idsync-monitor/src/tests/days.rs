//! The spells of a history: over thirty days, and across gaps in what is known.

use std::time::Duration;

use idsync::health::{Rules, Source, Verdict};
use jiff::Timestamp;

use super::given::{at, health, start, store, sweep, sweeps};
use super::sweeps::Session;
use crate::Settings;
use crate::fleet::Fleet;

/// How many clusters the emulator has.
const CLUSTERS: i64 = 100;
const DAYS: i64 = 30;
/// Minutes from one sweep to the next.
const INTERVAL: u8 = 240;
/// So long a task may run before it is stuck, in minutes.
const LONGEST_RUN: i64 = 35;

/// When and how the task of a cluster runs, in minutes.
struct Planted {
    /// Its first run is so long before the first sweep.
    first: i64,
    every: i64,
    lasts: i64,
    /// How many runs in a row succeed, and how many then fail.
    good: i64,
    bad: i64,
}

impl Planted {
    fn of(cluster: i64) -> Self {
        let every = 60 * (4 + cluster % 5);
        Self {
            // No sweep falls on the beginning or the end of a run.
            first: (70 * cluster + 7) % every,
            every,
            lasts: [10, 40, 130, 170][usize::try_from(cluster % 4).unwrap()],
            good: 1 + cluster % 3,
            bad: 1 + cluster % 7,
        }
    }

    fn yaml(&self, cluster: i64) -> String {
        let Self {
            first,
            every,
            lasts,
            good,
            bad,
        } = self;
        format!(
            "
  - name: c{cluster}
    type: DWS
    task:
      schedule: {{every: {every}m}}
      first_run: {first}m ago
      runs:
        - {{status: SYNC_SUCCESS, lasts: {lasts}m, times: {good}}}
        - {{status: SYNC_FAIL, lasts: {lasts}m, times: {bad}, message: no answer}}"
        )
    }

    /// What is right to say so many minutes after the first sweep.
    fn verdict(&self, minute: i64) -> Verdict {
        let run = (minute + self.first) / self.every;
        let elapsed = (minute + self.first) % self.every;
        if elapsed < self.lasts {
            return if elapsed < LONGEST_RUN {
                Verdict::Running
            } else {
                Verdict::Stuck
            };
        }
        if run % (self.good + self.bad) < self.good {
            Verdict::Healthy
        } else {
            Verdict::Failing
        }
    }
}

#[tokio::test]
async fn the_spells_of_thirty_days_are_those_that_the_emulator_planted() {
    let planted: Vec<_> = (0..CLUSTERS).map(Planted::of).collect();
    let clusters = planted
        .iter()
        .zip(0..)
        .map(|(one, number)| one.yaml(number));
    let yaml = format!(
        "workspaces: [w]\nclusters:{}\n",
        clusters.collect::<String>()
    );
    let session = Session::start(&yaml, Settings::default()).await;
    let mut rules = Rules::new();
    rules.sources = Some(vec![Source::DataArts]);
    // As the history has it.
    let start = Timestamp::from_millisecond(session.emulator.now().as_millisecond()).unwrap();
    let mut expected = vec![Vec::<(i64, Verdict)>::new(); planted.len()];
    for minute in (0..=DAYS * 24 * 60).step_by(INTERVAL.into()) {
        session.sweep_by(rules.clone()).await;
        session
            .emulator
            .advance(Duration::from_mins(INTERVAL.into()));
        for (spells, one) in expected.iter_mut().zip(&planted) {
            let verdict = one.verdict(minute);
            if spells.last().is_none_or(|(_, last)| *last != verdict) {
                spells.push((minute, verdict));
            }
        }
    }
    assert!(expected.iter().map(Vec::len).sum::<usize>() > 5_000);
    let reader = session.monitor.store.reader();
    for (number, spells) in expected.iter().enumerate() {
        let histories = reader.histories(&format!("c{number}"), start);
        let seen = histories.unwrap().remove(0).spells;
        let minutes = |time: Timestamp| time.duration_since(start).as_mins();
        let begins = seen
            .iter()
            .map(|spell| (minutes(spell.began_at), spell.verdict));
        assert_eq!(begins.collect::<Vec<_>>(), *spells, "c{number}");
        let ends = seen.iter().map(|spell| spell.ended_at.map(minutes));
        let next = spells.iter().skip(1).map(|(began, _)| Some(*began));
        assert!(ends.eq(next.chain([None])), "c{number}: {seen:?}");
    }
}

#[test]
fn neither_a_run_in_progress_nor_an_unknown_verdict_ends_trouble() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut fleet = Fleet::default();
    let mut unwell = |minute, verdict| {
        let clusters = vec![health("c", verdict, at(minute))];
        sweep(&store, &mut fleet, clusters, at(minute)).unwrap();
        let known = fleet.present().next().unwrap();
        (known.unwell_since, known.settled)
    };
    assert_eq!(unwell(0, Verdict::Running), (None, Verdict::Running));
    assert_eq!(unwell(5, Verdict::Failing), (Some(at(5)), Verdict::Failing));
    for verdict in [Verdict::Running, Verdict::Unknown] {
        assert_eq!(unwell(10, verdict), (Some(at(5)), Verdict::Failing));
    }
    let goes_on = (Some(at(5)), Verdict::Overdue);
    assert_eq!(unwell(20, Verdict::Overdue), goes_on);
    assert_eq!(unwell(25, Verdict::Healthy), (None, Verdict::Healthy));
    assert_eq!(unwell(30, Verdict::Stuck), (Some(at(30)), Verdict::Stuck));
}

#[test]
fn a_cluster_that_comes_back_begins_a_new_spell() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let there = [("c", Verdict::Healthy)];
    let fleet = sweeps(&store, &[(0, &there), (5, &[]), (10, &[]), (15, &there)]);
    let history = store.reader().histories("c", start()).unwrap().remove(0);
    let spells = history.spells.iter();
    let spells = spells.map(|spell| (spell.began_at, spell.ended_at));
    assert_eq!(
        spells.collect::<Vec<_>>(),
        [(at(0), Some(at(5))), (at(15), None)]
    );
    assert_eq!(history.gone_at, None);
    let stored: Vec<_> = store.reader().fleet().unwrap().present().cloned().collect();
    assert_eq!(stored, fleet.present().cloned().collect::<Vec<_>>());
}

#[test]
fn a_cluster_that_stays_as_it_is_is_not_stored_again() {
    let mut fleet = Fleet::default();
    let mut changes = |minute, verdict| {
        let clusters = vec![health("c", verdict, at(minute))];
        let changes = fleet.advance(clusters, std::collections::HashMap::new(), &[], at(minute));
        fleet.apply(&changes);
        changes.len()
    };
    assert_eq!(changes(0, Verdict::Unknown), 1);
    assert_eq!(changes(5, Verdict::Unknown), 0);
    assert_eq!(changes(10, Verdict::Healthy), 1);
    assert_eq!(changes(15, Verdict::Healthy), 0);
}
