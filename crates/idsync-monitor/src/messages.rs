//! The messages of a sweep: for each receiver, one for each type of event.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use idsync::health::Verdict;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};
use url::Url;

use crate::cluster_key::ClusterIdentity;
use crate::episodes::{Episode, EpisodeStep, Event};
use crate::fleet::KnownCluster;
use crate::settings::{Format, Receiver};
use crate::store::OutboxEntry;

/// How many clusters one message lists; the rest is counted.
const MOST_CLUSTERS: usize = 50;

/// How many clusters one text for people lists.
const MOST_LINES: usize = 10;

/// The body of a webhook.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AlertMessage {
    /// The name and version of this form.
    pub schema: String,
    /// The id of the message, the same however often it is sent.
    pub id: String,
    /// What happened: `fired`, `reminded` or `resolved`.
    #[serde(rename = "type")]
    pub event: String,
    /// The time of the sweep.
    pub at: Timestamp,
    /// How many clusters each event concerns.
    pub totals: AlertTotals,
    /// The clusters, at most 50.
    pub clusters: Vec<AlertCluster>,
    /// How many more there are.
    pub truncated: u64,
}

/// How many clusters each event of a sweep concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AlertTotals {
    /// Got into trouble.
    pub fired: u64,
    /// Are well again, or gone.
    pub resolved: u64,
    /// Are in trouble now, and have fired.
    pub firing: u64,
}

/// A cluster in a message.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AlertCluster {
    /// Which cluster it is.
    #[serde(flatten)]
    pub identity: ClusterIdentity,
    /// The present verdict; the last one of a cluster that is gone.
    pub verdict: Verdict,
    /// Since when the trouble goes on, or the present verdict is there.
    pub since: Timestamp,
    /// The codes of its reasons, worst first.
    pub reasons: Vec<String>,
    /// The worst reason in plain words.
    pub summary: String,
    /// Its page, if the address of the page is configured.
    pub url: Option<String>,
}

/// What a sweep brings to store for all receivers.
#[derive(Debug, Default)]
pub(crate) struct News {
    /// The episodes that changed, with the names of their receivers.
    pub(crate) episodes: Vec<(String, Episode)>,
    pub(crate) messages: Vec<OutboxEntry>,
}

impl News {
    /// Adds the messages of `step` for `receiver`; `firing` of its clusters are in trouble now.
    pub(crate) fn add(
        &mut self,
        receiver: &Receiver,
        step: EpisodeStep,
        firing: usize,
        at: Timestamp,
        url: Option<&Url>,
    ) {
        let changed = step.changed.into_iter();
        self.episodes
            .extend(changed.map(|episode| (receiver.name.clone(), episode)));
        if receiver.format == Format::Alertmanager {
            // What is firing is posted to it every minute.
            return;
        }
        let mut events: BTreeMap<Event, Vec<Arc<KnownCluster>>> = BTreeMap::new();
        for (event, cluster) in step.events {
            events.entry(event).or_default().push(cluster);
        }
        let count = |event| events.get(&event).map_or(0, Vec::len) as u64;
        let totals = AlertTotals {
            fired: count(Event::Fired),
            resolved: count(Event::Resolved),
            firing: firing as u64,
        };
        for (event, clusters) in &events {
            let message = message(receiver, *event, clusters, totals, at, url);
            let body = match receiver.format {
                Format::Slack => slack(&message),
                _ => serde_json::to_string(&message).unwrap_or_default(),
            };
            self.messages.push(OutboxEntry {
                id: message.id,
                receiver: receiver.name.clone(),
                body,
                tries: 0,
                next_try_at: Timestamp::UNIX_EPOCH,
            });
        }
    }
}

fn message(
    receiver: &Receiver,
    event: Event,
    clusters: &[Arc<KnownCluster>],
    totals: AlertTotals,
    at: Timestamp,
    url: Option<&Url>,
) -> AlertMessage {
    let mut worst: Vec<_> = clusters.iter().collect();
    worst.sort_by_key(|cluster| (Reverse(cluster.verdict()), cluster.title()));
    let shown = worst.iter().take(MOST_CLUSTERS);
    AlertMessage {
        schema: "idsync.alert/v1".to_owned(),
        id: id(receiver, event, at),
        event: event.as_str().to_owned(),
        at,
        totals,
        clusters: shown.map(|cluster| alert_cluster(cluster, url)).collect(),
        truncated: worst.len().saturating_sub(MOST_CLUSTERS) as u64,
    }
}

/// Follows from receiver, event and sweep, so that a sweep that is stored again has the same messages.
fn id(receiver: &Receiver, event: Event, at: Timestamp) -> String {
    let (name, event, at) = (&receiver.name, event.as_str(), at.as_millisecond());
    let digest = Sha256::digest(format!("{name}\0{event}\0{at}"));
    let start = digest.iter().take(12);
    let number = start.fold(0_u128, |number, byte| (number << 8) | u128::from(*byte));
    format!("msg_{number:024x}")
}

fn alert_cluster(cluster: &KnownCluster, url: Option<&Url>) -> AlertCluster {
    AlertCluster {
        identity: cluster.identity(),
        verdict: cluster.verdict(),
        since: cluster.unwell_since.unwrap_or(cluster.since),
        reasons: cluster.reasons().into_iter().map(str::to_owned).collect(),
        summary: cluster.summary().to_owned(),
        url: url.map(|url| cluster.key.page(url).into()),
    }
}

/// The text of a message for Slack, and for services with the same format.
fn slack(message: &AlertMessage) -> String {
    let what = match message.event.as_str() {
        "resolved" => "well again or gone",
        "reminded" => "still in trouble",
        _ => "in trouble",
    };
    let count = message.clusters.len() as u64 + message.truncated;
    let firing = message.totals.firing;
    let mut lines = vec![format!(
        "Identity synchronization: {count} {what}, {firing} firing"
    )];
    for cluster in message.clusters.iter().take(MOST_LINES) {
        let identity = &cluster.identity;
        let name = identity.cluster_name.as_ref();
        let name = name.unwrap_or(&identity.cluster_id);
        let (name, summary) = (escaped(name), escaped(&cluster.summary));
        lines.push(format!("• *{}* {name}: {summary}", cluster.verdict));
    }
    let rest = count.saturating_sub(MOST_LINES as u64);
    if rest > 0 {
        lines.push(format!("… and {rest} more"));
    }
    serde_json::json!({ "text": lines.join("\n") }).to_string()
}

/// The three characters that Slack gives a meaning; with them go mentions and links.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
