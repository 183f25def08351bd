//! A list that is printed as it arrives.

use std::io::{self, BufWriter, StdoutLock, Write};

use jiff::Timestamp;
use serde::Serialize;

use super::channel::data;
use super::csv::Csv;
use super::listed::Listed;
use super::selection::Selection;
use super::view::View;
use super::{Output, json, yaml};
use crate::args::Format;
use crate::exit::Exit;

/// A list on its way to stdout. No more than a page of it is held in memory, except where it is sorted, or where it is a
/// table, which needs all to be aligned.
pub(crate) struct List<'a, T: 'static> {
    output: &'a Output,
    selection: Selection<T>,
    /// What waits to be sorted.
    held: Vec<T>,
    form: Form<T>,
}

enum Form<T: 'static> {
    Table(View<T>),
    Array {
        stdout: BufWriter<StdoutLock<'static>>,
        opened: bool,
    },
    Lines(BufWriter<StdoutLock<'static>>),
    Csv(Box<Csv<StdoutLock<'static>, T>>),
    Yaml {
        stdout: BufWriter<StdoutLock<'static>>,
        opened: bool,
    },
}

impl<'a, T: Listed + Serialize> List<'a, T> {
    pub(super) fn new(output: &'a Output, selection: Selection<T>) -> Self {
        let form = match output.flags.output {
            Format::Table => Form::Table(View::new(&selection, output.zone())),
            Format::Json => Form::Array {
                stdout: data(),
                opened: false,
            },
            Format::Ndjson => Form::Lines(data()),
            Format::Csv => Form::Csv(Box::new(output.csv(selection.fields()))),
            Format::Yaml => Form::Yaml {
                stdout: data(),
                opened: false,
            },
        };
        Self {
            output,
            selection,
            held: Vec::new(),
            form,
        }
    }

    /// Adds an item, unless it is filtered out.
    pub(crate) fn item(&mut self, item: T) -> io::Result<()> {
        if !self.selection.admits(&item) {
            return Ok(());
        }
        if self.selection.is_ordered() {
            self.held.push(item);
            return Ok(());
        }
        self.form.write(&item, self.output.interactive)
    }

    /// Says what is wrong with an item that is left out, and gives the code to end with.
    pub(crate) fn skip(&self, error: idsync::Error) -> Exit {
        self.output.fail(&error.into())
    }

    /// Lets readers have what arrived so far.
    pub(crate) fn end_page(&mut self) -> io::Result<()> {
        match &mut self.form {
            Form::Table(_) => Ok(()),
            Form::Array { stdout, .. } | Form::Lines(stdout) | Form::Yaml { stdout, .. } => {
                stdout.flush()
            }
            Form::Csv(csv) => csv.flush(),
        }
    }

    /// Ends a list that is complete.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.release()?;
        match self.form {
            Form::Table(view) if view.is_empty() => {
                self.output.log(T::NOTHING);
                Ok(())
            }
            Form::Table(view) => self.output.view(&view),
            Form::Array { mut stdout, opened } => {
                stdout.write_all(if opened { b"\n]\n" } else { b"[]\n" })?;
                stdout.flush()
            }
            Form::Lines(mut stdout) => stdout.flush(),
            Form::Csv(mut csv) => {
                csv.open()?;
                csv.flush()
            }
            Form::Yaml { mut stdout, opened } => {
                stdout.write_all(if opened { b"" } else { b"[]\n" })?;
                stdout.flush()
            }
        }
    }

    /// Ends a list of which the rest is missing: what is there stays readable, and nothing looks like an empty list.
    pub(crate) fn abandon(mut self) -> io::Result<()> {
        self.release()?;
        if self.form.is_empty() {
            return Ok(());
        }
        self.finish()
    }

    /// Writes what waited, sorted.
    fn release(&mut self) -> io::Result<()> {
        self.selection.sort(&mut self.held);
        for item in self.held.drain(..) {
            self.form.write(&item, self.output.interactive)?;
        }
        Ok(())
    }
}

impl<T: Listed + Serialize> Form<T> {
    fn write(&mut self, item: &T, on_screen: bool) -> io::Result<()> {
        match self {
            Self::Table(view) => {
                view.push(item, Timestamp::now());
                Ok(())
            }
            Self::Array { stdout, opened } => {
                stdout.write_all(if *opened { b",\n" } else { b"[\n" })?;
                *opened = true;
                stdout.write_all(json::line(item)?.as_bytes())
            }
            Self::Lines(stdout) => writeln!(stdout, "{}", json::line(item)?),
            Self::Csv(csv) => csv.row(item),
            Self::Yaml { stdout, opened } => {
                *opened = true;
                stdout.write_all(yaml::item(item, on_screen)?.as_bytes())
            }
        }
    }

    /// Whether nothing was written, neither an item nor what stands before the first one.
    fn is_empty(&self) -> bool {
        match self {
            Self::Table(view) => view.is_empty(),
            Self::Array { opened, .. } | Self::Yaml { opened, .. } => !opened,
            Self::Lines(_) => false,
            Self::Csv(csv) => !csv.is_open(),
        }
    }
}
