//! Values that a description lists where nothing was joined, and lists of other things.

use xtask::docs::facts::Field;
use xtask::docs::page::Reading;

use crate::read;

/// A page with one field of this type and description, and the field.
fn described(kind: &str, cell: &str) -> (Field, Reading) {
    let reading = read(&format!(
        "# T\n## URI\nGET /v1/x\n## Response\n| Parameter | Type | Description |\n|--|--|--|\n| a | {kind} | {cell} |\n\n## Status Codes\n200: words\n"
    ));
    (reading.facts.responses[0].fields[0].clone(), reading)
}

#[test]
fn listed_values_are_read_without_a_doubt() {
    let cells: [(&str, &[&str]); 8] = [
        (
            "Words.<br>Range:<br>NEW, OLD and WORN<br>For more, see the other page.",
            &["NEW", "OLD", "WORN"],
        ),
        ("Words. Options: one", &["one"]),
        (
            "The value can be NEW or OLD.<ul><li>NEW (default): words</li></ul>",
            &["NEW", "OLD"],
        ),
        (
            "The value can be left or right.<br>\"side\": {<br>\"end\": \"x\"",
            &["left", "right"],
        ),
        (
            "<ul><li>net:one: words</li><li>net:two: words</li></ul>",
            &["net:one", "net:two"],
        ),
        (
            "<ul><li>Words</li><li>Range:</li><li>near: words</li><li>far: words</li></ul>",
            &["near", "far"],
        ),
        (
            "<ul><li>near: words</li><li>far: words</li><li>Length: 3 to 4</li></ul>",
            &["near", "far"],
        ),
        (
            "Words. Valid value: <ul><li>near</li><li>far</li></ul>",
            &["near", "far"],
        ),
    ];
    for (cell, expected) in cells {
        let (field, reading) = described("String", cell);
        assert_eq!(field.values, expected, "{cell}");
        assert_eq!(reading.remarks, [], "{cell}");
    }
}

#[test]
fn what_is_told_of_all_values_is_none_of_them() {
    let none: &[&str] = &[];
    for cell in [
        "When it was.<ul><li>Format: a date and a time</li></ul>",
        "Words. Regular expression: ^a$",
        "Words. Range: UTC time in the usual form",
        "Key.<ul><li>Length: 3 to 4</li><li>Each is the only one. It can have: Letters</li></ul>",
        "Range: N/A<br>Some more words about it follow here.",
        "Words.<br>Examples<ul><li>First</li><li>Second</li></ul>",
    ] {
        let (field, reading) = described("String", cell);
        assert_eq!(field.values, none, "{cell}");
        assert_eq!(reading.remarks, [], "{cell}");
    }
    let (field, _) = described("String", "Words. An example of valid values: red, blue");
    assert_eq!(field.values, none);
    let (field, _) = described("Integer", "Words. Default: 10 Regular expression: ^[0-9]$");
    assert_eq!(field.default.as_deref(), Some("10"));
    let (field, _) = described("Integer", "Words. Default: N/A NOTE Some words.");
    assert_eq!(field.default, None);
}

#[test]
fn values_that_may_be_none_are_told() {
    let list = "<ul><li>size: words</li><li>part: words</li></ul>";
    let cells = [
        ("Object", format!("Words.{list}"), false, "members"),
        (
            "Array of objects",
            format!("Words.{list}"),
            false,
            "members",
        ),
        ("Integer", format!("Words.{list}"), true, "of its type"),
        ("Boolean", format!("Words.{list}"), true, "of its type"),
        ("String", format!("Words.<br>NOTE{list}"), true, "in a note"),
    ];
    for (kind, cell, taken, message) in cells {
        let (field, reading) = described(kind, &cell);
        assert_eq!(field.values.len() == 2, taken, "{kind}");
        let told = reading.remarks.iter();
        assert_eq!(
            told.filter(|remark| remark.message.contains(message))
                .count(),
            1,
            "{kind}: {:?}",
            reading.remarks
        );
    }
    let (field, _) = described("Map<String,String>", &format!("Words.{list}"));
    assert_eq!(field.values, ["size", "part"]);
}
