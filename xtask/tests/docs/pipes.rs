//! Tables of pipes, in the ways that conversions break them.

use xtask::docs::facts::Facts;
use xtask::docs::page::Reading;

use crate::{comparable, read};

/// How a row is written; the first row is the head, which a rule follows.
type Style = fn(&[&str]) -> String;

const STYLES: [(&str, Style); 7] = [
    ("a row a line", |row| format!("| {} |\n", row.join(" | "))),
    ("a cell a line", |row| row.join(" |\n") + " |\n"),
    ("blank lines between the cells", |row| {
        row.join("  | \n\n") + "  | \n\n"
    }),
    ("a pipe alone before each row", |row| {
        format!("|\n{} |\n", row.join(" |\n"))
    }),
    ("a pipe before the first cell", |row| {
        format!("| {} |\n", row.join(" |\n"))
    }),
    ("indented, with blank lines", |row| {
        format!(
            "| \n         {}  | \n      \n",
            row.join("  | \n       \n         ")
        )
    }),
    ("cells and their pipes apart", |row| {
        format!("|\n{}\n|\n", row.join("\n|\n"))
    }),
];

/// A page with these tables in a row, nothing between them.
fn page(style: Style, tables: &[&[&[&str]]]) -> String {
    let rule = |columns: usize| format!("|{}\n", "---|".repeat(columns));
    let table = |rows: &&[&[&str]]| {
        let (head, body) = rows.split_first().unwrap();
        let body: String = body.iter().map(|row| style(row)).collect();
        style(head) + &rule(head.len()) + &body
    };
    let tables: String = tables.iter().map(table).collect();
    around(&tables)
}

fn around(tables: &str) -> String {
    format!(
        "T\nURI\nGET /v1/x\nResponse Parameters\nStatus code: 200\n{tables}Status Codes\n200: words\n"
    )
}

const HEAD: &[&str] = &["Parameter", "Type", "Description"];

fn names(facts: &Facts) -> Vec<&str> {
    let answers = facts.responses.iter();
    let fields = answers.flat_map(|answer| &answer.fields);
    fields.map(|field| field.name.as_str()).collect()
}

fn told(reading: &Reading) -> Vec<(usize, &str)> {
    let unreadable = reading.unreadable();
    unreadable
        .map(|remark| (remark.line, remark.message.as_str()))
        .collect()
}

#[test]
fn tables_that_follow_each_other_are_read_however_they_were_broken() {
    let tables: [&[&[&str]]; 2] = [
        &[
            HEAD,
            &["tasks", "Array of Task objects", "Words of words."],
            &["size", "Integer", "Words. Range 1 to 20"],
        ],
        &[
            HEAD,
            &[
                "state",
                "String",
                "Definition Words. Range RUNNING: words DONE: words",
            ],
            &["note", "String", "Words."],
        ],
    ];
    let expected = read(&page(STYLES[0].1, &tables)).facts;
    assert_eq!(names(&expected), ["tasks", "size"]);
    assert_eq!(expected.schemas[0].fields[0].values, ["RUNNING", "DONE"]);
    for (name, style) in STYLES {
        let reading = read(&page(style, &tables));
        assert_eq!(
            comparable(&reading.facts),
            comparable(&expected),
            "{name}: {:?}",
            reading.remarks
        );
        assert_eq!(told(&reading), [], "{name}");
    }
}

#[test]
fn cells_may_have_several_lines_with_code_and_blank_lines() {
    let description =
        "Words.\n\n- RUNNING: words\n- DONE: words\n\n{\n  \"a\": 1\n}\n\nResponse\n\nWords.";
    let rows: &[&[&str]] = &[
        HEAD,
        &["state", "String", description],
        &["last", "Integer", "Words."],
    ];
    // Where the pipes of a cell have lines of their own, an item of a list may be one as well.
    for (name, style) in STYLES {
        let reading = read(&page(style, &[rows]));
        assert_eq!(names(&reading.facts), ["state", "last"], "{name}");
        let state = &reading.facts.responses[0].fields[0];
        assert_eq!(state.values, ["RUNNING", "DONE"], "{name}");
        assert_eq!(told(&reading), [], "{name}");
    }
}

#[test]
fn an_empty_cell_does_not_shift_the_row() {
    for (name, style) in STYLES.iter().take(6) {
        let rows: &[&[&str]] = &[
            HEAD,
            &["a", "String", ""],
            &["b", "", "Words."],
            &["c", "String", "Words."],
        ];
        let reading = read(&page(*style, &[rows]));
        assert_eq!(names(&reading.facts), ["a", "b", "c"], "{name}");
        let untyped: Vec<_> = told(&reading).into_iter().map(|(_, text)| text).collect();
        assert_eq!(untyped, ["`b` has no type"], "{name}");
    }
}

#[test]
fn a_row_that_lacks_cells_is_told_and_shifts_no_other() {
    let tables = "|\nParameter |\nType |\nDescription |\n|---|---|---|\n|\na |\nString |\n|\nb |\nString |\nWords. |\n";
    let reading = read(&around(tables));
    assert_eq!(names(&reading.facts), ["a", "b"]);
    assert_eq!(told(&reading).len(), 1);
    assert_eq!(told(&reading)[0].0, 12);
    assert!(told(&reading)[0].1.contains("lacks cells, 1 of 3"));
}

#[test]
fn a_table_that_was_cut_off_ends_before_the_next_heading() {
    let cut = "Parameter |\nType |\nDescription |\n---|---|---|\na |\nString |\n";
    let page = format!(
        "T\nURI\nGET /v1/x\nResponse Parameters\n{cut}Status Codes\nStatus Code |\nDescription |\n---|---|\n200 |\nWords. |\n"
    );
    let reading = read(&page);
    assert_eq!(reading.facts.status_codes, ["200"]);
    assert_eq!(told(&reading).len(), 1);
    assert_eq!(told(&reading)[0].0, 9);
}

#[test]
fn pipes_that_no_table_takes_are_told_once_with_their_line() {
    let cases = [
        "Parameter |\nType |\nDescription |\na |\nString |\nWords. |\n",
        "|\n\nParameter |\n\nType |\n",
        "a lone cell |\n",
        "|\n",
    ];
    for case in cases {
        let reading = read(&around(case));
        assert_eq!(told(&reading).len(), 1, "{case}: {:?}", reading.remarks);
        assert_eq!(told(&reading)[0].0, 6, "{case}");
    }
    // An operator is no cell.
    assert_eq!(told(&read(&around("See a ||\nb\n"))), []);
}

#[test]
fn a_list_that_a_conversion_dropped_is_told() {
    let cell = |text: &str| {
        let table = format!("参数 |\n参数类型 |\n描述 |\n---|---|---|\na |\nString |\n{text}\n|\n");
        let reading = read(&around(&table));
        let remark = reading
            .remarks
            .iter()
            .find(|remark| remark.message.contains("was a list lost?"));
        remark.map(|remark| (remark.line, remark.unreadable))
    };
    assert_eq!(cell("说明。 枚举值："), Some((12, true)));
    assert_eq!(cell("说明。 约束限制："), Some((12, false)));
    assert_eq!(cell("说明。 枚举值：A、B"), None);
    assert_eq!(cell("说明。"), None);
}
