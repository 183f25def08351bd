//! Pages of which something cannot be read: they say so, with the line.

use xtask::docs::facts::Location;
use xtask::docs::page::Reading;

use crate::read;

/// A page with these lines below its path, and these among the parameters of its answer.
fn page(address: &str, answer: &str) -> Reading {
    read(&format!(
        "T\nURI\nGET /v1/x/{{thing_id}}\n{address}\nResponse Parameters\n{answer}\nStatus Codes\n200: words\n"
    ))
}

fn unreadable(reading: &Reading) -> Vec<(usize, &str)> {
    let told = reading.unreadable();
    told.map(|remark| (remark.line, remark.message.as_str()))
        .collect()
}

#[test]
fn a_table_whose_cells_were_joined_is_told() {
    let heads = [
        "Parameter Mandatory Type Description thing_id Yes String Words. other No String Words.",
        "Parameter Mandatory Type Description",
        "Name Type Description",
    ];
    for head in heads {
        let reading = page(head, "None");
        let told = unreadable(&reading);
        let at = told.iter().filter(|(line, message)| {
            *line == 4 && message.contains("whose cells stand on one line")
        });
        assert_eq!(at.count(), 1, "{head}: {told:?}");
    }
    let statuses = "T\nURI\nGET /v1/x\nStatus Codes\nStatus Code Description 200 OK 400 Words\n";
    assert_eq!(unreadable(&read(statuses)).len(), 1);
}

#[test]
fn a_section_of_words_without_a_table_is_told() {
    let reading = page("", "id String The ID. size Integer The size.");
    let told = unreadable(&reading);
    assert!(
        told.iter()
            .any(|(line, message)| *line == 6 && message.contains("no table was found")),
        "{told:?}"
    );
}

#[test]
fn a_path_whose_parameters_are_lost_is_told_at_its_line() {
    let reading = page("thing_id is the one thing that counts", "None");
    let told = unreadable(&reading);
    assert!(
        told.iter()
            .any(|(line, message)| *line == 3 && message.contains("`{thing_id}`")),
        "{told:?}"
    );
}

#[test]
fn a_page_that_says_that_there_is_nothing_has_no_gap() {
    for answer in [
        "None",
        "The answer has no body.",
        "This API does not return anything.",
        "See Common Answers.",
    ] {
        assert_eq!(unreadable(&page("", answer)), [], "{answer}");
    }
}

#[test]
fn headers_of_answers_are_told_apart_without_a_caption() {
    let head = "| Parameter | Type | Description |\n|--|--|--|";
    let reading = page(
        "",
        &format!("{head}\n| X-Trace | String | Words. |\n\n{head}\n| id | String | Words. |"),
    );
    let fields = &reading.facts.responses[0].fields;
    assert_eq!((fields.len(), fields[0].name.as_str()), (1, "id"));
    assert!(
        reading
            .remarks
            .iter()
            .any(|remark| remark.message.contains("headers of answers"))
    );
}

#[test]
fn bodies_behind_their_call_are_examples() {
    let text = "T\nURI\nPOST /v1/x\nExample Requests\nPOST https://{Endpoint}/v1/x { \"a\": 1 }\nThe answer to it: { \"b\": 2 }\nExample Response (failed)\n{ \"c\": [] }\nStatus Codes\n200\n";
    let examples = read(text).facts.examples;
    let shown: Vec<_> = examples
        .iter()
        .map(|example| (example.line, example.request, example.value.is_some()))
        .collect();
    assert_eq!(shown, [(5, true, true), (6, true, true), (8, false, true)]);
}

/// Copied text whose rows have names and types of other services.
const ODD: &str = "T\nURI\nGET /v1/x\nResponse Parameters\nParameter\nType\nDescription\n[items]\nArray of arrays of Thing objects\nWords.\nArray length: 0 to 10\nexample.io/size\nString\nWords.\nport:profile\nport:profile object\nWords.\nspec\nTable 3\nWords.\nTable 2 Thing\nParameter\nType\nDescription\nid\nString\nWords.\nStatus Codes\n200\n";

#[test]
fn names_and_types_with_marks_make_rows() {
    let reading = read(ODD);
    let rows: Vec<_> = reading.facts.responses[0]
        .fields
        .iter()
        .map(|field| (field.name.as_str(), field.kind.as_deref().unwrap()))
        .collect();
    assert_eq!(
        rows,
        [
            ("[items]", "Array of arrays of Thing objects"),
            ("example.io/size", "String"),
            ("port:profile", "port:profile object"),
            ("spec", "Table 3")
        ]
    );
    assert_eq!(unreadable(&reading), []);
}

/// Older pages have the name of a table in a list before it.
const LISTED: &str = "T\nURI\nPOST /v1/x\nRequest Parameters\n  • Parameters in the request header\nParameter\nMandatory\nType\nDescription\ntoken\nYes\nString\nWords.\n  • Parameters in the request body\nParameter\nMandatory\nType\nDescription\nshop\nYes\nObject\nWords.\n  • shop\nParameter\nMandatory\nType\nDescription\nname\nNo\nString\nWords.\nResponse Parameters\nNone\nStatus Codes\n200\n";

#[test]
fn the_line_before_a_table_tells_what_it_holds() {
    let reading = read(LISTED);
    let places: Vec<_> = reading
        .facts
        .parameters
        .iter()
        .map(|field| (field.name.as_str(), field.location, field.values.len()))
        .collect();
    assert_eq!(
        places,
        [
            ("token", Some(Location::Header), 0),
            ("shop", Some(Location::Body), 0)
        ]
    );
    assert_eq!(reading.facts.schemas[0].name, "shop");
    assert_eq!(reading.remarks, []);
}

#[test]
fn a_table_of_names_and_meanings_is_told_where_it_became_a_structure() {
    let states = "Parameter\nType\nDescription\nmood\nString\nThe mood.\nTable 2 Moods of a thing\nName\nDescription\nglad\nIt is well.\nsad_or_so\nIt is not.";
    let reading = page("", states);
    let mut told = reading.remarks.iter();
    assert!(
        told.any(|remark| remark.line == 12 && remark.message.contains("no types")),
        "{:?}",
        reading.remarks
    );
}

#[test]
fn a_name_with_a_blank_is_mended_and_a_flag_is_no_name() {
    let rows = "| Parameter | Mandatory | Type | Description |\n|--|--|--|--|\n| thing _id | Yes | String | Words. |\n| No | No | String | Words. |\n";
    let reading = page(rows, "None");
    assert_eq!(reading.facts.parameters[0].name, "thing_id");
    let mut told = reading.remarks.iter();
    assert!(told.any(|remark| !remark.unreadable && remark.message.contains("`thing _id`")));
    assert!(unreadable(&reading).contains(&(7, "`No` is no name: is a cell of this row missing?")));
}

/// A page of a request with one table without a caption, and this example of it.
fn sent(method: &str, example: &str) -> Reading {
    read(&format!(
        "T\nURI\n{method} /v1/x\nRequest\nParameter\nMandatory\nType\nDescription\nkey\nYes\nString\nWords.\nworth\nYes\nString\nWords.\nExample Request\n{example}\nStatus Codes\n200: words\n"
    ))
}

#[test]
fn an_example_tells_where_parameters_are_sent() {
    let reading = sent("DELETE", "{ \"key\": \"a\" }");
    let places: Vec<_> = reading
        .facts
        .parameters
        .iter()
        .map(|field| field.location)
        .collect();
    assert_eq!(places, [Some(Location::Body); 2]);
    let reading = sent("DELETE", "None");
    assert_eq!(
        reading.facts.parameters[0].location,
        Some(Location::Unknown)
    );
}

#[test]
fn fields_that_an_example_shows_deeper_are_told() {
    let is_told = |example: &str| {
        let reading = sent("POST", example);
        let mut told = reading.remarks.iter();
        told.any(|remark| remark.message.contains("within `tag`"))
    };
    assert!(is_told("{ \"tag\": { \"key\": \"a\", \"worth\": \"b\" } }"));
    assert!(!is_told("{ \"tag\": { \"key\": \"a\" } }"));
    assert!(!is_told("{ \"key\": \"a\", \"worth\": \"b\" }"));
}
