//! What stands within a description of copied text, or seems to.

use xtask::docs::page::Reading;

use crate::read;

fn told(reading: &Reading) -> Vec<&str> {
    let unreadable = reading.unreadable();
    unreadable.map(|remark| remark.message.as_str()).collect()
}

/// A page with these lines behind the rows of the only table of its body.
fn inset(lines: &str) -> Reading {
    read(&format!(
        "Counting Things\nNOTE\nSome words about it.\nURI\nPOST /v1/x\nRequest\nTable 1 Request body parameters\nParameter\nMandatory\nType\nDescription\nkey\nNo\nString\nWords.\n{lines}\nmany_keys\nNo\nInteger\nmany_keys\nStatus Codes\n200: words\n"
    ))
}

#[test]
fn a_table_goes_on_behind_an_example_within_a_description() {
    for lines in [
        "It looks like this:\n{ \"a\": 1 }\nFor more, see below.",
        "Examples\nOf a shell:\n#!/bin/sh\necho 1",
        "Example:\n{ \"a\": 1 }\nExample:\n{ \"a\": 2 }\nMore words.",
    ] {
        let reading = inset(lines);
        assert_eq!(told(&reading), [""; 0], "{lines}");
        let names: Vec<_> = reading
            .facts
            .parameters
            .iter()
            .map(|field| field.name.as_str())
            .collect();
        assert_eq!(names, ["key", "many_keys"], "{lines}");
        assert_eq!(reading.facts.title, "Counting Things");
    }
}

#[test]
fn a_heading_with_nothing_below_it_is_no_row() {
    let page = "T\nURI\nGET /v1/x/{key}\nParameter\nMandatory\nDescription\nkey\nYes\nWords.\nRequest\nN/A\nResponse\nNone\nStatus Codes\n200: words\n";
    let reading = read(page);
    assert_eq!(reading.remarks, []);
    assert_eq!(reading.facts.parameters.len(), 1);
}

#[test]
fn a_range_may_list_names() {
    let reading = inset("Definition\nWords.\nRange\nby_land\nby_sea\nby_air\nDefault Value\nnull");
    assert_eq!(told(&reading), [""; 0]);
    assert_eq!(
        reading.facts.parameters[0].values,
        ["by_land", "by_sea", "by_air"]
    );
}
