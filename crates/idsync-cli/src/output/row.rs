//! Rows of a list: their fields by the names in JSON, for CSV, `--columns` and `--sort`.

use idsync::health::Verdict;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::table::Cell;
use super::text::{LIST, look};
use super::time::{NONE, SECOND, Times, shown};
use crate::args::{Format, ViewArgs};
use crate::errors::CliError;

/// An item of a list that can be a row of a table.
pub(crate) trait Row: Serialize {
    /// The fields, separated by commas, in the order of the JSON form. `reasons.message` is the part `message` of each item
    /// of `reasons`.
    const FIELDS: &'static str;

    /// The cells of the table for people.
    fn cells(&self, times: &Times) -> Vec<Cell>;
}

/// The field `name` of a row as text; none if it is absent or null. An object is represented by its `code`, `class` or `id`.
pub(crate) fn text(row: &Value, name: &str) -> Option<String> {
    let mut texts = Vec::new();
    collect(row, name, &mut texts);
    (!texts.is_empty()).then(|| texts.join(LIST))
}

fn collect(value: &Value, path: &str, texts: &mut Vec<String>) {
    match value {
        Value::Null => {}
        Value::Array(items) => items.iter().for_each(|item| collect(item, path, texts)),
        Value::Object(members) if path.is_empty() => {
            let keys = ["code", "class", "id"];
            match keys.iter().find_map(|key| members.get(*key)) {
                Some(member) => collect(member, path, texts),
                None => texts.push(value.to_string()),
            }
        }
        Value::Object(members) => {
            let (name, rest) = path.split_once('.').unwrap_or((path, ""));
            if let Some(member) = members.get(name) {
                collect(member, rest, texts);
            }
        }
        Value::String(text) => texts.push(text.clone()),
        other => texts.push(other.to_string()),
    }
}

/// Columns and order of a list; by default every field, in the order of the service.
#[derive(Clone, Debug, Default)]
pub(crate) struct View {
    /// The chosen columns; empty if none were chosen.
    pub(super) columns: Vec<&'static str>,
    /// The field, and whether its order is descending.
    pub(crate) sort: Option<(&'static str, bool)>,
}

impl View {
    /// Reads `--columns` and `--sort` for rows of `T`.
    ///
    /// # Errors
    ///
    /// If a field is unknown, or columns are chosen for a format that has none.
    pub(crate) fn new<T: Row>(args: &ViewArgs, format: Format) -> Result<Self, CliError> {
        if !args.columns.is_empty() && !matches!(format, Format::Table | Format::Csv) {
            return Err(CliError::usage(
                "--columns is for the formats table and csv; with json and ndjson, use --jq",
            ));
        }
        let columns = args.columns.iter();
        let columns = columns.map(|name| field(name, T::FIELDS, "--columns"));
        let sort = args.sort.as_deref().map(|sort| order(sort, T::FIELDS));
        Ok(Self {
            columns: columns.collect::<Result<_, _>>()?,
            sort: sort.transpose()?,
        })
    }

    /// The columns of CSV for rows of `T`, separated by commas.
    pub(crate) fn fields<T: Row>(&self) -> String {
        match self.columns.as_slice() {
            [] => T::FIELDS.to_owned(),
            columns => columns.join(","),
        }
    }

    /// The cells of one row of a table.
    pub(crate) fn cells<T: Row>(&self, row: &T, times: &Times) -> Vec<Cell> {
        if self.columns.is_empty() {
            return row.cells(times);
        }
        let row = serde_json::to_value(row).unwrap_or_default();
        let columns = self.columns.iter();
        let cell = |title: &&'static str| match FieldValue::of(&row, title) {
            Some(value) => value.cell(title, times),
            None => Cell::new(title, NONE),
        };
        columns.map(cell).collect()
    }

    /// The rows in the chosen order: equal rows keep their order, rows without a value come last.
    pub(crate) fn sorted<T: Serialize>(&self, rows: Vec<T>) -> Vec<T> {
        let Some((field, is_descending)) = self.sort else {
            return rows;
        };
        let value = |row: &T| {
            let row = serde_json::to_value(row).unwrap_or_default();
            FieldValue::of(&row, field)
        };
        let mut rows: Vec<_> = rows.into_iter().map(|row| (value(&row), row)).collect();
        rows.sort_by(|(one, _), (other, _)| match (one, other) {
            (Some(one), Some(other)) if is_descending => other.cmp(one),
            (Some(one), Some(other)) => one.cmp(other),
            (one, other) => one.is_none().cmp(&other.is_none()),
        });
        rows.into_iter().map(|(_, row)| row).collect()
    }
}

fn order(text: &str, fields: &'static str) -> Result<(&'static str, bool), CliError> {
    let (name, direction) = text.split_once(':').unwrap_or((text, "asc"));
    if !matches!(direction, "asc" | "desc") {
        let message = format!("--sort: {direction:?} is not a direction; give asc or desc");
        return Err(CliError::usage(message));
    }
    Ok((field(name, fields, "--sort")?, direction == "desc"))
}

fn field(name: &str, fields: &'static str, flag: &str) -> Result<&'static str, CliError> {
    let found = fields.split(',').find(|field| *field == name);
    found.ok_or_else(|| {
        let known = fields.replace(',', ", ");
        let message = format!("{flag}: unknown field {name:?}; give one of {known}");
        CliError::usage(message)
    })
}

/// The value of one field of a row. Verdicts sort by severity.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum FieldValue {
    Number(i128),
    Time(Timestamp),
    Verdict(Verdict),
    Text(String),
}

impl FieldValue {
    fn of(row: &Value, field: &str) -> Option<Self> {
        let text = text(row, field)?;
        let typed = match field.rsplit(['.', '_']).next() {
            Some("at" | "time") => text.parse().ok().map(Self::Time),
            Some("verdict") => text.parse().ok().map(Self::Verdict),
            _ if is_number(row, field) => text.parse().ok().map(Self::Number),
            _ => None,
        };
        typed.or(Some(Self::Text(text)))
    }

    fn cell(self, title: &'static str, times: &Times) -> Cell {
        match self {
            Self::Number(number) => Cell::new(title, number.to_string()).number(),
            Self::Time(time) => Cell::new(title, shown(time, &times.zone, SECOND)),
            Self::Verdict(verdict) => Cell::new(title, verdict.as_str()).style(look(verdict).1),
            Self::Text(text) => Cell::new(title, text),
        }
    }
}

/// Whether a field of a row is a number.
pub(crate) fn is_number(row: &Value, field: &str) -> bool {
    row.get(field).is_some_and(Value::is_number)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sorted(sort: &str, rows: &[Value]) -> String {
        let view = View {
            columns: Vec::new(),
            sort: Some(order(sort, "id,start_time,verdict").unwrap()),
        };
        let ids = view.sorted(rows.to_vec());
        ids.iter().map(|row| row["id"].as_str().unwrap()).collect()
    }

    #[test]
    fn times_sort_as_times_and_verdicts_by_severity() {
        let rows = [
            json!({"id": "a", "start_time": "2026-01-01T00:00:00Z", "verdict": "never_run"}),
            json!({"id": "b", "start_time": "2026-01-01T00:00:00.5Z", "verdict": "failing"}),
            json!({"id": "c", "start_time": "2025-01-01T00:00:00Z", "verdict": "healthy"}),
        ];
        assert_eq!(sorted("start_time", &rows), "cab");
        assert_eq!(sorted("verdict", &rows), "cab");
    }

    #[test]
    fn a_list_of_objects_is_represented_by_their_codes_or_a_named_part() {
        let row = json!({
            "reasons": [{"code": "a", "message": "x"}, {"code": "b", "message": "y"}],
            "diagnosis": null, "cause": {"class": "c"},
        });
        for (name, expected) in [
            ("reasons", Some("a | b")),
            ("reasons.message", Some("x | y")),
            ("diagnosis.hint", None),
            ("cause", Some("c")),
        ] {
            assert_eq!(text(&row, name).as_deref(), expected, "{name}");
        }
    }
}
