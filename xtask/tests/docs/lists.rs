//! Values of descriptions whose lines a conversion joined, and items that read like labels.

use xtask::docs::page::Reading;

use crate::read;

/// A page with one field of this description.
fn described(cell: &str) -> Reading {
    read(&format!(
        "# T\n## URI\nGET /v1/x\n## Response\n| Parameter | Type | Description |\n|--|--|--|\n| a | String | {cell} |\n\n## Status Codes\n200: words\n"
    ))
}

fn values(reading: &Reading) -> Vec<&str> {
    let field = &reading.facts.responses[0].fields[0];
    field.values.iter().map(String::as_str).collect()
}

fn is_told(reading: &Reading, message: &str) -> bool {
    let mut remarks = reading.remarks.iter();
    remarks.any(|remark| remark.line == 7 && remark.message.contains(message))
}

#[test]
fn joined_lists_are_read_where_their_items_stand_out() {
    let cells: [(&str, &[&str]); 24] = [
        ("Words. Range: AA: words. AA_BE: words.", &["AA", "AA_BE"]),
        ("Words. Range: SOME: words. NONE: words.", &["SOME", "NONE"]),
        ("Hall 4b1f: it is large 9c2e: it is not", &["4b1f", "9c2e"]),
        ("Words. True: it is. False: it is not.", &["True", "False"]),
        (
            "Sort of drink. RedTea BlackTea Milk iWine",
            &["RedTea", "BlackTea", "Milk", "iWine"],
        ),
        (
            "Where it is kept. shelf cellar (not in summer)",
            &["shelf", "cellar"],
        ),
        (
            "Range: NEW, OLD, and WORN For more, ask someone.",
            &["NEW", "OLD", "WORN"],
        ),
        (
            "Options: Default: words Other: more words FIRST: words",
            &["Default", "Other", "FIRST"],
        ),
        (
            "Way it goes. upward: it rises downward: it falls",
            &["upward", "downward"],
        ),
        (
            "Words. Range: net:one: words net:two: words",
            &["net:one", "net:two"],
        ),
        (
            "Mood. GOOD (default): it is well. BAD: it is not.",
            &["GOOD", "BAD"],
        ),
        ("Shop size: BIG: a hall Small: a booth", &["BIG", "Small"]),
        (
            "Two sorts are sold: left: for one hand. right: for the other.",
            &["left", "right"],
        ),
        (
            "Options: DEFAULT: words. OTHER: words.",
            &["DEFAULT", "OTHER"],
        ),
        (
            "Words. Early: it is soon. Late: it was. Never: it is not.",
            &["Early", "Late", "Never"],
        ),
        (
            "Words. Range: OPEN CLOSED For more, ask.",
            &["OPEN", "CLOSED"],
        ),
        (
            "Definition: Words. Range OPEN: words. CLOSED: words.",
            &["OPEN", "CLOSED"],
        ),
        ("Enumeration values: and or", &["and", "or"]),
        ("Way to go. up: it rises. down: it falls.", &["up", "down"]),
        (
            "Kind of shop. Open: all day HalfOpen: mornings",
            &["Open", "HalfOpen"],
        ),
        (
            "Kind of shop. CLOSED NIGHT: after dark DAY: till then",
            &["CLOSED", "NIGHT", "DAY"],
        ),
        (
            "The value can be: EPS Manual Timed",
            &["EPS", "Manual", "Timed"],
        ),
        ("Words. Value: warm cold", &["warm", "cold"]),
        (
            "Definition Order. Range default: as they come small: by size Default Value N/A",
            &["default", "small"],
        ),
    ];
    for (cell, expected) in cells {
        let reading = described(cell);
        assert_eq!(values(&reading), expected, "{cell}");
        assert!(is_told(&reading, "by their look"), "{cell}");
    }
}

#[test]
fn a_list_that_cannot_be_told_apart_is_told() {
    let cells = [
        "Node type. Hive SQL: runs Hive. Spark SQL: runs Spark.",
        "Enumeration values: Go(1.x) Rust (stable) Other",
        "Words. The options are as follows: A small thing A large thing",
        "Sort of shop opened: all day. closed: at night.",
        "Words. UP: it is up. DOWN: it is down. Empty word: it is gone.",
        "Definition Words. Range by_hand by_foot: on foot by_sea Default Value N/A",
        "Words. Options: See Limits.",
    ];
    for cell in cells {
        let reading = described(cell);
        assert_eq!(values(&reading), [""; 0], "{cell}");
        assert!(is_told(&reading, "cannot be told apart"), "{cell}");
    }
}

#[test]
fn prose_with_colons_is_no_list() {
    for cell in [
        "Words. Format: a date. Zone: here.",
        "Definition Words with a colon: here.",
        "Words. NOTE: more words.",
    ] {
        let reading = described(cell);
        assert_eq!(values(&reading), [""; 0], "{cell}");
        assert_eq!(reading.remarks, [], "{cell}");
    }
}

#[test]
fn items_that_read_like_labels_are_values_unless_the_cell_has_labels() {
    let cells: [(&str, &[&str]); 7] = [
        (
            "Words.<ul><li>Default: words</li><li>Carbon: words</li></ul>",
            &["Default", "Carbon"],
        ),
        (
            "Words.<ul><li>left: words</li><li>right (default): words</li></ul>",
            &["left", "right"],
        ),
        (
            "<p>Definition</p>Words.<ul><li>key: words</li><li>value: words</li></ul>",
            &["key", "value"],
        ),
        (
            "Words.<ul><li>maximum</li><li>minimum</li></ul>",
            &["maximum", "minimum"],
        ),
        (
            "<ul><li><b>Definition</b>: words</li><li><b>Range</b>: warm, cold</li></ul>",
            &["warm", "cold"],
        ),
        (
            "Minimum: 0 Maximum: 99 The value can be: 10 20",
            &["10", "20"],
        ),
        (
            "Minimum: 0<br>The value can be:<ul><li>10</li><li>20</li></ul>",
            &["10", "20"],
        ),
    ];
    for (cell, expected) in cells {
        assert_eq!(values(&described(cell)), expected, "{cell}");
    }
}

#[test]
fn a_bound_that_something_depends_on_is_none() {
    let reading = described("The value is cut when it is greater than 400. Default: 10");
    let field = &reading.facts.responses[0].fields[0];
    assert_eq!(
        (&field.minimum, field.default.as_deref()),
        (&None, Some("10"))
    );
}

#[test]
fn labels_of_a_family_may_have_colons() {
    for cell in [
        "Definition: Words. Constraints: N/A Value range: 1 to 9 Default value: N/A",
        "Definition Words. Constraints N/A Range 1 to 9 Default Value N/A",
    ] {
        let reading = described(cell);
        let field = &reading.facts.responses[0].fields[0];
        assert_eq!(
            (field.default.as_deref(), field.minimum.clone()),
            (None, Some(1.into())),
            "{cell}"
        );
    }
}

#[test]
fn a_list_may_have_an_item_that_reads_like_nothing() {
    for item in ["NA", "None"] {
        let cell = format!("Words. <ul><li>SOME</li><li>{item}</li></ul>");
        assert_eq!(values(&described(&cell)), ["SOME", item]);
        let alone = format!("Words. <ul><li>{item}</li></ul>");
        assert_eq!(values(&described(&alone)), [""; 0]);
    }
}
