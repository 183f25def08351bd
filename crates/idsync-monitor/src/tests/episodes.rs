//! When a receiver is told.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use idsync::health::Verdict;

use super::given::{at, health};
use crate::episodes::{Episodes, Event};
use crate::fleet::Fleet;
use crate::settings::{Format, Receiver};

const MINUTE: u64 = 60;

struct Watch {
    fleet: Fleet,
    episodes: Episodes,
    receiver: Receiver,
    stored: BTreeMap<jiff::Timestamp, crate::episodes::Episode>,
}

impl Watch {
    fn new(after_minutes: u64, remind: Option<Duration>) -> Self {
        Self {
            fleet: Fleet::default(),
            episodes: Episodes::default(),
            receiver: Receiver {
                name: "ops".to_owned(),
                format: Format::Webhook,
                url: "https://ops.example.com".parse().unwrap(),
                secret_file: None,
                verdicts: vec![Verdict::Failing, Verdict::Stuck, Verdict::Overdue],
                after: Duration::from_secs(after_minutes * MINUTE),
                remind,
            },
            stored: BTreeMap::new(),
        }
    }

    /// The events of a look at one cluster that has this verdict.
    fn look(&mut self, minute: i64, verdict: Verdict) -> Vec<Event> {
        let health = health("c", verdict, at(minute));
        let changes = self
            .fleet
            .advance(vec![health], HashMap::new(), &[], at(minute));
        self.fleet.apply(&changes);
        let clusters: Vec<_> = self.fleet.present().map(Arc::clone).collect();
        let step = self.episodes.step(&self.receiver, &clusters, at(minute));
        for episode in step.changed {
            self.stored.insert(episode.opened_at, episode);
        }
        step.events.into_iter().map(|(event, _)| event).collect()
    }

    /// Goes on from what was stored, as after a restart.
    fn restart(&mut self) {
        let stored = self.stored.values().cloned();
        self.episodes = Episodes::of(stored.map(|mut episode| {
            episode.well_since = None;
            episode
        }));
    }
}

#[test]
fn trouble_is_told_once_after_its_time_and_its_end_once() {
    use Verdict::{Failing, Healthy, Running, Unknown};

    let mut watch = Watch::new(15, None);
    assert_eq!(watch.look(0, Healthy), []);
    assert_eq!(watch.look(5, Failing), []);
    assert_eq!(watch.look(10, Running), []);
    assert_eq!(watch.look(25, Running), []);
    assert_eq!(watch.look(30, Failing), [Event::Fired]);
    assert_eq!(watch.look(35, Running), []);
    watch.restart();
    assert_eq!(watch.look(40, Failing), []);
    assert_eq!(watch.look(45, Unknown), []);
    assert_eq!(watch.look(50, Verdict::Partial), []);
    assert_eq!(watch.look(55, Healthy), [Event::Resolved]);
    watch.restart();
    assert_eq!(watch.look(60, Healthy), []);
}

#[test]
fn trouble_that_ends_in_time_is_not_told() {
    let mut watch = Watch::new(15, None);
    assert_eq!(watch.look(0, Verdict::Failing), []);
    assert_eq!(watch.look(10, Verdict::Healthy), []);
    assert_eq!(watch.look(20, Verdict::Failing), []);
    assert_eq!(watch.look(34, Verdict::Failing), []);
    assert_eq!(watch.look(35, Verdict::Failing), [Event::Fired]);
}

#[test]
fn a_cluster_that_flaps_needs_longer_health_each_time() {
    use Verdict::{Failing, Healthy};

    let mut watch = Watch::new(0, None);
    assert_eq!(watch.look(0, Failing), [Event::Fired]);
    assert_eq!(watch.look(5, Healthy), [Event::Resolved]);
    assert_eq!(watch.look(10, Failing), [Event::Fired]);
    assert_eq!(watch.look(15, Healthy), []);
    assert_eq!(watch.look(25, Failing), []);
    assert_eq!(watch.look(30, Healthy), []);
    assert_eq!(watch.look(44, Healthy), []);
    assert_eq!(watch.look(45, Healthy), [Event::Resolved]);
    watch.restart();
    assert_eq!(watch.look(50, Failing), [Event::Fired]);
    assert_eq!(watch.look(60, Healthy), []);
    assert_eq!(watch.look(89, Healthy), []);
    assert_eq!(watch.look(90, Healthy), [Event::Resolved]);
    // A day later it is forgotten.
    assert_eq!(watch.look(90 + 25 * 60, Failing), [Event::Fired]);
    assert_eq!(watch.look(95 + 25 * 60, Healthy), [Event::Resolved]);
}

#[test]
fn trouble_that_goes_on_is_told_again_where_that_is_asked_for() {
    let mut watch = Watch::new(0, Some(Duration::from_hours(1)));
    assert_eq!(watch.look(0, Verdict::Failing), [Event::Fired]);
    assert_eq!(watch.look(59, Verdict::Stuck), []);
    assert_eq!(watch.look(60, Verdict::Failing), [Event::Reminded]);
    watch.restart();
    assert_eq!(watch.look(119, Verdict::Failing), []);
    assert_eq!(watch.look(120, Verdict::Failing), [Event::Reminded]);
}

#[test]
fn a_cluster_that_is_gone_is_resolved() {
    let mut watch = Watch::new(0, None);
    assert_eq!(watch.look(0, Verdict::Failing), [Event::Fired]);
    let gone: Vec<_> = watch.fleet.present().map(Arc::clone).collect();
    let changes = watch
        .fleet
        .advance(Vec::new(), HashMap::new(), &gone, at(5));
    let gone: Vec<_> = changes.into_iter().map(|one| one.cluster).collect();
    let step = watch.episodes.step(&watch.receiver, &gone, at(5));
    let events: Vec<_> = step.events.iter().map(|(event, _)| *event).collect();
    assert_eq!(events, [Event::Resolved]);
    assert_eq!(watch.episodes.firing().count(), 0);
}
