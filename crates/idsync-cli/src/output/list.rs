//! A list that is printed page by page.

use std::io::{self, BufWriter, StdoutLock, Write};

use super::csv::Csv;
use super::row::{Row, SortKey, View, cells, columns};
use super::table::{Cell, Layout};
use super::time::Times;
use super::{Output, json, yaml};
use crate::args::Format;

/// A list on its way to stdout. One page of it is held in memory, or all of it if it is sorted.
pub(crate) struct List<'a, T> {
    output: &'a Output,
    view: View,
    times: Times,
    /// Most rows that are printed.
    limit: u64,
    /// Rows that wait to be sorted.
    unsorted: Vec<(SortKey, T)>,
    written: u64,
    format: ListFormat,
}

enum ListFormat {
    Table {
        layout: Option<Layout>,
        page: Vec<Vec<Cell>>,
    },
    Json(BufWriter<StdoutLock<'static>>),
    Ndjson(BufWriter<StdoutLock<'static>>),
    Csv(Box<Csv<StdoutLock<'static>>>),
    Yaml(BufWriter<StdoutLock<'static>>),
}

impl<'a, T: Row> List<'a, T> {
    /// An empty list of at most `limit` rows.
    pub(crate) fn new(output: &'a Output, view: View, times: Times, limit: Option<u64>) -> Self {
        let stdout = || BufWriter::new(io::stdout().lock());
        let format = match output.format() {
            Format::Table => ListFormat::Table {
                layout: None,
                page: Vec::new(),
            },
            Format::Json => ListFormat::Json(stdout()),
            Format::Ndjson => ListFormat::Ndjson(stdout()),
            Format::Csv => {
                let fields = view.columns().unwrap_or(T::FIELDS);
                let csv = Csv::new(io::stdout().lock(), fields, output.is_terminal);
                ListFormat::Csv(Box::new(csv))
            }
            Format::Yaml => ListFormat::Yaml(stdout()),
        };
        Self {
            output,
            view,
            times,
            limit: limit.unwrap_or(u64::MAX),
            unsorted: Vec::new(),
            written: 0,
            format,
        }
    }

    /// Whether no further row would be printed.
    pub(crate) fn is_full(&self) -> bool {
        self.written >= self.limit
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: T) -> io::Result<()> {
        match self.view.key(&row) {
            Some(key) => {
                self.unsorted.push((key, row));
                Ok(())
            }
            None => self.write(&row),
        }
    }

    /// Hands on what arrived so far.
    pub(crate) fn end_page(&mut self) -> io::Result<()> {
        match &mut self.format {
            ListFormat::Table { layout, page } => {
                if page.is_empty() {
                    return Ok(());
                }
                let mut text = String::new();
                if layout.is_none() {
                    let made = Layout::new(columns::<T>(&self.view), page, self.output.width);
                    self.output.log_left_out(&made, &self.view);
                    text.push_str(&made.header());
                    *layout = Some(made);
                }
                text.extend(
                    page.drain(..)
                        .filter_map(|row| layout.as_ref().map(|layout| layout.line(&row))),
                );
                self.output.styled(&text)
            }
            ListFormat::Json(stdout) | ListFormat::Ndjson(stdout) | ListFormat::Yaml(stdout) => {
                stdout.flush()
            }
            ListFormat::Csv(csv) => csv.flush(),
        }
    }

    /// Ends a list that is complete.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.release()?;
        self.end_page()?;
        let is_empty = self.written == 0;
        match &mut self.format {
            ListFormat::Table { .. } if is_empty => {
                self.output.log(T::EMPTY);
                Ok(())
            }
            ListFormat::Json(stdout) => {
                stdout.write_all(if is_empty { b"[]\n" } else { b"\n]\n" })?;
                stdout.flush()
            }
            ListFormat::Csv(csv) => {
                csv.header()?;
                csv.flush()
            }
            ListFormat::Yaml(stdout) if is_empty => {
                stdout.write_all(b"[]\n")?;
                stdout.flush()
            }
            _ => Ok(()),
        }
    }

    /// Ends a list whose rest is missing. What was printed is valid; nothing looks like an empty list.
    pub(crate) fn abandon(mut self) -> io::Result<()> {
        self.release()?;
        if self.written == 0 {
            return Ok(());
        }
        self.finish()
    }

    /// Writes the rows that waited to be sorted.
    fn release(&mut self) -> io::Result<()> {
        let mut rows = std::mem::take(&mut self.unsorted);
        rows.sort_by(|(one, _), (other, _)| one.cmp(other));
        for (_, row) in rows {
            if self.is_full() {
                break;
            }
            self.write(&row)?;
        }
        Ok(())
    }

    fn write(&mut self, row: &T) -> io::Result<()> {
        let on_terminal = self.output.is_terminal;
        match &mut self.format {
            ListFormat::Table { page, .. } => page.push(cells(&self.view, row, &self.times)),
            ListFormat::Json(stdout) => {
                for text in self.output.json_lines(row)? {
                    stdout.write_all(if self.written == 0 { b"[\n" } else { b",\n" })?;
                    stdout.write_all(text.as_bytes())?;
                    self.written += 1;
                }
                return Ok(());
            }
            ListFormat::Ndjson(stdout) => {
                for text in self.output.json_lines(row)? {
                    writeln!(stdout, "{text}")?;
                }
            }
            ListFormat::Csv(csv) => csv.row(row)?,
            ListFormat::Yaml(stdout) => {
                stdout.write_all(yaml::item(row, on_terminal)?.as_bytes())?;
            }
        }
        self.written += 1;
        Ok(())
    }
}

impl Output {
    /// `value` as one line of JSON, or the lines that `--jq` makes of it.
    pub(crate) fn json_lines<T: serde::Serialize>(&self, value: &T) -> io::Result<Vec<String>> {
        match &self.jq {
            Some(jq) => jq.apply(value),
            None => Ok(vec![json::line(value)?]),
        }
    }
}
