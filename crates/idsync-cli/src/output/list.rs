//! Rows that are printed as they arrive: tables page by page, the other formats row by row.

use std::io::{self, BufWriter, StdoutLock, Write};
use std::slice;

use serde::Serialize;

use super::row::{Row, View};
use super::table::{Cell, Layout};
use super::text::visible;
use super::time::Times;
use super::{Output, csv, yaml};
use crate::args::Format;

/// Writes rows to stdout as JSON, NDJSON, CSV or YAML.
pub(crate) struct RowWriter<'a> {
    output: &'a Output,
    format: Format,
    /// The columns of CSV.
    fields: Vec<&'static str>,
    stdout: BufWriter<StdoutLock<'static>>,
    has_rows: bool,
}

impl<'a> RowWriter<'a> {
    /// No row yet.
    pub(crate) fn new(output: &'a Output, format: Format, fields: Vec<&'static str>) -> Self {
        Self {
            output,
            format,
            fields,
            stdout: BufWriter::new(io::stdout().lock()),
            has_rows: false,
        }
    }

    /// Writes a row; with `--jq`, all values that the expression makes of it.
    pub(crate) fn write<T: Serialize>(&mut self, row: &T) -> io::Result<()> {
        match self.format {
            Format::Csv => self.put(&csv::line(row, &self.fields)?),
            // The items of a list, one after the other, are a document.
            Format::Yaml => self.put(&yaml(&slice::from_ref(row))?),
            _ => {
                let values = self.output.json_lines(row)?;
                values.iter().try_for_each(|value| self.put(value))
            }
        }
    }

    fn put(&mut self, row: &str) -> io::Result<()> {
        match self.format {
            Format::Json if self.has_rows => self.stdout.write_all(b",\n")?,
            Format::Json => self.stdout.write_all(b"[\n")?,
            Format::Csv if !self.has_rows => self.header()?,
            _ => {}
        }
        self.has_rows = true;
        if self.output.is_terminal {
            let row = row.replace("\r\n", "\n");
            self.stdout.write_all(visible(&row).as_bytes())?;
        } else {
            self.stdout.write_all(row.as_bytes())?;
        }
        match self.format {
            Format::Ndjson => self.stdout.write_all(b"\n"),
            _ => Ok(()),
        }
    }

    fn header(&mut self) -> io::Result<()> {
        write!(self.stdout, "{}\r\n", self.fields.join(","))
    }

    /// Hands on what was written so far.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.stdout.flush()
    }

    /// Writes a whole list.
    pub(crate) fn write_all<T: Serialize>(
        mut self,
        rows: impl IntoIterator<Item = T>,
    ) -> io::Result<()> {
        for row in rows {
            self.write(&row)?;
        }
        self.finish()
    }

    /// Ends the list.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        match self.format {
            Format::Json if self.has_rows => self.stdout.write_all(b"\n]\n")?,
            Format::Json | Format::Yaml if !self.has_rows => self.stdout.write_all(b"[]\n")?,
            Format::Csv if !self.has_rows => self.header()?,
            _ => {}
        }
        self.flush()
    }
}

/// A list on its way to stdout. One page of it is held in memory, or all of it if it is sorted.
pub(crate) struct List<'a, T> {
    output: &'a Output,
    view: View,
    times: Times,
    /// How many rows may still be printed.
    room: u64,
    /// Rows that wait to be sorted.
    unsorted: Vec<T>,
    writer: RowWriter<'a>,
    layout: Option<Layout>,
    /// Rows of a table that wait for the end of the page.
    page: Vec<Vec<Cell>>,
    is_empty: bool,
}

impl<'a, T: Row> List<'a, T> {
    /// An empty list of at most `limit` rows.
    pub(crate) fn new(output: &'a Output, view: View, times: Times, limit: Option<u64>) -> Self {
        Self {
            writer: RowWriter::new(output, output.format(), view.fields::<T>()),
            output,
            view,
            times,
            room: limit.unwrap_or(u64::MAX),
            unsorted: Vec::new(),
            layout: None,
            page: Vec::new(),
            is_empty: true,
        }
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

    /// Prints what arrived so far.
    pub(crate) fn end_page(&mut self) -> io::Result<()> {
        if self.page.is_empty() {
            return self.writer.flush();
        }
        let mut text = String::new();
        let layout = self.layout.get_or_insert_with(|| {
            let layout = self
                .output
                .layout(&self.page, &self.view, self.output.width);
            text.push_str(&layout.header());
            layout
        });
        text.extend(self.page.drain(..).map(|row| layout.line(&row)));
        self.output.styled(&text)
    }

    /// Ends a list that is complete.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.release()?;
        if self.is_empty && self.output.format() == Format::Table {
            self.output.log("nothing found");
        }
        self.writer.finish()
    }

    /// Ends a list whose rest is missing. What was printed is valid; nothing looks like an empty list.
    pub(crate) fn abandon(mut self) -> io::Result<()> {
        self.release()?;
        if self.is_empty {
            return Ok(());
        }
        self.writer.finish()
    }

    /// Writes the rows that waited to be sorted, or for the end of the page.
    fn release(&mut self) -> io::Result<()> {
        let rows = std::mem::take(&mut self.unsorted);
        for row in self.view.sorted(rows) {
            self.write(&row)?;
        }
        self.end_page()
    }

    fn write(&mut self, row: &T) -> io::Result<()> {
        if self.is_full() {
            return Ok(());
        }
        self.room -= 1;
        self.is_empty = false;
        if self.output.format() == Format::Table {
            self.page.push(self.view.cells(row, &self.times));
            return Ok(());
        }
        self.writer.write(row)
    }
}
