//! How text gets out: which stream, which colours, and how wide a screen is.

use std::io::{self, BufWriter, StdoutLock, Write};

use anstream::AutoStream;
use serde::Serialize;

use super::csv::Csv;
use super::field::Field;
use super::listed::Listed;
use super::view::View;
use super::{Output, json, yaml};

/// The ways out, each to its end.
impl Output {
    /// How many columns a line may have; no bound where nobody looks at a screen.
    pub(super) fn room(&self) -> Option<usize> {
        let size = if self.interactive {
            terminal_size::terminal_size()
        } else {
            None
        };
        size.map(|(terminal_size::Width(columns), _)| columns.into())
    }

    /// Text with colours, as far as they are wanted.
    pub(super) fn styled(&self, text: &str) -> io::Result<()> {
        let mut stdout = AutoStream::new(io::stdout().lock(), self.flags.color());
        stdout.write_all(text.as_bytes())?;
        stdout.flush()
    }

    /// A table.
    pub(super) fn view<T: Listed>(&self, view: &View<T>) -> io::Result<()> {
        let room = self.room();
        self.styled(&view.render(room))?;
        self.complain(view, room);
        Ok(())
    }

    /// Says what of a table was asked for in vain.
    pub(super) fn complain<T: Listed>(&self, view: &View<T>, room: Option<usize>) {
        if let Some(complaint) = view.complaint(room) {
            self.log(&complaint);
        }
    }

    /// One JSON document: spread out for eyes on a terminal, on one line for programs.
    pub(super) fn document<T: Serialize>(&self, value: &T) -> io::Result<()> {
        let text = if self.interactive {
            json::spread_out(value)
        } else {
            json::line(value)
        };
        self.write(&(text? + "\n"))
    }

    /// One JSON object a line.
    #[allow(clippy::unused_self, reason = "printing is the business of an output")]
    pub(super) fn lines<T: Serialize>(
        &self,
        values: impl IntoIterator<Item = T>,
    ) -> io::Result<()> {
        let mut stdout = data();
        for value in values {
            writeln!(stdout, "{}", json::line(&value)?)?;
        }
        stdout.flush()
    }

    /// One YAML document.
    pub(super) fn yaml<T: Serialize>(&self, value: &T) -> io::Result<()> {
        self.write(&yaml::document(value, self.interactive)?)
    }

    /// Rows of `fields` below a header.
    pub(super) fn rows<'a, T: 'static>(
        &self,
        items: impl IntoIterator<Item = &'a T>,
        fields: impl IntoIterator<Item = &'static Field<T>>,
    ) -> io::Result<()> {
        let mut csv = self.csv(fields.into_iter().collect());
        csv.open()?;
        for item in items {
            csv.row(item)?;
        }
        csv.flush()
    }

    pub(super) fn csv<T>(&self, fields: Vec<&'static Field<T>>) -> Csv<StdoutLock<'static>, T> {
        Csv::new(io::stdout().lock(), fields, self.interactive)
    }

    /// Writes to stdout what is neither to be coloured nor to be stripped of colours.
    #[allow(clippy::unused_self, reason = "printing is the business of an output")]
    pub(super) fn write(&self, text: &str) -> io::Result<()> {
        let mut stdout = data();
        stdout.write_all(text.as_bytes())?;
        stdout.flush()
    }

    /// Writes to stderr. That it cannot be written to can be told to nobody.
    pub(super) fn say(&self, text: &str) {
        let mut stderr = AutoStream::new(io::stderr().lock(), self.flags.color());
        let _ = stderr
            .write_all(text.as_bytes())
            .and_then(|()| stderr.flush());
    }
}

/// Stdout, for data.
pub(super) fn data() -> BufWriter<StdoutLock<'static>> {
    BufWriter::new(io::stdout().lock())
}
