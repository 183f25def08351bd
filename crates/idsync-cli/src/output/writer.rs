//! JSON, NDJSON, CSV and YAML, written row by row.

use std::borrow::Cow;
use std::io::{self, BufWriter, StdoutLock, Write};

use csv::{Terminator, WriterBuilder};
use serde::Serialize;
use serde_saphyr::{ser, ser_options, to_io_writer_with_options};

use super::Output;
use super::json::escaped;
use super::row::{is_number, text};
use super::text::visible;
use crate::args::Format;

/// Characters with which a spreadsheet begins a formula; the last four are the full-width forms of the first four.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// `text` without terminal control characters: JSON escapes them, and other formats mark them on a terminal.
fn shown(text: &str, format: Format, is_terminal: bool) -> Cow<'_, str> {
    match format {
        Format::Json | Format::Ndjson => escaped(text),
        _ if is_terminal => visible(text),
        _ => Cow::from(text),
    }
}

/// Stdout for one large document, which is shown as it is written. Each write must be complete UTF-8.
pub(super) struct DocumentWriter {
    stdout: BufWriter<StdoutLock<'static>>,
    format: Format,
    is_terminal: bool,
}

impl DocumentWriter {
    pub(super) fn new(format: Format, is_terminal: bool) -> Self {
        Self {
            stdout: BufWriter::new(io::stdout().lock()),
            format,
            is_terminal,
        }
    }
}

impl Write for DocumentWriter {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let complete = str::from_utf8(text).map_err(io::Error::other)?;
        let shown = shown(complete, self.format, self.is_terminal);
        self.stdout.write_all(shown.as_bytes())?;
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stdout.flush()
    }
}

/// Writes rows to stdout in any format except tables.
pub(crate) struct RowWriter<'a> {
    output: &'a Output,
    format: Format,
    /// The columns of CSV, separated by commas.
    fields: String,
    stdout: BufWriter<StdoutLock<'static>>,
    pub(crate) has_rows: bool,
}

impl<'a> RowWriter<'a> {
    /// A writer that has written nothing yet.
    pub(crate) fn new(output: &'a Output, format: Format, fields: &str) -> Self {
        Self {
            output,
            format,
            fields: fields.to_owned(),
            stdout: BufWriter::new(io::stdout().lock()),
            has_rows: false,
        }
    }

    /// Writes a row; with `--jq`, all outputs of the expression.
    pub(crate) fn write<T: Serialize>(&mut self, row: &T) -> io::Result<()> {
        match (self.format, &self.output.jq) {
            (Format::Csv, _) => self.put(&csv_line(row, &self.fields)?),
            // The items of a list, one after the other, are a document.
            (Format::Yaml, _) => {
                let mut item = Vec::new();
                write_yaml(&mut item, &[row])?;
                self.put(str::from_utf8(&item).map_err(io::Error::other)?)
            }
            (_, None) => self.put(&serde_json::to_string(row)?),
            (_, Some(jq)) => {
                let values = jq.apply(row)?;
                values.iter().try_for_each(|value| self.put(value))
            }
        }
    }

    fn put(&mut self, row: &str) -> io::Result<()> {
        let (before, after) = match self.format {
            Format::Json if self.has_rows => (",\n", ""),
            Format::Json => ("[\n", ""),
            Format::Ndjson => ("", "\n"),
            Format::Csv => ("", "\r\n"),
            _ => ("", ""),
        };
        self.header()?;
        self.has_rows = true;
        let row = shown(row, self.format, self.output.is_terminal);
        write!(self.stdout, "{before}{row}{after}")
    }

    /// The header of CSV, before the first row.
    fn header(&mut self) -> io::Result<()> {
        if self.format == Format::Csv && !self.has_rows {
            write!(self.stdout, "{}\r\n", self.fields)?;
        }
        Ok(())
    }

    /// Flushes stdout.
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
        self.header()?;
        let end = match self.format {
            Format::Json if self.has_rows => "\n]\n",
            Format::Json | Format::Yaml if !self.has_rows => "[]\n",
            _ => "",
        };
        self.stdout.write_all(end.as_bytes())?;
        self.flush()
    }
}

/// The values of `fields` as RFC 4180, without an end of line. Absent values are empty, times are RFC 3339 in UTC.
fn csv_line<T: Serialize>(row: &T, fields: &str) -> io::Result<String> {
    let row = serde_json::to_value(row)?;
    let cells = fields.split(',').map(|field| {
        let mut cell = text(&row, field).unwrap_or_default();
        if cell.starts_with(FORMULA) && !is_number(&row, field) {
            cell.insert(0, '\'');
        }
        cell
    });
    let end = Terminator::Any(b'\n');
    let mut writer = WriterBuilder::new().terminator(end).from_writer(Vec::new());
    writer.write_record(cells).map_err(io::Error::other)?;
    let mut line = writer.into_inner().map_err(io::Error::other)?;
    line.pop();
    String::from_utf8(line).map_err(io::Error::other)
}

/// Writes `value` as YAML that readers of YAML 1.1 and 1.2 read alike.
pub(super) fn write_yaml<T: Serialize>(out: &mut impl Write, value: &T) -> io::Result<()> {
    let options = ser_options! {
        // Folded lines would break a search for a phrase.
        folded_wrap_chars: usize::MAX,
    };
    to_io_writer_with_options(out, value, options).map_err(|error| match error {
        ser::Error::IO { error } => error,
        other => io::Error::other(other),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_in_csv_never_begins_a_formula_and_a_negative_number_stays_one() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "\"'\r=1\""),
            ("\n=1", "\"'\n=1\""),
            ("＝1", "'＝1"),
            ("a=1", "a=1"),
            ("one, \"two\"\n3", "\"one, \"\"two\"\"\n3\""),
            ("'a", "'a"),
        ] {
            let row = json!({"text": text, "number": -7});
            let line = csv_line(&row, "text,number").unwrap();
            assert_eq!(line, format!("{cell},-7"), "{text:?}");
        }
    }

    #[test]
    fn yaml_holds_long_text_on_one_line_and_no_raw_control_character() {
        let yaml = |text: &str| {
            let mut out = Vec::new();
            write_yaml(&mut out, &[text]).unwrap();
            String::from_utf8(out).unwrap()
        };
        let long = "a phrase ".repeat(40);
        assert!(yaml(&long).contains(long.trim_end()));
        let control = yaml("a\u{1b}[2J\u{9b}\u{7f}\u{0}\rb");
        assert!(
            !control.trim_end().contains(char::is_control),
            "{control:?}"
        );
    }
}
