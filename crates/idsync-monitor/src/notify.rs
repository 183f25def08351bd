//! Delivers messages: at least once, in the order of their attempts, however often the monitor is restarted.

mod http;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::Sha256;
use tracing::warn;

use self::http::Sender;
use crate::MonitorError;
use crate::fleet::KnownCluster;
use crate::monitor::{Monitor, lock};
use crate::settings::{Format, Receiver};
use crate::store::OutboxEntry;

/// Longest pause between two looks at the outbox, and between two posts to Alertmanager.
const PAUSE: Duration = Duration::from_secs(60);

const SHORTEST_PAUSE: Duration = Duration::from_millis(50);

/// How long Alertmanager keeps an alert that is not posted again.
const ALERT_LIFE: SignedDuration = SignedDuration::from_mins(5);

/// Pause before the first repeated attempt; each further one is twice as long.
const FIRST_RETRY: SignedDuration = SignedDuration::from_secs(10);

/// The longest pause between two attempts.
const LONGEST_RETRY: SignedDuration = SignedDuration::from_hours(1);

/// A message is given up after so many attempts, which take about three days.
const MOST_TRIES: i64 = 80;

impl Monitor {
    /// Delivers messages until the monitor stops.
    ///
    /// # Errors
    ///
    /// If no client for HTTP can be set up.
    pub async fn deliver(self: Arc<Self>) -> Result<(), MonitorError> {
        let sender = Sender::new()?;
        while !self.is_stopping() {
            let mut pause = PAUSE;
            let leads = self.blocking(|monitor| Ok(monitor.is_leading())).await;
            if leads.unwrap_or(false) {
                pause = self.deliver_due(&sender).await;
                self.post_firing(&sender).await;
            }
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
        let asking = async { Sender::new()?.get(url).await };
        self.count_attempt("heartbeat", &asking.await);
    }

    /// Counts what became of a request, and logs why it failed.
    fn count_attempt(&self, receiver: &str, sent: &Result<(), MonitorError>) {
        let outcome = if sent.is_ok() { "delivered" } else { "failed" };
        self.count_notification(receiver, outcome);
        if let Err(why) = sent {
            warn!("the request to {receiver:?} failed: {why}");
        }
    }

    /// Tries every message that is due, the longest waiting first. Gives the time until the next one is.
    async fn deliver_due(self: &Arc<Self>, sender: &Sender) -> Duration {
        let waiting = self.blocking(|monitor| monitor.store.reader().outbox());
        let waiting = waiting.await.inspect_err(|error| warn!("{error}"));
        for entry in waiting.unwrap_or_default() {
            // By the time of this machine: that of an emulator may run faster.
            let wait = entry.next_try_at.duration_since(Timestamp::now());
            if wait.is_positive() {
                return wait.unsigned_abs().clamp(SHORTEST_PAUSE, PAUSE);
            }
            if self.is_stopping() {
                break;
            }
            if let Err(error) = self.attempt(sender, entry).await {
                warn!("{error}");
            }
        }
        PAUSE
    }

    async fn attempt(
        self: &Arc<Self>,
        sender: &Sender,
        entry: OutboxEntry,
    ) -> Result<(), MonitorError> {
        let mut receivers = self.settings.receivers.iter();
        let next = match receivers.find(|receiver| receiver.name == entry.receiver) {
            Some(receiver) => self.send(sender, receiver, &entry).await,
            // It was removed from the configuration.
            None => None,
        };
        self.blocking(move |monitor| match next {
            Some(next) => monitor
                .store
                .postpone_message(&entry.id, entry.tries + 1, next),
            None => monitor.store.remove_message(&entry.id),
        })
        .await
    }

    /// Sends a message. Gives when to try it again; none if it was delivered, or is given up.
    async fn send(
        &self,
        sender: &Sender,
        receiver: &Receiver,
        entry: &OutboxEntry,
    ) -> Option<Timestamp> {
        let now = Timestamp::now();
        let sending = async {
            let headers = headers(receiver, entry, now)?;
            let body = entry.body.clone();
            sender.post(&receiver.url, &headers, body).await
        };
        let sent = sending.await;
        let tries = entry.tries + 1;
        let is_last = tries >= MOST_TRIES;
        let outcome = match &sent {
            Ok(()) => "delivered",
            Err(_) if is_last => "given_up",
            Err(_) => "failed",
        };
        self.count_notification(&receiver.name, outcome);
        let (name, why) = (&receiver.name, sent.err()?);
        warn!("receiver {name:?}: attempt {tries} failed: {why}");
        let pause = FIRST_RETRY.saturating_mul(1 << entry.tries.clamp(0, 10));
        (!is_last).then(|| now + pause.min(LONGEST_RETRY))
    }

    /// Posts what is firing to each Alertmanager; what is no longer posted ends there by itself.
    async fn post_firing(&self, sender: &Sender) {
        let receivers = self.settings.receivers.iter();
        for receiver in receivers.filter(|one| one.format == Format::Alertmanager) {
            let alerts = self.alerts(receiver, Timestamp::now());
            if !alerts.is_empty() {
                let body = Value::from(alerts).to_string();
                let sent = sender.post(&receiver.url, &[], body).await;
                self.count_attempt(&receiver.name, &sent);
            }
        }
    }

    fn alerts(&self, receiver: &Receiver, now: Timestamp) -> Vec<Value> {
        let state = lock(&self.state);
        let Some(episodes) = state.episodes.get(&receiver.name) else {
            return Vec::new();
        };
        let firing: HashMap<_, _> = episodes.firing().map(|one| (one.cluster, one)).collect();
        let clusters = state.fleet.present();
        let alert = |cluster: &Arc<KnownCluster>| {
            let episode = firing.get(&cluster.key.row())?;
            let url = self.settings.serve.url.as_ref();
            let url = url.map(|url| cluster.key.page(url).into());
            Some(alert(cluster, episode.opened_at, now, url))
        };
        clusters.filter_map(alert).collect()
    }
}

/// The labels are the identity of an alert, so the verdict, which may change, is none of them.
fn alert(cluster: &KnownCluster, started: Timestamp, now: Timestamp, url: Option<String>) -> Value {
    let key = &cluster.key;
    json!({
        "labels": {
            "alertname": "IdsyncClusterUnwell",
            "project_id": key.project_id,
            "cluster_type": key.cluster_type,
            "cluster_id": key.cluster_id,
        },
        "annotations": {
            "cluster_name": cluster.title(),
            "verdict": cluster.settled.as_str(),
            "summary": cluster.summary(),
        },
        "startsAt": started.min(now),
        "endsAt": now + ALERT_LIFE,
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
        let secret = std::fs::read_to_string(path)
            .map_err(|error| MonitorError::of_file(path, "read", error))?;
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
    Ok(format!(
        "v1,{}",
        STANDARD.encode(mac.finalize().into_bytes())
    ))
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
