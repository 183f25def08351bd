//! Values of flags, checked while the command line is read.

use std::path::Path;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use idsync::config::parse_rate;
use idsync::health::{ClusterRef, IgnoreRule, Verdict};
use idsync::{ClusterId, Service};
use idsync_emulator::{EmulatorError, MAX_TIME_SCALE, Scenario};
use jiff::SignedDuration;
#[cfg(feature = "serve")]
use jiff::civil::Date;
use jiff::civil::DateTime;

const DURATION: &str = "give a number with a unit, such as 3s, 500ms or 1m 30s";

/// Shortest pause between two checks.
const MIN_INTERVAL: Duration = Duration::from_millis(10);

/// Longest timeout or pause.
const MAX_DURATION: SignedDuration = SignedDuration::from_hours(24);

/// Reads a timeout such as `3s`, `500ms` or `1m 30s`: longer than 0, at most a day.
///
/// # Errors
///
/// A sentence with the accepted values.
pub(crate) fn timeout(text: &str) -> Result<Duration, String> {
    match pause(text)? {
        Duration::ZERO => Err(format!("it must be longer than 0s; {DURATION}")),
        timeout => Ok(timeout),
    }
}

/// Reads the pause between two checks: like [`timeout`], but at least 10 ms.
///
/// # Errors
///
/// A sentence with the accepted values.
pub(crate) fn interval(text: &str) -> Result<Duration, String> {
    match timeout(text)? {
        short if short < MIN_INTERVAL => Err("it must be at least 10ms".to_owned()),
        interval => Ok(interval),
    }
}

/// Like [`timeout`], but 0 is accepted.
///
/// # Errors
///
/// A sentence with the accepted values.
pub(crate) fn pause(text: &str) -> Result<Duration, String> {
    let duration: SignedDuration = text.trim().parse().map_err(|_| DURATION.to_owned())?;
    if duration > MAX_DURATION {
        return Err("it must be at most 24h".to_owned());
    }
    Duration::try_from(duration).map_err(|_| format!("it must not be negative; {DURATION}"))
}

/// A number of requests in a time.
pub(crate) type Rate = (usize, Duration);

/// Reads a rate such as `200/5m`; a unit alone means one of it.
///
/// # Errors
///
/// A sentence with the accepted values.
pub(crate) fn rate(text: &str) -> Result<Rate, String> {
    let with_number = text.replace('/', "/1");
    let read = parse_rate(text).or_else(|_| parse_rate(&with_number)).ok();
    let read = read.filter(|(requests, per)| *requests > 0 && !per.is_zero());
    read.ok_or_else(|| {
        "give a number of requests and a duration, such as 200/5m or 10/s".to_owned()
    })
}

/// The URL of a service, or of all services.
pub(crate) type EndpointArg = (Option<Service>, String);

/// Reads `URL` or `SERVICE=URL`.
///
/// # Errors
///
/// A sentence without the URL, which may hold a password.
pub(crate) fn endpoint(text: &str) -> Result<EndpointArg, String> {
    let (service, url) = match text.split_once('=') {
        // After a scheme, `=` belongs to the URL.
        Some((name, url)) if !name.contains("://") => (Some(service(name.trim())?), url.trim()),
        _ => (None, text.trim()),
    };
    if url.is_empty() {
        return Err("give a URL, such as https://dws.example.com".to_owned());
    }
    Ok((service, url.to_owned()))
}

fn service(name: &str) -> Result<Service, String> {
    let mut services = Service::ALL.into_iter();
    let known = services.find(|service| service.as_str().eq_ignore_ascii_case(name));
    known.ok_or_else(|| {
        let names = Service::ALL.map(Service::as_str).join(", ");
        format!("{name:?} is not a service; give one of {names}, or a URL alone")
    })
}

/// A condition of `--fail-on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailOn {
    /// A cluster or the report has this verdict.
    Verdict(Verdict),
    /// Something got worse since the report of `--compare`.
    Worse,
}

/// A parser of verdicts and `worse`.
pub(crate) fn fail_on() -> impl TypedValueParser<Value = FailOn> {
    let verdicts = Verdict::ALL.map(|verdict| (verdict.as_str(), FailOn::Verdict(verdict)));
    choice(verdicts.into_iter().chain([("worse", FailOn::Worse)]))
}

/// A parser of the documented values of a filter; others are refused, since they would find nothing.
pub(crate) fn known<T: Clone + Send + Sync>(
    values: &'static [T],
    as_str: fn(&'static T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    let values = values.iter();
    choice(values.map(move |value| (as_str(value), value.clone())))
}

/// A parser of words that stand for values; a flag with `ignore_case` takes them in any case.
pub(crate) fn choice<T: Clone + Send + Sync + 'static>(
    choices: impl IntoIterator<Item = (&'static str, T)>,
) -> impl TypedValueParser<Value = T> {
    let choices: Vec<_> = choices.into_iter().collect();
    let words: Vec<_> = choices.iter().map(|(word, _)| *word).collect();
    PossibleValuesParser::new(words).try_map(move |word| {
        let mut choices = choices.iter();
        let found = choices.find(|(known, _)| known.eq_ignore_ascii_case(&word));
        found.map(|(_, value)| value.clone()).ok_or("unknown word")
    })
}

/// The scenario of a name, else of a file.
pub(crate) fn scenario(text: &str) -> Result<Scenario, EmulatorError> {
    let path = Path::new(text);
    if path.extension().is_some() || path.exists() && !Scenario::NAMES.contains(&text) {
        return Scenario::from_file(path);
    }
    Scenario::named(text)
}

/// A cluster by its id, or by its name in a task.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ClusterArg {
    Id(ClusterRef),
    Name(ClusterId),
}

/// Reads `dws:ID`, `mrs:ID`, or a name.
pub(crate) fn cluster(text: &str) -> Result<ClusterArg, idsync::Error> {
    if text.contains(':') {
        text.parse().map(ClusterArg::Id)
    } else {
        text.parse().map(ClusterArg::Name)
    }
}

/// Reads the id or name of a cluster of `service`; an id with or without `dws:` or `mrs:`.
pub(crate) fn cluster_of(service: Service, text: &str) -> Result<ClusterId, String> {
    match cluster(text).map_err(|error| error.to_string())? {
        ClusterArg::Name(id) => Ok(id),
        ClusterArg::Id(cluster) if cluster.service() == service => Ok(cluster.id().clone()),
        ClusterArg::Id(cluster) if cluster.service() == Service::Dws => {
            Err("this is a DWS cluster; use `idsync records` for it".to_owned())
        }
        ClusterArg::Id(_) => Err("this is an MRS cluster; use `idsync syncing` for it".to_owned()),
    }
}

/// Reads a rule of `--ignore`, where a cluster is given without its service.
pub(crate) fn ignore(text: &str) -> Result<IgnoreRule, String> {
    text.parse()
        .map_err(|error: idsync::Error| match text.parse::<ClusterRef>() {
            Ok(cluster) => format!("name the cluster by its id or name alone: {}", cluster.id()),
            Err(_) => error.message().to_owned(),
        })
}

/// Seconds that pass at the emulated services in one second.
pub(crate) fn time_scale(text: &str) -> Result<f64, String> {
    let scale = text.parse().ok();
    let scale = scale.filter(|scale| *scale > 0.0 && *scale <= MAX_TIME_SCALE);
    scale.ok_or_else(|| format!("give a number above 0, at most {MAX_TIME_SCALE}"))
}

/// The time of a signature.
pub(crate) fn signing_date(text: &str) -> Result<String, String> {
    let date = DateTime::strptime("%Y%m%dT%H%M%SZ", text);
    date.map_err(|_| "give a date in UTC, such as 20260108T123456Z")?;
    Ok(text.to_owned())
}

/// The day of `idsync export`; none for `yesterday`.
#[cfg(feature = "serve")]
pub(crate) type ExportDay = Option<Date>;

/// Reads a day, or `yesterday`.
#[cfg(feature = "serve")]
pub(crate) fn export_day(text: &str) -> Result<ExportDay, &'static str> {
    if text == "yesterday" {
        return Ok(None);
    }
    let date = Date::strptime("%Y-%m-%d", text).map(Some);
    date.map_err(|_| "give a day such as 2026-11-22, or `yesterday`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_has_a_unit() {
        for (text, milliseconds) in [
            ("3s", 3000),
            ("500ms", 500),
            ("1m 30s", 90_000),
            ("2 minutes", 120_000),
            ("24h", 86_400_000),
        ] {
            assert_eq!(
                timeout(text),
                Ok(Duration::from_millis(milliseconds)),
                "{text}"
            );
        }
        assert_eq!(pause("0s"), Ok(Duration::ZERO));
    }
}
