//! What the monitor is configured with.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use idsync::health::{Rules, Verdict};
use serde::de::{Deserialize, Deserializer, Error as _};
use url::{Host, Url};

use crate::MonitorError;
use crate::store::StoreLocation;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Largest budget of requests.
const MOST_REQUESTS: usize = 1_000;

/// The configuration of `idsync serve`: a TOML file, every key of which can be left out.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How sweeps are made and shown.
    pub serve: ServeSettings,
    /// Where and how long the history is kept.
    pub history: HistorySettings,
    /// Receivers of alerts.
    #[serde(rename = "receiver")]
    pub(crate) receivers: Vec<Receiver>,
}

/// How sweeps are made and shown.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServeSettings {
    /// The address that page, metrics and API listen on. Default: `127.0.0.1:9477`.
    pub listen: SocketAddr,
    /// The time from the start of one sweep to that of the next. Default: 5 minutes.
    #[serde(deserialize_with = "duration")]
    pub interval: Duration,
    /// Whether this instance sweeps. If not, it shows what `idsync sweep --shard` stores, and sends alerts. Default: true.
    pub sweep: bool,
    /// How many requests each connection may send. Default: no limit.
    #[serde(deserialize_with = "budget")]
    pub budget: Option<Budget>,
    /// How long the last answer of a cluster's service counts. Default: 24 hours.
    #[serde(deserialize_with = "duration")]
    pub carry_max: Duration,
    /// Which clusters have metrics of their own. Default: all.
    pub per_cluster: PerCluster,
    /// URL that a GET request is sent to after each complete sweep.
    #[serde(deserialize_with = "heartbeat")]
    pub heartbeat: Option<Url>,
    /// File with the secret that requests need. An address that is not a loopback one requires it, unless `public` is set.
    pub token_file: Option<PathBuf>,
    /// Whether requests are answered without a secret on an address that is not a loopback one.
    pub public: bool,
    /// Names of the host that requests may have, beside `localhost` and IP addresses.
    pub hosts: Vec<String>,
    /// The URL of the page, for links in messages.
    #[serde(deserialize_with = "page_url")]
    pub url: Option<Url>,
}

impl Default for ServeSettings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 9477)),
            interval: Duration::from_secs(5 * 60),
            sweep: true,
            budget: None,
            carry_max: DAY,
            per_cluster: PerCluster::All,
            heartbeat: None,
            token_file: None,
            public: false,
            hosts: Vec::new(),
            url: None,
        }
    }
}

/// So many requests in so much time, for the user of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// At least 1.
    pub requests: usize,
    /// Longer than zero.
    pub per: Duration,
}

impl Budget {
    /// The requests of one interval.
    pub(crate) fn in_interval(self, interval: Duration) -> f64 {
        let share = interval.as_secs_f64() / self.per.as_secs_f64();
        let requests = u32::try_from(self.requests).map_or(f64::MAX, f64::from);
        (requests * share).min(requests)
    }
}

/// Which clusters have metrics of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
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
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HistorySettings {
    /// Where the history is.
    #[serde(deserialize_with = "store")]
    pub store: Option<StoreLocation>,
    /// How long spells, sweeps and clusters that are gone are kept. Default: 90 days.
    #[serde(deserialize_with = "duration")]
    pub keep: Duration,
    /// How long runs are kept. Default: 2 years.
    #[serde(deserialize_with = "duration")]
    pub keep_runs: Duration,
}

impl Default for HistorySettings {
    fn default() -> Self {
        Self {
            store: None,
            keep: 90 * DAY,
            keep_runs: 730 * DAY,
        }
    }
}

/// A receiver of alerts, and which trouble it gets them for.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Receiver {
    pub(crate) name: String,
    pub(crate) format: Format,
    #[serde(deserialize_with = "outgoing")]
    pub(crate) url: Url,
    pub(crate) secret_file: Option<PathBuf>,
    #[serde(default = "default_verdicts", deserialize_with = "verdicts")]
    pub(crate) verdicts: Vec<Verdict>,
    /// How long a cluster has to be in trouble first.
    #[serde(rename = "for", default, deserialize_with = "duration")]
    pub(crate) after: Duration,
    /// Pause between two reminders; none if there are none.
    #[serde(default, deserialize_with = "remind")]
    pub(crate) remind: Option<Duration>,
}

/// The format of the requests to a receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Format {
    Webhook,
    Slack,
    Alertmanager,
}

impl Settings {
    /// Reads the text of a configuration file.
    ///
    /// # Errors
    ///
    /// If it is not valid: which line, and why.
    pub fn parse(text: &str) -> Result<Self, MonitorError> {
        let settings: Self = toml::from_str(text).map_err(|error| wrong(text, &error))?;
        let mut names = HashSet::new();
        for receiver in &settings.receivers {
            if !names.insert(&receiver.name) {
                let message = format!("two receivers are called {:?}", receiver.name);
                return Err(MonitorError::new(message));
            }
        }
        Ok(settings)
    }
}

/// Names the line, and does not repeat it: it may have a password or the address of a hook.
fn wrong(text: &str, error: &toml::de::Error) -> MonitorError {
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before.map_or(1, |before| before.matches('\n').count() + 1);
    MonitorError::new(format!("line {line}: {}", error.message()))
}

fn default_verdicts() -> Vec<Verdict> {
    vec![Verdict::Failing, Verdict::Stuck, Verdict::Overdue]
}

fn verdicts<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Verdict>, D::Error> {
    let verdicts = Vec::deserialize(from)?;
    if verdicts.contains(&Verdict::Healthy) || verdicts.contains(&Verdict::Running) {
        let message = "verdicts cannot have healthy or running: they are no trouble";
        return Err(D::Error::custom(message));
    }
    Ok(verdicts)
}

fn duration<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    parse_duration(&String::deserialize(from)?).map_err(D::Error::custom)
}

fn remind<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
    duration(from).map(Some)
}

fn parse_duration(text: &str) -> Result<Duration, MonitorError> {
    // The durations of the rules have no unit for years, and are shorter.
    for (unit, days) in [("y", 365), ("d", 1)] {
        let number = text.strip_suffix(unit).map(|number| number.trim().parse());
        if let Some(Ok(number @ 0..=36_500_u32)) = number {
            return Ok(number * days * DAY);
        }
    }
    Rules::parse_duration(text).map_err(|error| MonitorError::new(error.message()))
}

fn budget<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Budget>, D::Error> {
    let text = String::deserialize(from)?;
    let wrong = || D::Error::custom("budget: write requests and time, such as 200/5m");
    let (requests, per) = text.split_once('/').ok_or_else(wrong)?;
    let requests: usize = requests.trim().parse().map_err(|_| wrong())?;
    let per = parse_duration(per.trim()).map_err(D::Error::custom)?;
    if !(1..=MOST_REQUESTS).contains(&requests) || per.is_zero() {
        return Err(wrong());
    }
    Ok(Some(Budget { requests, per }))
}

fn store<'de, D: Deserializer<'de>>(from: D) -> Result<Option<StoreLocation>, D::Error> {
    let location = StoreLocation::parse(String::deserialize(from)?);
    location.map(Some).map_err(D::Error::custom)
}

fn url<'de, D: Deserializer<'de>>(from: D) -> Result<Url, D::Error> {
    let url = Url::parse(&String::deserialize(from)?);
    url.map_err(|_| D::Error::custom("this is not a URL"))
}

fn page_url<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Url>, D::Error> {
    url(from).map(Some)
}

/// A URL that messages are sent to: https, or a loopback address.
fn outgoing<'de, D: Deserializer<'de>>(from: D) -> Result<Url, D::Error> {
    let url = url(from)?;
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    if url.scheme() == "https" || (url.scheme() == "http" && is_loopback) {
        return Ok(url);
    }
    let message = "give a URL with https, or http on a loopback address";
    Err(D::Error::custom(message))
}

fn heartbeat<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Url>, D::Error> {
    outgoing(from).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_line_and_does_not_repeat_it() {
        for (text, why) in [
            (
                "keep = '1d'\nstore = 'postgres://me:s3cret@host/db' x",
                "line 3: ",
            ),
            ("keep = 's3cret'", "line 2: give a duration"),
            (
                "\nstore = 'mysql://s3cret'",
                "line 3: store: a URL with \"mysql\"",
            ),
            (
                "[[receiver]]\nname = 'a'\nformat = 'slack'\nurl = 'http://s3cret'",
                "line 5: give a URL with https",
            ),
        ] {
            let error = Settings::parse(&format!("[history]\n{text}")).unwrap_err();
            let error = error.to_string();
            assert!(error.starts_with(why), "{error}");
            assert!(!error.contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn an_interval_has_its_share_of_the_budget() {
        let budget = Budget {
            requests: 200,
            per: Duration::from_mins(5),
        };
        assert!((budget.in_interval(Duration::from_mins(1)) - 40.0).abs() < 1e-9);
        assert!((budget.in_interval(Duration::from_hours(1)) - 200.0).abs() < 1e-9);
    }
}
