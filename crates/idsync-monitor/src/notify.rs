//! Delivers messages: at least once, in the order of their attempts, however often the monitor is restarted.

mod http;

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use idsync::health::Verdict;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::Sha256;
use tracing::warn;

use self::http::Sender;
use crate::MonitorError;
use crate::fleet::KnownCluster;
use crate::messages;
use crate::monitor::{Monitor, lock};
use crate::settings::{Format, Receiver};
use crate::store::OutboxEntry;

/// Longest pause between two looks at the outbox, and between two posts to Alertmanager.
const PAUSE: Duration = Duration::from_secs(60);

/// How long Alertmanager keeps an alert that is not posted again.
const ALERT_LIFE: SignedDuration = SignedDuration::from_mins(5);

/// Pause before the first repeated attempt; each further one is twice as long.
const FIRST_RETRY: SignedDuration = SignedDuration::from_secs(10);

/// The longest pause between two attempts.
const LONGEST_RETRY: SignedDuration = SignedDuration::from_hours(1);

/// A message is given up after so many attempts, which take about three days.
const MOST_TRIES: u32 = 80;

impl Monitor {
    /// Delivers messages until the monitor stops.
    ///
    /// # Errors
    ///
    /// If no client for HTTP can be set up.
    pub async fn deliver(self: Arc<Self>) -> Result<(), MonitorError> {
        let sender = Sender::new()?;
        while !self.is_stopping() {
            let mut next = None;
            if self
                .blocking(|monitor| Ok(monitor.is_leading()))
                .await
                .unwrap_or(false)
            {
                next = self.deliver_due(&sender).await;
                self.post_firing(&sender).await;
            }
            let pause = next
                .unwrap_or(PAUSE)
                .clamp(Duration::from_millis(50), PAUSE);
            tokio::select! {
                () = self.has_messages.notified() => {}
                () = self.pause(pause) => {}
            }
        }
        Ok(())
    }

    /// Sends a request to the configured URL, so that a missing sweep is noticed elsewhere.
    pub(crate) async fn beat(&self) {
        let Some(url) = &self.settings.serve.heartbeat else {
            return;
        };
        let asked = match Sender::new() {
            Ok(sender) => sender.get(url).await,
            Err(error) => Err(error.to_string()),
        };
        let outcome = if asked.is_ok() { "delivered" } else { "failed" };
        self.count_notification("heartbeat", outcome);
        if let Err(why) = asked {
            warn!("the heartbeat could not be sent: {why}");
        }
    }

    /// Tries every message that is due. Gives the time until the next one is.
    async fn deliver_due(self: &Arc<Self>, sender: &Sender) -> Option<Duration> {
        let waiting = self.blocking(|monitor| monitor.store.reader().outbox());
        let waiting = waiting.await.inspect_err(|error| warn!("{error}")).ok()?;
        let mut next = None;
        for entry in waiting {
            // By the time of this machine: that of an emulator may run faster.
            let now = Timestamp::now();
            if entry.next_try_at > now {
                let wait = entry.next_try_at.duration_since(now);
                next = next.or(Duration::try_from(wait).ok());
                continue;
            }
            if self.is_stopping() {
                break;
            }
            if let Err(error) = self.attempt(sender, &entry).await {
                warn!("{error}");
            }
        }
        next
    }

    async fn attempt(
        self: &Arc<Self>,
        sender: &Sender,
        entry: &OutboxEntry,
    ) -> Result<(), MonitorError> {
        let mut receivers = self.settings.receivers.iter();
        let Some(receiver) = receivers.find(|receiver| receiver.name == entry.receiver) else {
            // It was removed from the configuration.
            return self.remove(entry).await;
        };
        let sent = match headers(receiver, entry, Timestamp::now()) {
            Ok(headers) => {
                sender
                    .post(&receiver.url, &headers, entry.body.clone())
                    .await
            }
            Err(error) => Err(error.to_string()),
        };
        let Err(why) = sent else {
            self.count_notification(&receiver.name, "delivered");
            return self.remove(entry).await;
        };
        let tries = entry.tries + 1;
        warn!(
            "receiver {:?}: attempt {tries} failed: {why}",
            receiver.name
        );
        if tries >= MOST_TRIES {
            self.count_notification(&receiver.name, "given_up");
            return self.remove(entry).await;
        }
        self.count_notification(&receiver.name, "failed");
        let factor = 1_i32.checked_shl(tries - 1).filter(|factor| *factor > 0);
        let pause = factor.and_then(|factor| FIRST_RETRY.checked_mul(factor));
        let pause = pause.unwrap_or(LONGEST_RETRY).min(LONGEST_RETRY);
        let next = Timestamp::now()
            .checked_add(pause)
            .unwrap_or(Timestamp::MAX);
        let id = entry.id.clone();
        self.blocking(move |monitor| monitor.store.postpone_message(&id, tries, next))
            .await
    }

    async fn remove(self: &Arc<Self>, entry: &OutboxEntry) -> Result<(), MonitorError> {
        let id = entry.id.clone();
        self.blocking(move |monitor| monitor.store.remove_message(&id))
            .await
    }

    /// Posts what is firing to each Alertmanager; what is no longer posted ends there by itself.
    async fn post_firing(&self, sender: &Sender) {
        for receiver in &self.settings.receivers {
            if receiver.format != Format::Alertmanager {
                continue;
            }
            let alerts = self.alerts(receiver, Timestamp::now());
            if alerts.is_empty() {
                continue;
            }
            let sent = sender
                .post(&receiver.url, &[], Value::from(alerts).to_string())
                .await;
            let outcome = if sent.is_ok() { "delivered" } else { "failed" };
            self.count_notification(&receiver.name, outcome);
            if let Err(why) = sent {
                warn!("receiver {:?}: {why}", receiver.name);
            }
        }
    }

    fn alerts(&self, receiver: &Receiver, now: Timestamp) -> Vec<Value> {
        let state = lock(&self.state);
        let Some(episodes) = state.episodes.get(&receiver.name) else {
            return Vec::new();
        };
        let firing: std::collections::HashMap<_, _> = episodes.firing().collect();
        let clusters = state.fleet.present();
        let alert = |cluster: &Arc<KnownCluster>| {
            let episode = firing.get(&cluster.key.row())?;
            let url = self.settings.serve.url.as_ref();
            let url = url.map(|url| messages::page(url, cluster));
            Some(alert(cluster, episode.opened_at, now, url))
        };
        clusters.filter_map(alert).collect()
    }
}

/// The labels are the identity of an alert, so the verdict, which may change, is none of them.
fn alert(cluster: &KnownCluster, started: Timestamp, now: Timestamp, url: Option<String>) -> Value {
    let key = &cluster.key;
    let ends = now.checked_add(ALERT_LIFE).unwrap_or(Timestamp::MAX);
    let verdict: Verdict = cluster.settled;
    json!({
        "labels": {
            "alertname": "IdsyncClusterUnwell",
            "project_id": key.project_id,
            "cluster_type": key.cluster_type,
            "cluster_id": key.cluster_id,
        },
        "annotations": {
            "cluster_name": cluster.title(),
            "verdict": verdict.as_str(),
            "summary": cluster.summary(),
        },
        "startsAt": started.min(now),
        "endsAt": ends,
        "generatorURL": url.unwrap_or_default(),
    })
}

/// The headers of Standard Webhooks, for a receiver of the format `webhook`.
fn headers(
    receiver: &Receiver,
    entry: &OutboxEntry,
    now: Timestamp,
) -> Result<Vec<(&'static str, String)>, MonitorError> {
    if receiver.format != Format::Webhook {
        return Ok(Vec::new());
    }
    let time = now.as_second();
    let mut headers = vec![
        ("webhook-id", entry.id.clone()),
        ("webhook-timestamp", time.to_string()),
    ];
    if let Some(path) = &receiver.secret_file {
        let secret = std::fs::read_to_string(path).map_err(|error| {
            MonitorError::caused(format!("{} cannot be read", path.display()), error)
        })?;
        let signed = format!("{}.{time}.{}", entry.id, entry.body);
        headers.push(("webhook-signature", signature(secret.trim(), &signed)?));
    }
    Ok(headers)
}

/// The secret is `whsec_` and the key in base64; any other text is the key itself.
fn signature(secret: &str, signed: &str) -> Result<String, MonitorError> {
    let key = match secret.strip_prefix("whsec_") {
        Some(encoded) => STANDARD
            .decode(encoded)
            .map_err(|_| MonitorError::new("the secret of the webhook is not in base64"))?,
        None => secret.as_bytes().to_vec(),
    };
    let mac = Hmac::<Sha256>::new_from_slice(&key);
    let mut mac = mac.map_err(|_| MonitorError::new("the secret of the webhook cannot be used"))?;
    mac.update(signed.as_bytes());
    let encoded = STANDARD.encode(mac.finalize().into_bytes());
    Ok(format!("v1,{encoded}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of <https://www.standardwebhooks.com/>.
    #[test]
    fn a_signature_is_that_of_standard_webhooks() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let signed = "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}";
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signature(secret, signed).unwrap(), expected);
    }
}
