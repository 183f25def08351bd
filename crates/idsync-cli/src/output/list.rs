//! A list that is printed as its pages arrive.

use std::io;

use jiff::civil::DateTime;
use jiff::{Span, Timestamp};

use super::Output;
use super::row::{Row, View};
use super::table::{Cell, Layout};
use super::time::Times;
use super::writer::RowWriter;
use crate::args::{Format, RangeArgs, ViewArgs};
use crate::errors::CliError;

/// A list that is being printed. One page of it is held in memory, or all of it if it is sorted.
pub(crate) struct List<'a, T> {
    output: &'a Output,
    view: View,
    times: Times,
    /// The time of `--since`.
    pub(crate) since: Option<Timestamp>,
    /// How many rows may still be printed.
    room: u64,
    /// Rows that wait to be sorted.
    unsorted: Vec<T>,
    writer: RowWriter<'a>,
    layout: Option<Layout>,
    /// Rows of a table that wait for the end of the page.
    page: Vec<Vec<Cell>>,
}

impl<'a, T: Row> List<'a, T> {
    /// An empty list with the flags `range` and `view`; times are relative to `now`.
    ///
    /// # Errors
    ///
    /// If a field or time cannot be read.
    pub(crate) fn new(
        output: &'a Output,
        range: &RangeArgs,
        view: &ViewArgs,
        now: Timestamp,
    ) -> Result<Self, CliError> {
        let view = View::new::<T>(view, output.format())?;
        let times = output.times(now);
        let since = range.since.as_deref().map(|text| instant(text, &times));
        Ok(Self {
            output,
            since: since.transpose()?,
            times,
            room: range.limit.unwrap_or(u64::MAX),
            unsorted: Vec::new(),
            writer: RowWriter::new(output, output.format(), view.fields::<T>()),
            view,
            layout: None,
            page: Vec::new(),
        })
    }

    /// Whether no further row would be printed.
    pub(crate) fn is_full(&self) -> bool {
        self.room == 0
    }

    /// Adds a row, unless the list is full.
    pub(crate) fn push(&mut self, row: T) -> io::Result<()> {
        if self.view.is_sorted() {
            self.unsorted.push(row);
            return Ok(());
        }
        self.write(&row)
    }

    fn write(&mut self, row: &T) -> io::Result<()> {
        if self.is_full() {
            return Ok(());
        }
        self.room -= 1;
        if self.output.format() == Format::Table {
            self.page.push(self.view.cells(row, &self.times));
            return Ok(());
        }
        self.writer.write(row)
    }

    /// Prints the rows of a page.
    pub(crate) fn end_page(&mut self) -> io::Result<()> {
        if self.page.is_empty() {
            return self.writer.flush();
        }
        let (output, mut text) = (self.output, String::new());
        let layout = self.layout.get_or_insert_with(|| {
            let layout = output.layout(&self.page, &self.view, output.width);
            text.push_str(&layout.header());
            layout
        });
        text.extend(self.page.drain(..).map(|row| layout.line(&row)));
        output.styled(&text)
    }

    /// Ends the list. An incomplete list is still valid output, but without rows nothing is printed.
    pub(crate) fn finish(mut self, is_complete: bool) -> io::Result<()> {
        let rows = std::mem::take(&mut self.unsorted);
        for row in self.view.sorted(rows) {
            self.write(&row)?;
        }
        self.end_page()?;
        let is_empty = self.layout.is_none() && !self.writer.has_rows;
        if is_empty && !is_complete {
            return Ok(());
        }
        if is_empty && self.output.format() == Format::Table {
            self.output.log("nothing found");
        }
        self.writer.finish()
    }
}

/// The instant of `--since`: a time, or a duration before now.
pub(crate) fn instant(text: &str, times: &Times) -> Result<Timestamp, CliError> {
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
