//! Copied text: what conversions join, drop and put around it.

use xtask::docs::page::Reading;

use crate::read;

fn told(reading: &Reading) -> Vec<(usize, &str)> {
    let unreadable = reading.unreadable();
    unreadable
        .map(|remark| (remark.line, remark.message.as_str()))
        .collect()
}

/// An older page: captions joined with the first word of the head below them, and no blank lines.
const JOINED: &str = "\
We use cookies. Find out more.
Products
Counting Things
Function
Words.
URI
- URI format
GET /v1/things/{thing_id}
- Parameter description
Table 1 URI parameter description Parameter
Mandatory
Type
Description
thing_id
Yes
String
Words.
Response
- Sample response
{ \"parts\": [ { \"state\": \"UP\" } ] }
- Parameter description
Table 2 Response parameter description Parameter
Type
Description
parts
Array of Part objects
Words.
Table 3 Part Parameter
Type
Description
state
String
Words.
Returned Values
Table 4 Returned values Returned Value
Description
200
Words.
404
Words.
";

#[test]
fn captions_that_were_joined_with_the_head_below_them_are_read() {
    let reading = read(JOINED);
    assert_eq!(reading.remarks, []);
    let facts = reading.facts;
    assert_eq!(facts.title, "Counting Things");
    assert_eq!(facts.parameters[0].name, "thing_id");
    assert_eq!(facts.responses[0].fields[0].name, "parts");
    let part = &facts.schemas[0];
    assert_eq!((part.name.as_str(), part.fields.len()), ("Part", 1));
    assert_eq!(facts.status_codes, ["200", "404"]);
}

#[test]
fn a_line_that_names_a_field_is_the_caption_of_the_table_below_it() {
    let table = |row: &str| format!("Parameter\nMandatory\nType\nDescription\n{row}\n");
    let page = format!(
        "T\nURI\nGET /v1/x\nResponse\n{}- Description of the links parameter\n{}Structure of the inner field\n{}\nStatus Codes\n200\n",
        table("links\nYes\nList\nWords."),
        table("inner\nYes\nList\nWords."),
        "\n| Parameter | Type | Description |\n|---|---|---|\n| deep | String | Words. |\n"
    );
    let reading = read(&page);
    assert_eq!(reading.remarks, []);
    let schemas: Vec<_> = reading
        .facts
        .schemas
        .iter()
        .map(|schema| (schema.name.as_str(), schema.fields[0].name.as_str()))
        .collect();
    assert_eq!(schemas, [("links", "inner"), ("inner", "deep")]);
}

#[test]
fn the_bare_name_of_a_field_is_the_caption_of_the_table_below_it() {
    let head = "| Parameter | Type | Description |\n|---|---|---|\n";
    let page = format!(
        "# T\n## URI\nGET /v1/x\n## Response\n{head}| thing | Object | Words. |\n| policy | Object | Words. |\n\n- thing.links\n\n{head}| self | String | Words. |\n\n- policy格式说明\n\n{head}| example.com/key | String | Words. |\n\n- thing\n\n{head}| links | Object | Words. |\n\n## Status Codes\n200\n"
    );
    let reading = read(&page);
    let schemas: Vec<_> = reading
        .facts
        .schemas
        .iter()
        .map(|schema| (schema.name.as_str(), schema.fields[0].name.as_str()))
        .collect();
    assert_eq!(
        schemas[1..],
        [("policy", "example.com/key"), ("thing", "links")]
    );
    assert_eq!(told(&reading), []);
}

#[test]
fn rows_that_lack_a_cell_are_told_once_a_table() {
    let page = "T\n\nURI\n\nGET /v1/{id}\n\n表1 路径参数\n\n参数\n\n是否必选\n\n参数类型\n\n描述\n\nid\n\nString\n\n参数解释\n\n说明。\n\n响应参数\n\n状态码\n\n200\n";
    let reading = read(page);
    assert_eq!(told(&reading).len(), 1, "{:?}", reading.remarks);
    assert_eq!(told(&reading)[0].0, 17);
    assert!(told(&reading)[0].1.contains("does not fit its 4 columns"));
}

#[test]
fn a_caption_without_a_table_is_told() {
    let page = "T\nURI\nGET /v1/x\nTable 1 lists the parameters.\nResponse Parameters\nTable 2 Response body parameters\nParamètre\nType\nStatus code: 400\nTable 3 Response body parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n| a | String | Words. |\n\nStatus Codes\n200\n";
    let lines: Vec<usize> = told(&read(page)).iter().map(|told| told.0).collect();
    assert_eq!(lines, [6]);
}

#[test]
fn a_table_on_one_line_is_told() {
    let page = "T\nURI\nGET /v1/{id}\nTable 1 Path parameters Parameter Mandatory Type Description id Yes String Words.\nStatus Codes\n200\n";
    let reading = read(page);
    let told = told(&reading);
    assert!(told.iter().any(|(line, _)| *line == 4), "{told:?}");
}

#[test]
fn a_page_of_which_no_table_was_read_is_not_taken_for_one_without_parameters() {
    let page = "T\nURI\nGET /v1/{id}\nParameter\nType\nWhat it does\nid\nString\nWords.\nStatus Codes\n200\n";
    let reading = read(page);
    let about_id = |told: &(usize, &str)| told.1.contains("`{id}` of the path is not described");
    assert!(told(&reading).iter().any(about_id), "{:?}", reading.remarks);
    let foreign = read(
        "T\nURI\nGET /v1/{id}\nTabla 1\nParámetro\nTipo\nid\nString\nRespuesta\nStatus Code\n200\n",
    );
    assert!(told(&foreign).iter().any(about_id), "{:?}", foreign.remarks);
    // Where nothing looks like a table, there may be none.
    let bare = read("T\nURI\nDELETE /v1/{id}\nRequest\nNone\nResponse\nNone\nStatus Codes\n204\n");
    assert_eq!(told(&bare), []);
    assert_eq!(bare.remarks.len(), 1);
}

#[test]
fn labels_with_colons_and_marks_do_not_end_a_table() {
    let page = "T\n\nURI\n\nPOST /v1/x\n\nRequest Parameters\n\nTable 1 Request body parameters\n\nParameter\n\nMandatory\n\nType\n\nDescription\n\na\n\nYes\n\nArray of strings\n\nDefinition:\n\nWords.\n\n** Restrictions**:\n\nN/A\n\nArray Length: 1 - 100\n\nb\n\nNo\n\nString\n\nWords.\n\nMinimum: 1\n\nMaximum: 64\n\nStatus Codes\n\n200\n";
    let reading = read(page);
    assert_eq!(told(&reading), []);
    let b = &reading.facts.parameters[1];
    // Of a text, the length is meant.
    assert_eq!((b.min_length, b.max_length), (Some(1), Some(64)));
    assert_eq!((b.minimum.clone(), b.maximum.clone()), (None, None));
}

/// Rows of a response whose descriptions list values that look like names, types and headings.
#[test]
fn values_that_look_like_names_types_and_headings_stay_in_their_description() {
    let rows = [
        "kind\n\nString\n\n说明。\n\n枚举值：\n\nHTTP\n\nFUNCTION\n\nMOCK",
        "state\n\nString\n\n说明。\n\n枚举值：\n\nCreating\n\nCreateSuccess\n\nin_progress",
        "method\n\nString\n\n说明。\n\n枚举值：\n\nALL\n\nANY\n\nNUMBER",
        "enabled\n\nBoolean\n\nTRUE\n\n否\n\nFALSE",
        "parts\n\n表4 object\n\n说明。",
        "joined\n\n表5object\n\n说明。",
        "map\n\n字典数据类型\n\n说明。",
        "last\n\nInteger\n\n说明。",
    ];
    let page = format!(
        "T\n\nURI\n\nGET /v1/x\n\n响应参数\n\n状态码：200\n\n表1 响应Body参数\n\n参数\n\n参数 类型\n\n描述\n\n{}\n\n状态码\n\n200\n",
        rows.join("\n\n")
    );
    let reading = read(&page);
    assert_eq!(told(&reading), []);
    let names: Vec<_> = reading.facts.responses[0]
        .fields
        .iter()
        .map(|field| field.name.as_str())
        .collect();
    let expected = [
        "kind", "state", "method", "enabled", "parts", "joined", "map", "last",
    ];
    assert_eq!(names, expected);
}

#[test]
fn a_row_behind_listed_values_that_lacks_its_type_is_told() {
    let page = "T\n\nURI\n\nGET /v1/x\n\n响应参数\n\n表1 响应Body参数\n\n参数\n\n参数类型\n\n描述\n\nkind\n\nString\n\n枚举值：\n\nHTTP\n\nMOCK\n\nother_kind\n\n说明。\n\n状态码\n\n200\n";
    let reading = read(page);
    let lines: Vec<usize> = told(&reading).iter().map(|told| told.0).collect();
    assert_eq!(lines, [27]);
}

#[test]
fn a_remark_may_stand_behind_yes() {
    let page = "T\n\nURI\n\nPOST /v1/x\n\nRequest\n\nTable 1 Request body parameters\n\nParameter\n\nMandatory\n\nType\n\nDescription\n\nsize\n\nYes (unless a copy is made)\n\nInteger\n\nWords.\n\nStatus Codes\n\n200\n";
    let reading = read(page);
    assert_eq!(reading.remarks, []);
    assert_eq!(reading.facts.parameters[0].required, Some(true));
}

#[test]
fn methods_and_paths_are_found_in_tables_and_without_a_space() {
    let table = "| Method | URI |\n|---|---|\n| PUT | /v1/{id}/x |\n";
    for uri in [
        table,
        "PUT/v1/{id}/x\n",
        "PUT https://{*Endpoint*}/v1/{*id*}/x\n",
    ] {
        let page =
            format!("# T\n## URI\n{uri}\n## Example response (successful request)\n{{\"a\": 1}}\n");
        let facts = read(&page).facts;
        assert_eq!(
            (facts.method.as_str(), facts.path.as_str()),
            ("PUT", "/v1/{id}/x"),
            "{uri}"
        );
        assert_eq!(facts.examples.len(), 1, "{uri}");
    }
}
