//! A list that is printed as it arrives.

use std::io::{self, BufWriter, StdoutLock, Write};
use std::marker::PhantomData;

use jiff::Timestamp;
use serde::Serialize;

use super::listed::Listed;
use super::table::Table;
use super::{Output, data};
use crate::args::Format;
use crate::exit::Exit;

/// A list on its way to stdout. JSON holds no more than a page in memory; a table needs all to be aligned.
pub(crate) struct List<'a, T> {
    output: &'a Output,
    form: Form,
    of: PhantomData<T>,
}

enum Form {
    Table(Table),
    Array {
        stdout: BufWriter<StdoutLock<'static>>,
        opened: bool,
    },
    Lines(BufWriter<StdoutLock<'static>>),
}

impl<'a, T: Listed + Serialize> List<'a, T> {
    pub(super) fn new(output: &'a Output) -> Self {
        let form = match output.flags.output {
            Format::Table => Form::Table(Table::new(T::COLUMNS)),
            Format::Json => Form::Array {
                stdout: data(),
                opened: false,
            },
            Format::Ndjson => Form::Lines(data()),
        };
        Self {
            output,
            form,
            of: PhantomData,
        }
    }

    /// Adds an item.
    pub(crate) fn item(&mut self, item: &T) -> io::Result<()> {
        match &mut self.form {
            Form::Table(table) => table.push(item.row(Timestamp::now())),
            Form::Array { stdout, opened } => {
                stdout.write_all(if *opened { b",\n" } else { b"[\n" })?;
                *opened = true;
                serde_json::to_writer(stdout, item)?;
            }
            Form::Lines(stdout) => {
                serde_json::to_writer(&mut *stdout, item)?;
                stdout.write_all(b"\n")?;
            }
        }
        Ok(())
    }

    /// Says what is wrong with an item that is left out, and gives the code to end with.
    pub(crate) fn skip(&self, error: idsync::Error) -> Exit {
        self.output.fail(&error.into())
    }

    /// Lets readers have what arrived so far.
    pub(crate) fn end_page(&mut self) -> io::Result<()> {
        match &mut self.form {
            Form::Table(_) => Ok(()),
            Form::Array { stdout, .. } | Form::Lines(stdout) => stdout.flush(),
        }
    }

    /// Ends a list that is complete.
    pub(crate) fn finish(self) -> io::Result<()> {
        match self.form {
            Form::Table(table) if table.is_empty() => {
                self.output.log(T::NOTHING);
                Ok(())
            }
            Form::Table(table) => self.output.styled(&table.render(self.output.room())),
            Form::Array { mut stdout, opened } => {
                stdout.write_all(if opened { b"\n]\n" } else { b"[]\n" })?;
                stdout.flush()
            }
            Form::Lines(mut stdout) => stdout.flush(),
        }
    }

    /// Ends a list of which the rest is missing: what is there stays readable, and nothing looks like an empty list.
    pub(crate) fn abandon(self) -> io::Result<()> {
        match self.form {
            Form::Table(ref table) if table.is_empty() => Ok(()),
            Form::Array { opened: false, .. } => Ok(()),
            _ => self.finish(),
        }
    }
}
