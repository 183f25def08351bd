//! Comma-separated values: RFC 4180, and safe to open in a spreadsheet.

use std::borrow::Cow;
use std::io::{self, Write};

use csv::{Terminator, Writer, WriterBuilder};

use super::field::{Field, Value};
use super::text::{LIST, visible};

/// What makes a spreadsheet take a cell for a formula, where the cell begins with it: the last four are the wide forms of
/// the first four.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Rows on their way out, below a header with the names of the fields.
pub(super) struct Csv<W: Write, T: 'static> {
    writer: Writer<W>,
    fields: Vec<&'static Field<T>>,
    /// Whether somebody looks at it on a terminal, which must not be steered.
    on_screen: bool,
    opened: bool,
}

impl<W: Write, T> Csv<W, T> {
    /// No row yet.
    pub(super) fn new(out: W, fields: Vec<&'static Field<T>>, on_screen: bool) -> Self {
        Self {
            writer: WriterBuilder::new()
                .terminator(Terminator::CRLF)
                .from_writer(out),
            fields,
            on_screen,
            opened: false,
        }
    }

    /// Writes the header, unless that is done.
    pub(super) fn open(&mut self) -> io::Result<()> {
        if !self.opened {
            self.opened = true;
            let names = self.fields.iter().map(|field| field.name);
            self.writer.write_record(names).map_err(as_io)?;
        }
        Ok(())
    }

    /// Whether the header is written.
    pub(super) fn is_open(&self) -> bool {
        self.opened
    }

    /// Writes a row.
    pub(super) fn row(&mut self, item: &T) -> io::Result<()> {
        self.open()?;
        for field in &self.fields {
            let cell = cell(&field.of(item));
            let cell = if self.on_screen {
                visible(&cell)
            } else {
                Cow::from(&*cell)
            };
            self.writer.write_field(cell.as_bytes()).map_err(as_io)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(as_io)
    }

    /// Lets readers have what was written so far.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// The text of a cell. What is absent is empty, times are RFC 3339 in UTC, and numbers are left as they are.
fn cell<'a>(value: &Value<'a>) -> Cow<'a, str> {
    match value {
        Value::Text(text) => defused(Cow::from(text.unwrap_or_default())),
        Value::Texts(texts) => defused(Cow::from(texts.join(LIST))),
        Value::Number(number) => Cow::from(number.map_or_else(String::new, |n| n.to_string())),
        Value::Time(time) => Cow::from(time.map_or_else(String::new, |time| time.to_string())),
        Value::Verdict(verdict) => Cow::from(verdict.as_str()),
    }
}

/// Text that no spreadsheet takes for a formula.
fn defused(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.starts_with(FORMULA) {
        Cow::from(format!("'{text}"))
    } else {
        text
    }
}

/// The error of the pipe or the disk, where it is one.
fn as_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::field::Fielded;
    use super::*;

    struct Item {
        text: &'static str,
        number: i128,
    }

    impl Fielded for Item {
        const FIELDS: &'static [Field<Self>] = &[
            Field::text("text", |item| Some(item.text)),
            Field::number("number", |item| Some(item.number)),
        ];
    }

    fn written(text: &'static str, number: i128, on_screen: bool) -> String {
        let mut bytes = Vec::new();
        let mut csv = Csv::new(&mut bytes, Item::FIELDS.iter().collect(), on_screen);
        csv.row(&Item { text, number }).unwrap();
        csv.flush().unwrap();
        drop(csv);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn no_cell_is_a_formula_and_a_negative_number_stays_one() {
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
    fn commas_quotes_and_line_breaks_are_kept_inside_quotes() {
        let written = written("a,\"b\"\nc\r\n", 0, false);
        assert_eq!(written, "text,number\r\n\"a,\"\"b\"\"\nc\r\n\",0\r\n");
    }

    #[test]
    fn a_terminal_is_not_steered_and_a_file_gets_every_character() {
        assert!(
            written("a\u{1b}[2Jb\rc\u{9b}\u{202e}", 0, false)
                .contains("a\u{1b}[2Jb\rc\u{9b}\u{202e}")
        );
        let shown = written("a\u{1b}[2Jb\rc\u{9b}\u{202e}\nd", 0, true);
        assert!(
            shown.contains("a\u{fffd}[2Jb\u{fffd}c\u{fffd}\u{fffd}\nd"),
            "{shown:?}"
        );
    }
}
