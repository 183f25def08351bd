//! Which alerts a receiver gets, and when. Pure.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use idsync::health::Verdict;
use jiff::{SignedDuration, Timestamp};

use crate::fleet::KnownCluster;
use crate::settings::Receiver;

/// For this long after an episode has fired, the next one of the cluster needs a longer time of health to close.
const FLAP_WINDOW: SignedDuration = SignedDuration::from_hours(24);

/// The longest time of health that a flapping cluster needs.
const LONGEST_HOLD: SignedDuration = SignedDuration::from_hours(4);

/// The time of health that the second episode within the window needs; each further one needs twice as long.
const FIRST_HOLD: SignedDuration = SignedDuration::from_mins(15);

/// One trouble of one cluster, for one receiver.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Episode {
    /// The row of the cluster.
    pub(crate) cluster: i64,
    /// When the cluster got into trouble.
    pub(crate) opened_at: Timestamp,
    /// When its alert was sent.
    pub(crate) fired_at: Option<Timestamp>,
    pub(crate) reminded_at: Option<Timestamp>,
    pub(crate) closed_at: Option<Timestamp>,
    /// Since when the cluster is well without a break; not stored.
    pub(crate) well_since: Option<Timestamp>,
}

/// The type of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Event {
    Fired,
    Reminded,
    Resolved,
}

impl Event {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Fired => "fired",
            Self::Reminded => "reminded",
            Self::Resolved => "resolved",
        }
    }
}

/// The episodes of one receiver by the row of their cluster: the one that is open, or the last one, and when earlier ones
/// fired.
#[derive(Clone, Debug, Default)]
pub(crate) struct Episodes {
    current: HashMap<i64, Episode>,
    fired: HashMap<i64, Vec<Timestamp>>,
}

/// What one look at all clusters brings.
#[derive(Debug, Default)]
pub(crate) struct EpisodeStep {
    pub(crate) events: Vec<(Event, Arc<KnownCluster>)>,
    /// The episodes that changed.
    pub(crate) changed: Vec<Episode>,
}

impl Episodes {
    /// From stored episodes, oldest first.
    pub(crate) fn of(stored: impl IntoIterator<Item = Episode>) -> Self {
        let mut episodes = Self::default();
        for episode in stored {
            if episode.closed_at.is_none() {
                episodes.current.insert(episode.cluster, episode);
            } else if let Some(fired) = episode.fired_at {
                let earlier = episodes.fired.entry(episode.cluster);
                earlier.or_default().push(fired);
            }
        }
        episodes
    }

    /// The trouble that the receiver was told of, and that goes on.
    pub(crate) fn firing(&self) -> impl Iterator<Item = &Episode> {
        let current = self.current.values();
        current.filter(|episode| episode.fired_at.is_some())
    }

    /// What the look at `clusters` at `now` changes. Trouble of one that is gone is over; what is ignored counts as gone.
    pub(crate) fn step<'a>(
        &mut self,
        receiver: &Receiver,
        clusters: impl IntoIterator<Item = &'a Arc<KnownCluster>>,
        now: Timestamp,
    ) -> EpisodeStep {
        let mut step = EpisodeStep::default();
        for cluster in clusters {
            self.look(receiver, cluster, now, &mut step);
        }
        step
    }

    fn look(
        &mut self,
        receiver: &Receiver,
        cluster: &Arc<KnownCluster>,
        now: Timestamp,
        step: &mut EpisodeStep,
    ) {
        let row = cluster.key.row();
        let hold = self.hold(row, now);
        let verdict = cluster.verdict();
        let is_gone = cluster.gone_at.is_some();
        let is_named = receiver.verdicts.contains(&verdict) && !is_gone;
        let before = self.current.get(&row).cloned();
        let opened = || is_named.then(|| opened(cluster, now));
        let Some(mut episode) = before.clone().or_else(opened) else {
            return;
        };
        let mut event = episode.advance(receiver, verdict, is_named, now);
        let has_held = |since| now.duration_since(since) >= hold;
        let is_well = is_gone || episode.well_since.is_some_and(has_held);
        if is_well {
            episode.closed_at = Some(now);
            event = episode.fired_at.map(|_| Event::Resolved);
        }
        step.events
            .extend(event.map(|event| (event, Arc::clone(cluster))));
        let is_stored =
            |one: &Episode| (one.opened_at, one.fired_at, one.reminded_at, one.closed_at);
        if before.as_ref().map(is_stored) != Some(is_stored(&episode)) {
            step.changed.push(episode.clone());
        }
        if is_well {
            self.current.remove(&row);
            let fired = self.fired.entry(row).or_default();
            fired.extend(episode.fired_at);
            fired.retain(|fired| now.duration_since(*fired) <= FLAP_WINDOW);
        } else {
            self.current.insert(row, episode);
        }
    }

    /// How long a cluster has to be well before its episode closes.
    fn hold(&self, row: i64, now: Timestamp) -> SignedDuration {
        let fired = self.fired.get(&row).into_iter().flatten();
        let recent = fired.filter(|fired| now.duration_since(**fired) <= FLAP_WINDOW);
        match recent.count() {
            0 => SignedDuration::ZERO,
            times => (FIRST_HOLD * (1 << (times - 1).min(8))).min(LONGEST_HOLD),
        }
    }
}

/// Trouble that was there before it was seen counts from its beginning.
fn opened(cluster: &KnownCluster, now: Timestamp) -> Episode {
    Episode {
        cluster: cluster.key.row(),
        opened_at: cluster.unwell_since.unwrap_or(cluster.since).min(now),
        ..Episode::default()
    }
}

impl Episode {
    fn advance(
        &mut self,
        receiver: &Receiver,
        verdict: Verdict,
        is_named: bool,
        now: Timestamp,
    ) -> Option<Event> {
        match verdict {
            Verdict::Healthy | Verdict::NeverRun if !is_named => {
                self.well_since.get_or_insert(now);
            }
            // Neither says whether the trouble is over.
            Verdict::Running | Verdict::Unknown if !is_named => {}
            _ => self.well_since = None,
        }
        if !is_named {
            return None;
        }
        let Some(fired_at) = self.fired_at else {
            self.fired_at = has_passed(self.opened_at, receiver.after, now).then_some(now);
            return self.fired_at.map(|_| Event::Fired);
        };
        let told = self.reminded_at.unwrap_or(fired_at);
        receiver
            .remind
            .filter(|pause| has_passed(told, *pause, now))?;
        self.reminded_at = Some(now);
        Some(Event::Reminded)
    }
}

fn has_passed(since: Timestamp, pause: Duration, now: Timestamp) -> bool {
    since.checked_add(pause).is_ok_and(|end| end <= now)
}
