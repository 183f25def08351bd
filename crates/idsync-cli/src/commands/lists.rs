//! Lists that are printed as their pages arrive, and which part of them.

use idsync::list::Pages;
use idsync::{Error, Service};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::Serialize;

use crate::args::{RangeArgs, ViewArgs};
use crate::clock::ClockReading;
use crate::connect::Connection;
use crate::errors::{CliError, Exit};
use crate::output::Output;
use crate::output::list::List;
use crate::output::row::{Row, View};

/// Which rows are printed, and how.
pub(super) struct Listing {
    view: View,
    limit: Option<u64>,
    since: Option<String>,
}

impl Listing {
    /// Reads the flags for rows of `T`.
    ///
    /// # Errors
    ///
    /// If a field or time cannot be read.
    pub(super) fn new<T: Row>(
        range: &RangeArgs,
        view: &ViewArgs,
        output: &Output,
    ) -> Result<Self, CliError> {
        let since = range.since.clone();
        if let Some(text) = &since {
            instant(text, Timestamp::now(), &output.zone())?;
        }
        Ok(Self {
            view: View::new(view, T::FIELDS, output.format())?,
            limit: range.limit,
            since,
        })
    }

    /// Prints the items of `pages` that started since the time given. An unreadable item is reported on stderr.
    ///
    /// # Errors
    ///
    /// What ended the list early; what was printed until then is valid.
    pub(super) async fn print<T>(
        self,
        mut pages: Pages<T>,
        started: fn(&T) -> Option<Timestamp>,
        time: ClockReading,
        output: &Output,
        explain: impl Fn(Error) -> CliError,
    ) -> Result<Exit, CliError>
    where
        T: Row + Serialize + Send + 'static,
    {
        let times = output.times(time.now());
        let since = self.since.as_deref();
        let since = since.map(|text| instant(text, times.now, &times.zone));
        let since = since.transpose()?;
        let mut list = List::new(output, self.view, times, self.limit);
        let mut exit = Exit::Done;
        while !list.is_full() {
            let page = match pages.try_next().await {
                Ok(Some(page)) => page,
                Ok(None) => break,
                Err(error) => {
                    list.abandon()?;
                    return Err(explain(error));
                }
            };
            for entry in page.into_entries() {
                match entry {
                    Ok(item) if since.is_none_or(|since| started(&item) >= Some(since)) => {
                        if !list.is_full() {
                            list.push(item)?;
                        }
                    }
                    Ok(_) => {}
                    Err(error) => exit = output.fail(&error.into()),
                }
            }
            list.end_page()?;
        }
        list.finish()?;
        Ok(exit)
    }
}

/// The instant of `--since`: a time, or a duration before `now`.
fn instant(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Timestamp, CliError> {
    let local = |time: DateTime| time.to_zoned(zone.clone()).map(|zoned| zoned.timestamp());
    let span = || {
        let span: Span = text.parse().ok()?;
        let before = now.to_zoned(zone.clone()).checked_sub(span.abs()).ok()?;
        Some(before.timestamp())
    };
    let read = text.parse::<Timestamp>().ok();
    let read = read
        .or_else(|| local(text.parse().ok()?).ok())
        .or_else(|| {
            local(
                text.parse::<Date>()
                    .ok()?
                    .to_datetime(jiff::civil::Time::midnight()),
            )
            .ok()
        })
        .or_else(span);
    read.ok_or_else(|| {
        CliError::usage(format!(
            "--since: {text:?} is neither a time such as 2026-11-22T06:00:00Z or 2026-11-22, nor a duration such as 7d"
        ))
    })
}

/// Adds where clusters are found to an error about a cluster that `service` does not have.
pub(super) fn with_cluster_hint(
    error: Error,
    service: Service,
    connection: &Connection,
) -> CliError {
    let is_unknown = error.is_not_found();
    let error = CliError::from(error);
    if !is_unknown {
        return error;
    }
    let demo = connection.demo_clusters(service);
    if !demo.is_empty() {
        let name = service.as_str().to_ascii_uppercase();
        let known = demo.join(", ");
        return error.with_hint(format!("the {name} clusters of the demo are {known}"));
    }
    let hint = match service {
        Service::Dws => "give the id of a DWS cluster; for an MRS cluster, use `idsync syncing`",
        _ => "give the id of an MRS cluster; for a DWS cluster, use `idsync records`",
    };
    error.with_hint(format!(
        "{hint}; `idsync tasks` lists the clusters of a workspace"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_is_a_time_a_day_or_a_duration() {
        let now: Timestamp = "2026-11-22T06:00:00Z".parse().unwrap();
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        for (text, expected) in [
            ("2026-11-20T06:00:00Z", "2026-11-20T06:00:00Z"),
            ("2026-11-20T06:00:00+01:00", "2026-11-20T05:00:00Z"),
            ("2026-11-20T06:00", "2026-11-19T22:00:00Z"),
            ("2026-11-20", "2026-11-19T16:00:00Z"),
            ("2h", "2026-11-22T04:00:00Z"),
            ("7d", "2026-11-15T06:00:00Z"),
            ("1 day ago", "2026-11-21T06:00:00Z"),
        ] {
            assert_eq!(
                instant(text, now, &zone).unwrap().to_string(),
                expected,
                "{text}"
            );
        }
        for text in ["", "soon", "7", "2026-13-01"] {
            assert!(instant(text, now, &zone).is_err(), "{text}");
        }
    }
}
