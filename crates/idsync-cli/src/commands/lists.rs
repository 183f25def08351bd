//! Lists that are printed as their pages arrive.

use idsync::list::Pages;
use idsync::{Error, Service};
use jiff::civil::DateTime;
use jiff::{Span, Timestamp};

use crate::args::{RangeArgs, ViewArgs};
use crate::clock::ClockReading;
use crate::connect::Connection;
use crate::errors::{CliError, Exit};
use crate::output::Output;
use crate::output::list::List;
use crate::output::row::{Row, View};
use crate::output::time::Times;

/// Which rows are printed, and how.
pub(super) struct Listing<'a> {
    output: &'a Output,
    view: View,
    times: Times,
    limit: Option<u64>,
    since: Option<Timestamp>,
}

impl<'a> Listing<'a> {
    /// Reads the flags for rows of `T`.
    ///
    /// # Errors
    ///
    /// If a field or time cannot be read.
    pub(super) fn new<T: Row>(
        range: &RangeArgs,
        view: &ViewArgs,
        time: ClockReading,
        output: &'a Output,
    ) -> Result<Self, CliError> {
        let view = View::new::<T>(view, output.format())?;
        let times = output.times(time.now());
        let since = range.since.as_deref().map(|text| instant(text, &times));
        Ok(Self {
            output,
            view,
            limit: range.limit,
            since: since.transpose()?,
            times,
        })
    }

    /// Prints the items of `lists` that `is_wanted`, with whether they started since the time given. An unreadable item is
    /// reported on stderr, and so is what ended one of several lists early.
    ///
    /// # Errors
    ///
    /// What ended the last list early; what was printed until then is valid.
    pub(super) async fn print<T: Row + Send + 'static>(
        self,
        lists: Vec<Pages<T>>,
        mut is_wanted: impl FnMut(&T, Option<Timestamp>) -> bool,
        explain: impl Fn(Error) -> CliError,
    ) -> Result<Exit, CliError> {
        let mut list = List::new(self.output, self.view, self.times, self.limit);
        let mut exit = Exit::Done;
        let mut failure = None;
        for mut pages in lists {
            while !list.is_full() {
                let page = match pages.try_next().await {
                    Ok(Some(page)) => page,
                    Ok(None) => break,
                    Err(error) => {
                        if let Some(earlier) = failure.replace(explain(error)) {
                            self.output.fail(&earlier);
                        }
                        break;
                    }
                };
                for entry in page.into_entries() {
                    match entry {
                        Ok(item) if is_wanted(&item, self.since) => list.push(item)?,
                        Ok(_) => {}
                        Err(error) => exit = self.output.fail(&error.into()),
                    }
                }
                list.end_page()?;
            }
        }
        if let Some(failure) = failure {
            list.abandon()?;
            return Err(failure);
        }
        list.finish()?;
        Ok(exit)
    }
}

/// The instant of `--since`: a time, or a duration before now.
fn instant(text: &str, times: &Times) -> Result<Timestamp, CliError> {
    let zone = || times.zone.clone();
    let local = || text.parse::<DateTime>().ok()?.to_zoned(zone()).ok();
    let before = || {
        let span: Span = text.parse().ok()?;
        times.now.to_zoned(zone()).checked_sub(span.abs()).ok()
    };
    let time = text.parse().ok();
    let time = time.or_else(|| Some(local().or_else(before)?.timestamp()));
    time.ok_or_else(|| {
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
    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn a_start_is_a_time_a_day_or_a_duration() {
        let times = Times {
            now: "2026-11-22T06:00:00Z".parse().unwrap(),
            zone: TimeZone::fixed(jiff::tz::offset(8)),
        };
        for (text, expected) in [
            ("2026-11-20T06:00:00Z", "2026-11-20T06:00:00Z"),
            ("2026-11-20T06:00:00+01:00", "2026-11-20T05:00:00Z"),
            ("2026-11-20T06:00", "2026-11-19T22:00:00Z"),
            ("2026-11-20", "2026-11-19T16:00:00Z"),
            ("2h", "2026-11-22T04:00:00Z"),
            ("7d", "2026-11-15T06:00:00Z"),
            ("1 day ago", "2026-11-21T06:00:00Z"),
        ] {
            let start = instant(text, &times).unwrap();
            assert_eq!(start.to_string(), expected, "{text}");
        }
        for text in ["", "soon", "7", "2026-13-01"] {
            assert!(instant(text, &times).is_err(), "{text}");
        }
    }
}
