//! Comma-separated values: RFC 4180, and safe to open in a spreadsheet.

use std::io::{self, Write};

use csv::{Terminator, Writer, WriterBuilder};
use serde::Serialize;

use super::row::texts;
use super::text::{LIST, visible};

/// Characters with which a spreadsheet begins a formula; the last four are the full-width forms of the first four.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Rows below a header with the names of the fields.
pub(crate) struct Csv<W: Write> {
    writer: Writer<W>,
    fields: Vec<&'static str>,
    /// Control characters are marked on a terminal.
    on_terminal: bool,
    has_header: bool,
}

impl<W: Write> Csv<W> {
    /// No row yet.
    pub(crate) fn new(out: W, fields: &[&'static str], on_terminal: bool) -> Self {
        Self {
            writer: WriterBuilder::new()
                .terminator(Terminator::CRLF)
                .from_writer(out),
            fields: fields.to_vec(),
            on_terminal,
            has_header: false,
        }
    }

    /// Writes the header, unless it is written already.
    pub(crate) fn header(&mut self) -> io::Result<()> {
        if !self.has_header {
            self.has_header = true;
            self.writer.write_record(&self.fields).map_err(as_io)?;
        }
        Ok(())
    }

    /// Writes a row. Absent values are empty, times are RFC 3339 in UTC.
    pub(crate) fn row<T: Serialize>(&mut self, row: &T) -> io::Result<()> {
        self.header()?;
        let row = serde_json::to_value(row)?;
        for field in &self.fields {
            let (texts, is_number) = texts(&row, field);
            let mut cell = texts.join(LIST);
            if !is_number && cell.starts_with(FORMULA) {
                cell.insert(0, '\'');
            }
            let cell = if self.on_terminal {
                visible(&cell)
            } else {
                cell.as_str().into()
            };
            self.writer.write_field(cell.as_bytes()).map_err(as_io)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(as_io)
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// The I/O error behind an error of the writer, which keeps a closed pipe recognisable.
fn as_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(text: &str, number: i64, on_terminal: bool) -> String {
        let mut bytes = Vec::new();
        let mut csv = Csv::new(&mut bytes, &["text", "number"], on_terminal);
        csv.row(&json!({"text": text, "number": number})).unwrap();
        csv.flush().unwrap();
        drop(csv);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn text_never_begins_a_formula_and_a_negative_number_stays_one() {
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
            ("'a", "'a"),
        ] {
            let expected = format!("text,number\r\n{cell},-7\r\n");
            assert_eq!(written(text, -7, false), expected, "{text:?}");
        }
    }

    #[test]
    fn control_characters_are_marked_on_a_terminal_only() {
        let text = "a\u{1b}[2Jb\rc\u{202e}\nd";
        assert!(written(text, 0, false).contains(text));
        assert!(written(text, 0, true).contains("a\u{fffd}[2Jb\u{fffd}c\u{fffd}\nd"));
    }
}
