//! Lists of a service, read and printed page by page.

use std::io;

use idsync::list::Pages;
use idsync::{Error, Service};
use jiff::Timestamp;

use crate::args::{Format, RangeArgs, ViewArgs};
use crate::connect::Connection;
use crate::errors::{CliError, Exit};
use crate::output::{Layout, Output, Row, RowWriter, Times, View, instant};

/// A list that is being printed. One page of it is held in memory, or all of it if it is sorted.
pub(super) struct List<'a, T> {
    output: &'a Output,
    view: View,
    times: Times,
    /// The time of `--since`.
    pub(super) since: Option<Timestamp>,
    /// How many rows may still be printed.
    room: usize,
    /// Rows that wait for the end of the page, or of a list that is sorted.
    rows: Vec<T>,
    writer: RowWriter<'a>,
    layout: Option<Layout>,
}

impl<'a, T: Row> List<'a, T> {
    /// An empty list with the flags `range` and `view`; times are relative to `now`.
    ///
    /// # Errors
    ///
    /// If a field or time cannot be read.
    pub(super) fn new(
        output: &'a Output,
        range: &RangeArgs,
        view: &ViewArgs,
        now: Timestamp,
    ) -> Result<Self, CliError> {
        let view = View::new::<T>(view, output.format)?;
        let times = output.times(now);
        let since = range.since.as_deref().map(|text| instant(text, &times));
        let limit = range.limit.and_then(|limit| limit.try_into().ok());
        Ok(Self {
            output,
            since: since.transpose()?,
            times,
            room: limit.unwrap_or(usize::MAX),
            rows: Vec::new(),
            writer: RowWriter::new(output, output.format, &view.fields::<T>()),
            view,
            layout: None,
        })
    }

    /// Prints the rows so far, in their order.
    fn print_rows(&mut self) -> io::Result<()> {
        let mut rows = self.view.sorted(std::mem::take(&mut self.rows));
        rows.truncate(self.room);
        self.room -= rows.len();
        if self.output.format != Format::Table {
            rows.iter().try_for_each(|row| self.writer.write(row))?;
            return self.writer.flush();
        }
        if rows.is_empty() {
            return Ok(());
        }
        let rows = rows.iter().map(|row| self.view.cells(row, &self.times));
        let rows: Vec<_> = rows.collect();
        let text = if let Some(layout) = &self.layout {
            rows.iter().map(|row| layout.line(row)).collect()
        } else {
            let layout = Layout::new(&rows, self.output.width);
            self.layout.insert(layout).text(&rows)
        };
        self.output.write(&text)
    }

    /// Ends the list. An incomplete list is still valid output, but without rows nothing is printed.
    fn finish(mut self, is_complete: bool) -> io::Result<()> {
        self.print_rows()?;
        let is_empty = self.layout.is_none() && !self.writer.has_rows;
        if is_empty && !is_complete {
            return Ok(());
        }
        if is_empty && self.output.format == Format::Table {
            self.output.log("nothing found");
        }
        self.writer.finish()
    }
}

/// Prints the items of `lists` that `is_wanted` accepts. Unreadable items are reported on stderr, and so are the errors of
/// all failed lists but the last.
///
/// # Errors
///
/// The error of the last list that failed; the output printed until then is valid.
pub(super) async fn print<T: Row + Send + 'static>(
    mut list: List<'_, T>,
    lists: Vec<Pages<T>>,
    mut is_wanted: impl FnMut(&T) -> bool,
    explain: impl Fn(Error) -> CliError,
) -> Result<Exit, CliError> {
    let output = list.output;
    let mut exit = Exit::Done;
    let mut failure = None;
    for mut pages in lists {
        while list.view.sort.is_some() || list.rows.len() < list.room {
            let page = match pages.try_next().await {
                Ok(Some(page)) => page,
                Ok(None) => break,
                Err(error) => {
                    if let Some(earlier) = failure.replace(explain(error)) {
                        output.fail(&earlier);
                    }
                    break;
                }
            };
            for entry in page.into_entries() {
                match entry {
                    Ok(item) if is_wanted(&item) => list.rows.push(item),
                    Ok(_) => {}
                    Err(error) => exit = output.fail(&error.into()),
                }
            }
            if list.view.sort.is_none() {
                list.print_rows()?;
            }
        }
    }
    list.finish(failure.is_none())?;
    failure.map_or(Ok(exit), Err)
}

/// Adds a hint where to find clusters to an error about a cluster that `service` does not have.
pub(super) fn with_cluster_hint(
    error: Error,
    service: Service,
    connection: &Connection,
) -> CliError {
    if !error.is_not_found() {
        return error.into();
    }
    let name = service.as_str().to_ascii_uppercase();
    let demo = connection.demo_clusters(service).join(", ");
    let other = match service {
        Service::Dws => "syncing",
        _ => "records",
    };
    let hint = match demo.as_str() {
        "" => format!(
            "give the id of a cluster of {name}; for one of the other service, use `idsync {other}`; `idsync tasks` lists the clusters of a workspace"
        ),
        demo => format!("the {name} clusters of the demo are {demo}"),
    };
    CliError::from(error).with_hint(hint)
}
