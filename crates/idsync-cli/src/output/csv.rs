//! Comma-separated values: RFC 4180, and safe to open in a spreadsheet.

use std::io;

use csv::{Terminator, WriterBuilder};
use serde::Serialize;

use super::row::{is_number, text};

/// Characters with which a spreadsheet begins a formula; the last four are the full-width forms of the first four.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// One line with the values of `fields`. Absent values are empty, times are RFC 3339 in UTC.
pub(crate) fn line<T: Serialize>(row: &T, fields: &[&str]) -> io::Result<String> {
    let row = serde_json::to_value(row)?;
    let cells = fields.iter().map(|field| {
        let mut cell = text(&row, field).unwrap_or_default();
        if cell.starts_with(FORMULA) && !is_number(&row, field) {
            cell.insert(0, '\'');
        }
        cell
    });
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(cells).map_err(io::Error::other)?;
    let line = writer.into_inner().map_err(io::Error::other)?;
    String::from_utf8(line).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
            let row = json!({"text": text, "number": -7});
            let line = line(&row, &["text", "number"]).unwrap();
            assert_eq!(line, format!("{cell},-7\r\n"), "{text:?}");
        }
    }
}
