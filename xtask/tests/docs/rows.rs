//! Every row of every page: taken away, renamed and retyped.

use xtask::docs::change::{Change, Kind};
use xtask::docs::facts::Facts;
use xtask::docs::{diff, page};

use crate::{read, text};

const PAGES: [&str; 3] = ["dataarts-studio.txt", "dws.txt", "mrs.txt"];

/// The lines of a row: its name, its type, and the line behind it.
struct Row {
    name: usize,
    kind: usize,
    end: usize,
}

fn is_type(line: &str) -> bool {
    ["String", "Integer", "Long", "Boolean"].contains(&line) || line.starts_with("Array of ")
}

fn rows(lines: &[&str]) -> Vec<Row> {
    let filled: Vec<usize> = (0..lines.len())
        .filter(|index| !lines[*index].trim().is_empty())
        .collect();
    let at = |index: usize| filled.get(index).map_or("", |line| lines[*line]);
    let mut rows: Vec<Row> = Vec::new();
    for (index, line) in filled.iter().enumerate() {
        let flagged = ["Yes", "No"].contains(&at(index + 1)) && is_type(at(index + 2));
        let plain = !["Yes", "No"].contains(&at(index)) && is_type(at(index + 1));
        let ends = at(index).starts_with("Table ")
            || [
                "Request Parameters",
                "Response Parameters",
                "Example Requests",
                "Example Request",
            ]
            .contains(&at(index))
            || at(index).starts_with("Status code:");
        if let Some(row) = rows
            .last_mut()
            .filter(|row| row.end == usize::MAX && (flagged || plain || ends))
        {
            row.end = *line;
        }
        if flagged || plain {
            let kind = filled[index + if flagged { 2 } else { 1 }];
            rows.push(Row {
                name: *line,
                kind,
                end: usize::MAX,
            });
        }
    }
    rows
}

fn changes(old: &Facts, lines: &[&str]) -> Vec<Change> {
    let reading = page::read("page", &lines.join("\n")).expect("a page");
    assert_eq!(reading.unreadable().next(), None);
    diff::changes(old, &reading.facts)
}

/// Every row of every page, with what its page states.
fn each_row(mut check: impl FnMut(&Facts, &[&str], &Row)) {
    let mut count = 0;
    for name in PAGES {
        let text = text(name);
        let facts = read(&text).facts;
        let lines: Vec<&str> = text.lines().collect();
        for row in rows(&lines) {
            check(&facts, &lines, &row);
            count += 1;
        }
    }
    // 11 parameters, 4 fields and 22 of the structure; 4, 2 and 11; 2 and 1.
    assert_eq!(count, 57);
}

#[test]
fn a_row_that_is_taken_away_is_reported_and_nothing_else() {
    each_row(|facts, lines, row| {
        let mut lines = lines.to_vec();
        let name = lines[row.name];
        lines.drain(row.name..row.end);
        // A table without rows is no table, so its head goes as well.
        let found = match page::read("page", &lines.join("\n")) {
            Ok(reading) if reading.unreadable().next().is_none() => {
                diff::changes(facts, &reading.facts)
            }
            _ => panic!("the page without {name} cannot be read"),
        };
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        assert_eq!(
            (found[0].kind, found[0].name.as_deref()),
            (Kind::Removed, Some(name))
        );
        assert!(found[0].is_breaking());
    });
}

#[test]
fn a_row_that_is_renamed_is_reported_and_nothing_else() {
    each_row(|facts, lines, row| {
        for new in ["somethingElse", "other", "renamed_field"] {
            let mut lines = lines.to_vec();
            let old = std::mem::replace(&mut lines[row.name], new);
            let found = changes(facts, &lines);
            assert_eq!(found.len(), 1, "{old}: {found:?}");
            assert_eq!(
                (
                    found[0].kind,
                    found[0].from.as_deref(),
                    found[0].to.as_deref()
                ),
                (Kind::Renamed, Some(old), Some(new))
            );
            assert!(found[0].is_breaking());
        }
    });
}

#[test]
fn a_row_that_is_retyped_is_reported_and_nothing_else() {
    each_row(|facts, lines, row| {
        for new in [
            "String",
            "Integer",
            "Long",
            "Boolean",
            "Float",
            "Timestamp",
            "Array of strings",
            "Map<String,Object>",
            "Other object",
        ] {
            let mut lines = lines.to_vec();
            let old = std::mem::replace(&mut lines[row.kind], new);
            if old == new {
                continue;
            }
            let found = changes(facts, &lines);
            let kinds: Vec<Kind> = found.iter().map(|change| change.kind).collect();
            // Neither the range nor the values of a row that follow from its type are told beside it.
            assert_eq!(
                kinds,
                [Kind::Type],
                "{}: {old} → {new}: {found:?}",
                lines[row.name]
            );
            assert_eq!(
                (found[0].from.as_deref(), found[0].to.as_deref()),
                (Some(old), Some(new))
            );
        }
    });
}

#[test]
fn a_row_that_lacks_its_name_or_type_is_never_passed_over() {
    each_row(|facts, lines, row| {
        for missing in [row.name, row.kind] {
            let mut lines = lines.to_vec();
            let line = lines.remove(missing);
            let told = page::read("page", &lines.join("\n")).map_or(true, |reading| {
                reading.unreadable().next().is_some()
                    || !diff::changes(facts, &reading.facts).is_empty()
            });
            assert!(told, "line {missing}, {line}");
        }
    });
}
