//! Rows of a list: their fields by the names in JSON, for CSV, `--columns` and `--sort`.

use std::cmp::Ordering;

use idsync::health::Verdict;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::style;
use super::table::{Cell, Column};
use super::text::LIST;
use super::time::{self, Times};
use crate::args::{Format, ViewArgs};
use crate::errors::CliError;

/// An item of a list that can be a row of a table.
pub(crate) trait Row: Serialize {
    /// The fields, in the order of the JSON form. `reasons.message` is the part `message` of each item of `reasons`.
    const FIELDS: &'static [&'static str];

    /// Logged where there is no item.
    const EMPTY: &'static str;

    /// The columns of the table for people.
    fn columns() -> Vec<Column>;

    /// One cell for each of the columns.
    fn cells(&self, times: &Times) -> Vec<Cell>;
}

/// The field `name` of a row: its texts, and whether it is a number. An object is represented by its `code`, `class` or `id`.
pub(crate) fn texts(row: &Value, name: &str) -> (Vec<String>, bool) {
    let mut texts = Vec::new();
    collect(row, &mut name.split('.'), &mut texts);
    (texts, matches!(row.get(name), Some(Value::Number(_))))
}

fn collect<'n>(
    value: &Value,
    path: &mut (impl Iterator<Item = &'n str> + Clone),
    texts: &mut Vec<String>,
) {
    match value {
        Value::Null => {}
        Value::Array(items) => {
            for item in items {
                collect(item, &mut path.clone(), texts);
            }
        }
        Value::Object(members) => {
            if let Some(name) = path.next() {
                if let Some(member) = members.get(name) {
                    collect(member, path, texts);
                }
                return;
            }
            let keys = ["code", "class", "id"];
            match keys.iter().find_map(|key| members.get(*key)) {
                Some(member) => collect(member, path, texts),
                None => texts.push(value.to_string()),
            }
        }
        Value::String(text) => texts.push(text.clone()),
        other => texts.push(other.to_string()),
    }
}

/// Columns and order of a list, as asked for; by default every field, in the order of the service.
#[derive(Clone, Debug, Default)]
pub(crate) struct View {
    columns: Option<Vec<&'static str>>,
    sort: Option<(&'static str, bool)>,
}

impl View {
    /// Reads `--columns` and `--sort` for rows with `fields`.
    ///
    /// # Errors
    ///
    /// If a field is unknown, or columns are chosen for a format that has none.
    pub(crate) fn new(
        args: &ViewArgs,
        fields: &[&'static str],
        format: Format,
    ) -> Result<Self, CliError> {
        if !args.columns.is_empty() && !matches!(format, Format::Table | Format::Csv) {
            return Err(CliError::usage(
                "--columns is for the formats table and csv; with json and ndjson, use --jq",
            ));
        }
        let columns = args.columns.iter();
        let columns: Vec<_> = columns
            .map(|name| named(name, fields, "--columns"))
            .collect::<Result<_, _>>()?;
        let sort = args.sort.as_deref().map(|sort| order(sort, fields));
        Ok(Self {
            columns: (!columns.is_empty()).then_some(columns),
            sort: sort.transpose()?,
        })
    }

    /// The chosen columns, if any were chosen.
    pub(crate) fn columns(&self) -> Option<&[&'static str]> {
        self.columns.as_deref()
    }

    /// The sort key of a row; none if the order is that of the service.
    pub(crate) fn key<T: Serialize>(&self, row: &T) -> Option<SortKey> {
        let (field, is_descending) = self.sort?;
        let row = serde_json::to_value(row).unwrap_or_default();
        Some(SortKey::new(&row, field, is_descending))
    }

    /// The rows in the order that was asked for; equal rows keep their order.
    pub(crate) fn sorted<'r, T: Serialize>(
        &self,
        rows: impl IntoIterator<Item = &'r T>,
    ) -> Vec<&'r T> {
        let mut rows: Vec<_> = rows.into_iter().collect();
        if self.sort.is_some() {
            rows.sort_by_cached_key(|row| self.key(row));
        }
        rows
    }
}

fn order(text: &str, fields: &[&'static str]) -> Result<(&'static str, bool), CliError> {
    let (name, direction) = text.split_once(':').unwrap_or((text, "asc"));
    let is_descending = match direction {
        "asc" => false,
        "desc" => true,
        other => {
            let message = format!("--sort: {other:?} is not a direction; give asc or desc");
            return Err(CliError::usage(message));
        }
    };
    Ok((named(name, fields, "--sort")?, is_descending))
}

fn named(name: &str, fields: &[&'static str], flag: &str) -> Result<&'static str, CliError> {
    let found = fields.iter().find(|field| **field == name).copied();
    found.ok_or_else(|| {
        let known = fields.join(", ");
        CliError::usage(format!(
            "{flag}: unknown field {name:?}; give one of {known}"
        ))
    })
}

/// Sorts by a field; rows without a value come last in both directions.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SortKey {
    value: Option<SortValue>,
    is_descending: bool,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum SortValue {
    Number(i128),
    Time(Timestamp),
    Verdict(Verdict),
    Text(String),
}

impl SortKey {
    fn new(row: &Value, field: &str, is_descending: bool) -> Self {
        let (texts, is_number) = texts(row, field);
        let text = (!texts.is_empty()).then(|| texts.join(LIST));
        let value = text.map(|text| {
            let typed = if is_number {
                text.parse().map(SortValue::Number).ok()
            } else if is_time(field) {
                text.parse().map(SortValue::Time).ok()
            } else if is_verdict(field) {
                text.parse().map(SortValue::Verdict).ok()
            } else {
                None
            };
            typed.unwrap_or(SortValue::Text(text))
        });
        Self {
            value,
            is_descending,
        }
    }
}

impl Ord for SortKey {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_absence = self.value.is_none().cmp(&other.value.is_none());
        let by_value = self.value.cmp(&other.value);
        by_absence.then(if self.is_descending {
            by_value.reverse()
        } else {
            by_value
        })
    }
}

impl PartialOrd for SortKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn is_time(field: &str) -> bool {
    field.ends_with("_at") || field.ends_with("_time")
}

fn is_verdict(field: &str) -> bool {
    field == "verdict" || field.ends_with(".verdict")
}

/// The columns of a table: those that were chosen, else those of the kind of row.
pub(crate) fn columns<T: Row>(view: &View) -> Vec<Column> {
    match view.columns() {
        Some(chosen) => chosen
            .iter()
            .map(|name| Column::named(name.to_uppercase().into()))
            .collect(),
        None => T::columns(),
    }
}

/// The cells of one row of a table.
pub(crate) fn cells<T: Row>(view: &View, row: &T, times: &Times) -> Vec<Cell> {
    let Some(chosen) = view.columns() else {
        return row.cells(times);
    };
    let row = serde_json::to_value(row).unwrap_or_default();
    chosen
        .iter()
        .map(|name| chosen_cell(&row, name, times))
        .collect()
}

fn chosen_cell(row: &Value, name: &str, times: &Times) -> Cell {
    let (texts, is_number) = texts(row, name);
    let text = (!texts.is_empty()).then(|| texts.join(LIST));
    let Some(text) = text else {
        return Cell::or_none(None);
    };
    match (text.parse::<Timestamp>(), text.parse::<Verdict>()) {
        (Ok(time), _) if is_time(name) => time::absolute(time, &times.zone).into(),
        (_, Ok(verdict)) if is_verdict(name) => Cell::styled(&text, style::verdict(verdict)),
        _ if is_number => Cell::from(text).number(),
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const FIELDS: &[&str] = &["id", "failed_count", "start_time", "verdict", "reasons"];

    fn sorted(sort: &str, rows: &[Value]) -> String {
        let args = ViewArgs {
            sort: Some(sort.to_owned()),
            ..ViewArgs::default()
        };
        let view = View::new(&args, FIELDS, Format::Json).unwrap();
        let ids = view
            .sorted(rows)
            .into_iter()
            .map(|row| row["id"].to_string());
        ids.collect::<String>().replace('"', "")
    }

    #[test]
    fn numbers_sort_as_numbers_and_rows_without_a_value_come_last() {
        let rows = [
            json!({"id": "a", "failed_count": 10}),
            json!({"id": "b", "failed_count": null}),
            json!({"id": "c", "failed_count": 9}),
            json!({"id": "d", "failed_count": 10}),
        ];
        assert_eq!(sorted("failed_count", &rows), "cadb");
        assert_eq!(sorted("failed_count:desc", &rows), "adcb");
        assert_eq!(sorted("start_time", &rows), "abcd");
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
        let row =
            json!({"reasons": [{"code": "a", "message": "x"}, {"code": "b", "message": "y"}]});
        assert_eq!(texts(&row, "reasons").0, ["a", "b"]);
        assert_eq!(texts(&row, "reasons.message").0, ["x", "y"]);
        assert_eq!(
            texts(&json!({"diagnosis": null}), "diagnosis.hint").0,
            [""; 0]
        );
        assert_eq!(
            texts(&json!({"diagnosis": {"class": "c"}}), "diagnosis").0,
            ["c"]
        );
    }

    #[test]
    fn an_unknown_field_or_direction_is_refused() {
        for (sort, reason) in [
            ("wrong", "unknown field \"wrong\"; give one of id, "),
            ("id:up", "\"up\" is not a direction"),
            ("", "unknown field \"\""),
        ] {
            let error = order(sort, FIELDS).unwrap_err();
            assert!(error.message().contains(reason), "{}", error.message());
        }
    }
}
