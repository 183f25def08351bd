//! Thirty days of a hundred clusters: the spells of the history are those that were planted.

use std::collections::BTreeMap;

use idsync::health::Verdict;
use jiff::Timestamp;

use super::given::{at, health, start, store, sweep};
use crate::cluster_key::ClusterKey;
use crate::fleet::Fleet;

const CLUSTERS: u64 = 100;
const MINUTES: i64 = 30 * 24 * 60;
const INTERVAL: i64 = 60;

/// The verdict of a cluster at a time; it changes every few hours, in an order of its own.
fn planted(cluster: u64, minute: i64) -> Verdict {
    let phase = minute / 60 / (3 + i64::try_from(cluster % 7).unwrap());
    let position = (phase.unsigned_abs() * (cluster + 1) + cluster) % 11;
    let verdicts = Verdict::ALL;
    verdicts
        .get(usize::try_from(position).unwrap())
        .copied()
        .unwrap_or(Verdict::Healthy)
}

#[test]
fn the_spells_of_thirty_days_are_those_that_were_planted() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut fleet = Fleet::default();
    let mut expected: BTreeMap<u64, Vec<(Timestamp, Verdict)>> = BTreeMap::new();
    for minute in (0..=MINUTES).step_by(usize::try_from(INTERVAL).unwrap()) {
        let clusters = (0..CLUSTERS).map(|number| {
            let verdict = planted(number, minute);
            let spells = expected.entry(number).or_default();
            if spells.last().is_none_or(|(_, last)| *last != verdict) {
                spells.push((at(minute), verdict));
            }
            health(&format!("c{number}"), verdict, start())
        });
        let clusters = clusters.collect();
        sweep(&store, &mut fleet, clusters, at(minute)).unwrap();
    }
    assert!(expected.values().map(Vec::len).sum::<usize>() > 5_000);
    for (number, planted) in &expected {
        let cluster = format!("c{number}");
        let key = ClusterKey::of(&health(&cluster, Verdict::Healthy, start()));
        let history = store.reader().history(&key, start()).unwrap().unwrap();
        let spells = history
            .spells
            .iter()
            .map(|spell| (spell.began_at, spell.verdict));
        assert_eq!(spells.collect::<Vec<_>>(), *planted, "{cluster}");
        let ends = history.spells.iter().map(|spell| spell.ended_at);
        let next = planted.iter().skip(1).map(|(began, _)| Some(*began));
        let next = next.chain([None]);
        assert_eq!(
            ends.collect::<Vec<_>>(),
            next.collect::<Vec<_>>(),
            "{cluster}"
        );
    }
    let reloaded = store.reader().fleet().unwrap();
    let known: Vec<_> = fleet.present().map(|known| (**known).clone()).collect();
    let stored: Vec<_> = reloaded.present().map(|known| (**known).clone()).collect();
    assert_eq!(known, stored);
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
    assert_eq!(
        unwell(10, Verdict::Running),
        (Some(at(5)), Verdict::Failing)
    );
    assert_eq!(
        unwell(15, Verdict::Unknown),
        (Some(at(5)), Verdict::Failing)
    );
    assert_eq!(
        unwell(20, Verdict::Overdue),
        (Some(at(5)), Verdict::Overdue)
    );
    assert_eq!(unwell(25, Verdict::Healthy), (None, Verdict::Healthy));
    assert_eq!(unwell(30, Verdict::Stuck), (Some(at(30)), Verdict::Stuck));
}

#[test]
fn a_cluster_that_comes_back_begins_a_new_spell() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut fleet = Fleet::default();
    let cluster = || vec![health("c", Verdict::Healthy, start())];
    for (minute, clusters) in [
        (0, cluster()),
        (5, Vec::new()),
        (10, Vec::new()),
        (15, cluster()),
    ] {
        sweep(&store, &mut fleet, clusters, at(minute)).unwrap();
    }
    let key = ClusterKey::of(&cluster().remove(0));
    let history = store.reader().history(&key, start()).unwrap().unwrap();
    let spells: Vec<_> = history
        .spells
        .iter()
        .map(|spell| (spell.began_at, spell.ended_at))
        .collect();
    assert_eq!(spells, [(at(0), Some(at(5))), (at(15), None)]);
    assert_eq!(history.gone_at, None);
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
