//! What the monitor is configured with.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use idsync::health::{Rules, Verdict};
use serde::Deserialize;
use url::Url;

use crate::MonitorError;
use crate::episodes::AlertRule;
use crate::plan::Budget;
use crate::store::StoreLocation;

/// Largest budget of requests.
const MOST_REQUESTS: usize = 1_000;

/// The configuration of `idsync serve`: a TOML file, every key of which can be left out.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// How sweeps are made and shown.
    pub serve: ServeSettings,
    /// Where and how long the history is kept.
    pub history: HistorySettings,
    /// Receivers of alerts.
    pub(crate) receivers: Vec<Receiver>,
}

/// How sweeps are made and shown.
#[derive(Clone, Debug)]
pub struct ServeSettings {
    /// The address that page, metrics and API listen on. Default: `127.0.0.1:9477`.
    pub listen: SocketAddr,
    /// The time from the start of one sweep to that of the next. Default: 5 minutes.
    pub interval: Duration,
    /// Whether this instance sweeps. If not, it shows what `idsync sweep --shard` stores, and sends alerts. Default: true.
    pub sweep: bool,
    /// How many requests each connection may send. Default: no limit.
    pub budget: Option<Budget>,
    /// How long the last answer of a cluster's service counts. Default: 24 hours.
    pub carry_max: Duration,
    /// Which clusters have metrics of their own. Default: all.
    pub per_cluster: PerCluster,
    /// URL that a GET request is sent to after each complete sweep.
    pub heartbeat: Option<Url>,
    /// File with the secret that requests need. An address that is not a loopback one requires it, unless `public` is set.
    pub token_file: Option<PathBuf>,
    /// Whether requests are answered without a secret on an address that is not a loopback one.
    pub public: bool,
    /// Names of the host that requests may have, beside `localhost` and IP addresses.
    pub hosts: Vec<String>,
    /// The URL of the page, for links in messages.
    pub url: Option<Url>,
}

impl Default for ServeSettings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 9477)),
            interval: Duration::from_secs(5 * 60),
            sweep: true,
            budget: None,
            carry_max: Duration::from_secs(24 * 60 * 60),
            per_cluster: PerCluster::All,
            heartbeat: None,
            token_file: None,
            public: false,
            hosts: Vec::new(),
            url: None,
        }
    }
}

/// Which clusters have metrics of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PerCluster {
    /// Every cluster.
    #[default]
    All,
    /// Those that are in trouble or unknown.
    Unwell,
    /// None.
    None,
}

/// Where and how long the history is kept.
#[derive(Clone, Debug)]
pub struct HistorySettings {
    /// Where the history is.
    pub store: Option<StoreLocation>,
    /// How long spells, sweeps and clusters that are gone are kept. Default: 90 days.
    pub keep: Duration,
    /// How long runs are kept. Default: 2 years.
    pub keep_runs: Duration,
}

impl Default for HistorySettings {
    fn default() -> Self {
        Self {
            store: None,
            keep: Duration::from_secs(90 * 24 * 60 * 60),
            keep_runs: Duration::from_secs(730 * 24 * 60 * 60),
        }
    }
}

/// A receiver of alerts.
#[derive(Clone, Debug)]
pub(crate) struct Receiver {
    pub(crate) name: String,
    pub(crate) format: Format,
    pub(crate) url: Url,
    pub(crate) secret_file: Option<PathBuf>,
    pub(crate) rule: AlertRule,
}

/// The format of the requests to a receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Format {
    Webhook,
    Slack,
    Alertmanager,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct FileForm {
    serve: ServeForm,
    history: HistoryForm,
    receiver: Vec<ReceiverForm>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ServeForm {
    listen: Option<SocketAddr>,
    interval: Option<String>,
    sweep: Option<bool>,
    budget: Option<String>,
    carry_max: Option<String>,
    per_cluster: PerCluster,
    heartbeat: Option<String>,
    token_file: Option<PathBuf>,
    public: bool,
    hosts: Vec<String>,
    url: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct HistoryForm {
    store: Option<String>,
    keep: Option<String>,
    keep_runs: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReceiverForm {
    name: String,
    format: Format,
    url: String,
    secret_file: Option<PathBuf>,
    verdicts: Option<Vec<Verdict>>,
    #[serde(rename = "for")]
    after: Option<String>,
    remind: Option<String>,
}

impl Settings {
    /// Reads the text of a configuration file.
    ///
    /// # Errors
    ///
    /// If it is not valid: which key, and why.
    pub fn parse(text: &str) -> Result<Self, MonitorError> {
        let form: FileForm = toml::from_str(text).map_err(|error| wrong(text, &error))?;
        let receivers = form.receiver.into_iter().map(ReceiverForm::receiver);
        let receivers: Vec<Receiver> = receivers.collect::<Result<_, _>>()?;
        for (position, receiver) in receivers.iter().enumerate() {
            let mut others = receivers.iter().take(position);
            if others.any(|other| other.name == receiver.name) {
                let message = format!("two receivers are called {:?}", receiver.name);
                return Err(MonitorError::new(message));
            }
        }
        Ok(Self {
            serve: form.serve.settings()?,
            history: form.history.settings()?,
            receivers,
        })
    }
}

impl ServeForm {
    fn settings(self) -> Result<ServeSettings, MonitorError> {
        let default = ServeSettings::default();
        let budget = self.budget.as_deref().map(budget).transpose()?;
        Ok(ServeSettings {
            listen: self.listen.unwrap_or(default.listen),
            interval: duration("interval", self.interval.as_deref())?.unwrap_or(default.interval),
            sweep: self.sweep.unwrap_or(default.sweep),
            budget,
            carry_max: duration("carry_max", self.carry_max.as_deref())?
                .unwrap_or(default.carry_max),
            per_cluster: self.per_cluster,
            heartbeat: self
                .heartbeat
                .map(|url| outgoing("heartbeat", &url))
                .transpose()?,
            token_file: self.token_file,
            public: self.public,
            hosts: self.hosts,
            url: self.url.map(|url| parsed("url", &url)).transpose()?,
        })
    }
}

impl HistoryForm {
    fn settings(self) -> Result<HistorySettings, MonitorError> {
        let default = HistorySettings::default();
        let store = self.store.map(StoreLocation::parse);
        Ok(HistorySettings {
            store: store.transpose()?,
            keep: duration("keep", self.keep.as_deref())?.unwrap_or(default.keep),
            keep_runs: duration("keep_runs", self.keep_runs.as_deref())?
                .unwrap_or(default.keep_runs),
        })
    }
}

impl ReceiverForm {
    fn receiver(self) -> Result<Receiver, MonitorError> {
        let default = [Verdict::Failing, Verdict::Stuck, Verdict::Overdue];
        let verdicts = self.verdicts.unwrap_or_else(|| default.to_vec());
        if verdicts.contains(&Verdict::Healthy) || verdicts.contains(&Verdict::Running) {
            let message = format!(
                "receiver {:?}: verdicts cannot have healthy or running: they are no trouble",
                self.name
            );
            return Err(MonitorError::new(message));
        }
        Ok(Receiver {
            format: self.format,
            url: outgoing(&format!("receiver {:?}", self.name), &self.url)?,
            secret_file: self.secret_file,
            rule: AlertRule {
                verdicts,
                after: duration("for", self.after.as_deref())?.unwrap_or(Duration::ZERO),
                remind: duration("remind", self.remind.as_deref())?,
            },
            name: self.name,
        })
    }
}

/// Names the line, and does not repeat it: it may have a password or the address of a hook.
fn wrong(text: &str, error: &toml::de::Error) -> MonitorError {
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before.map_or(1, |before| before.matches('\n').count() + 1);
    MonitorError::new(format!("line {line}: {}", error.message()))
}

fn duration(key: &str, text: Option<&str>) -> Result<Option<Duration>, MonitorError> {
    let Some(text) = text else { return Ok(None) };
    // The durations of the rules have no unit for years, and are shorter.
    for (unit, days) in [("y", 365), ("d", 1)] {
        let number = text
            .strip_suffix(unit)
            .and_then(|number| number.trim().parse::<u32>().ok());
        if let Some(number) = number.filter(|number| *number <= 36_500) {
            return Ok(Some(Duration::from_secs(
                u64::from(number) * days * 24 * 60 * 60,
            )));
        }
    }
    let parsed = Rules::parse_duration(text);
    let parsed =
        parsed.map_err(|error| MonitorError::new(format!("{key}: {}", error.message())))?;
    Ok(Some(parsed))
}

fn budget(text: &str) -> Result<Budget, MonitorError> {
    let wrong = || MonitorError::new("budget: write requests and time, such as 200/5m");
    let (requests, per) = text.split_once('/').ok_or_else(wrong)?;
    let requests: usize = requests.trim().parse().map_err(|_| wrong())?;
    let per = duration("budget", Some(per.trim()))?.ok_or_else(wrong)?;
    if !(1..=MOST_REQUESTS).contains(&requests) || per.is_zero() {
        return Err(wrong());
    }
    Ok(Budget { requests, per })
}

fn parsed(key: &str, url: &str) -> Result<Url, MonitorError> {
    Url::parse(url).map_err(|_| MonitorError::new(format!("{key}: this is not a URL")))
}

/// A URL that messages are sent to: https, or a loopback address.
fn outgoing(key: &str, url: &str) -> Result<Url, MonitorError> {
    let url = parsed(key, url)?;
    let is_loopback = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    if url.scheme() == "https" || (url.scheme() == "http" && is_loopback) {
        return Ok(url);
    }
    Err(MonitorError::new(format!(
        "{key}: give a URL with https, or http on a loopback address"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_line_and_does_not_repeat_it() {
        let text = "[history]\nkeep = '1d'\nstore = 'postgres://me:s3cret@host/db' x";
        let error = Settings::parse(text).unwrap_err().to_string();
        assert!(error.starts_with("line 3: "), "{error}");
        assert!(!error.contains("s3cret"), "{error}");
    }
}
