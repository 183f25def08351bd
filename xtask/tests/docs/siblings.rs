//! Forms that pages of other services have.

use xtask::docs::facts::{Facts, Field, Location};

use crate::read;

fn find<'a>(fields: &'a [Field], name: &str) -> &'a Field {
    fields
        .iter()
        .find(|field| field.name == name)
        .unwrap_or_else(|| panic!("no {name}"))
}

fn names(facts: &Facts) -> Vec<(&str, Vec<&str>)> {
    let schemas = facts.schemas.iter();
    schemas
        .map(|schema| {
            (
                schema.name.as_str(),
                schema
                    .fields
                    .iter()
                    .map(|field| field.name.as_str())
                    .collect(),
            )
        })
        .collect()
}

/// An older page: a body without a caption of its own, structures by number and by field, and a list with nested items.
const OLDER: &str = r##"<a name="x"></a><h1 class="topictitle1">Creating a <span>Thing</span></h1>
<div><h4>URI</h4><p>POST /v1/{project_id}/things</p>
<table><caption><b>Table 1 </b>Parameter description</caption>
<tr><td>Parameter</td><td>Mandatory</td><td>Description</td></tr>
<tr><td>project_id</td><td>Yes</td><td>Words.</td></tr></table>
<h4>Request</h4>
<table><caption><b>Table 2 </b>Request parameters</caption>
<thead><tr><th>Parameter</th><th>Mandatory</th><th>Type</th><th>Description</th></tr></thead>
<tr><td>thing</td><td>Yes</td><td>Object</td><td>Words. For details, see <a href="#t3">Table 3</a>.</td></tr>
<tr><td rowspan="2">dry_run<td>No<td>Boolean<td>Words.<ul><li><strong>true</strong>: words<ul><li>More words, at length.</li></ul></li><li><b>false</b>: words</li></ul></tr>
</table>
<table><caption><b>Table 3 </b>Data structure of the thing field</caption>
<tr><th>Parameter</th><th>Mandatory</th><th>Type</th><th>Description</th></tr>
<tr><td>size</td><td>No</td><td>Integer</td><td>Words.<br>Value range: 1 to 1,000<br>The default value is <strong>10</strong>.</td></tr>
<tr><td>kind</td><td>Yes</td><td>String</td><td>The value can be <b>small</b>, <b>medium</b>, or <b>large</b>.</td></tr>
<tr><td>tags</td><td>No</td><td>Map&lt;String,String&gt;</td><td>A &amp; B</td></tr></table>
<h4>Response</h4>
<table><caption>Table 4 Response parameters</caption><tr><th>Parameter</th><th>Type</th><th>Description</th></tr>
<tr><td>job_id</td><td>String</td><td>Words.</td></tr></table>
<h4>Returned Values</h4><p>See elsewhere.</p></div>"##;

#[test]
fn older_pages_are_read_as_well() {
    let facts = read(OLDER).facts;
    assert_eq!(facts.title, "Creating a Thing");
    let places: Vec<_> = facts
        .parameters
        .iter()
        .map(|field| {
            (
                field.name.as_str(),
                field.location.unwrap(),
                field.kind.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        places,
        [
            ("project_id", Location::Path, None),
            ("thing", Location::Body, Some("Object")),
            ("dry_run", Location::Body, Some("Boolean"))
        ]
    );
    assert_eq!(names(&facts), [("thing", vec!["size", "kind", "tags"])]);
    let size = find(&facts.schemas[0].fields, "size");
    assert_eq!(
        (
            size.minimum.clone(),
            size.maximum.clone(),
            size.default.as_deref()
        ),
        (Some(1.into()), Some(1000.into()), Some("10"))
    );
    assert_eq!(
        find(&facts.schemas[0].fields, "kind").values,
        ["small", "medium", "large"]
    );
    assert_eq!(
        find(&facts.schemas[0].fields, "tags").kind.as_deref(),
        Some("Map<String,String>")
    );
    assert_eq!(facts.responses[0].fields[0].name, "job_id");
}

/// A page of a conversion that escapes, with ranges and defaults in columns and sentences of their own.
const CHINESE: &str = r"# 查询主机<a name=x></a>

## URI

GET /v1.1/\{project\_id\}/clusters/\{cluster\_id\}/hosts

**表 1**  路径参数

| 参数 | 是否必选 | 参数类型 | 取值范围 | 描述 |
|---|---|---|---|---|
| project_id | 是 | String | 不涉及 | 说明 |
| cluster\_id | 是 | String | 长度为1～64个字符 | 说明 |

**表 2**  Query参数

<table><tr><td>参数</td><td>是否必选</td><td>参数类型</td><td>描述</td></tr>
<tr><td>page_size</td><td>否</td><td>Integer</td><td><p>每页数量。 取值范围：[1～2147483646] 默认值为10。</p></td></tr>
<tr><td>state</td><td>否</td><td>String</td><td>状态。枚举值：<ul><li>running：运行</li><li>frozen：冻结</li></ul></td></tr></table>

## 响应参数

**状态码： 200**

**表 3**  响应Body参数

参数	参数类型	描述
total	Long	总数
host	[Host](#host) object	主机

**表 4**  Host

参数	参数类型	描述
name	String	名称

## 状态码

请参见状态码。
";

#[test]
fn chinese_pages_of_mixed_layouts_are_read() {
    let reading = read(CHINESE);
    let facts = reading.facts;
    assert_eq!(reading.remarks, []);
    assert_eq!(facts.path, "/v1.1/{project_id}/clusters/{cluster_id}/hosts");
    assert_eq!(find(&facts.parameters, "cluster_id").max_length, Some(64));
    let size = find(&facts.parameters, "page_size");
    assert_eq!(
        (size.required, size.minimum.clone(), size.maximum.clone()),
        (Some(false), Some(1.into()), Some(2_147_483_646_u32.into()))
    );
    assert_eq!(size.default.as_deref(), Some("10"));
    assert_eq!(
        find(&facts.parameters, "state").values,
        ["running", "frozen"]
    );
    assert_eq!(
        facts.responses[0].fields[1].kind.as_deref(),
        Some("Host object")
    );
    assert_eq!(names(&facts), [("Host", vec!["name"])]);
}

/// A page of reStructuredText: a table between rules, and a cell that spans rows.
const RULED: &str = "\
Deleting a Thing
================

URI
---

DELETE /v2/things/{thing_id}?force={force}

.. table:: **Table 1** Parameter description

   ========== ========= ======= ===========
   Parameter  Mandatory Type    Description
   ========== ========= ======= ===========
   thing_id   Yes       String  Words.
   force      No        Boolean Words that
                                go on.
   ========== ========= ======= ===========

Request
-------

None

Response
--------

None

Status Codes
------------

+-------------+-----------------+
| Status Code | Description     |
+=============+=================+
| 204         | Words.          |
+-------------+-----------------+
| 404 and 410 | Words.          |
+-------------+-----------------+
";

#[test]
fn tables_between_rules_are_read() {
    let facts = read(RULED).facts;
    let places: Vec<_> = facts
        .parameters
        .iter()
        .map(|field| (field.name.as_str(), field.location.unwrap()))
        .collect();
    assert_eq!(
        places,
        [("thing_id", Location::Path), ("force", Location::Query)]
    );
    assert_eq!(facts.status_codes, ["204", "404", "410"]);
    assert_eq!(facts.responses, []);
}

#[test]
fn what_cannot_be_read_is_told_with_its_line() {
    let cases = [
        (
            "| force | Perhaps | Boolean | x |",
            "says neither that it is mandatory nor that it is not",
        ),
        ("| force | No | | x |", "`force` has no type"),
        ("| | No | String | x |", "this row has no name"),
        (
            "| two words | No | String | x |",
            "is not the name of a parameter or field",
        ),
        (
            "| force | No | Words that are no type but a sentence of some length. | x |",
            "is not a type",
        ),
        (
            "| force | No | String | a | b |",
            "has 5 cells where the table has 4 columns",
        ),
    ];
    for (row, message) in cases {
        let page = format!(
            "# T\n## URI\nGET /v1/x\n\n| Parameter | Mandatory | Type | Description |\n|--|--|--|--|\n{row}\n\n## Status Codes\nThere.\n"
        );
        let reading = read(&page);
        let told: Vec<_> = reading
            .unreadable()
            .map(|remark| (remark.line, remark.message.as_str()))
            .collect();
        assert!(
            told.iter()
                .any(|(line, told)| *line == 7 && told.contains(message)),
            "{row}: {told:?}"
        );
    }
}

/// The rows of a page whose tables have no captions, as a conversion to pipes leaves them.
fn uncaptioned(tables: &[&str]) -> String {
    let tables: Vec<String> = tables
        .iter()
        .map(|rows| format!("| Parameter | Type | Description |\n|--|--|--|\n{rows}\n"))
        .collect();
    format!(
        "# T\n## URI\nGET /v1/x\n## Response Parameters\n{}\n## Status Codes\n200: words\n",
        tables.join("\n")
    )
}

#[test]
fn structures_without_captions_follow_the_tables_that_refer_to_them() {
    let page = uncaptioned(&[
        "| a | Alpha object | Words. |\n| b | Beta object | Words. |",
        "| c | Array of Gamma objects | Words. |",
        "| of_c | String | Words. |",
        "| of_b | String | Words. |",
    ]);
    let facts = read(&page).facts;
    assert_eq!(
        names(&facts),
        [
            ("Alpha", vec!["c"]),
            ("Gamma", vec!["of_c"]),
            ("Beta", vec!["of_b"])
        ]
    );
}

#[test]
fn a_table_that_nothing_refers_to_is_kept_and_told() {
    let page = uncaptioned(&[
        "| a | Integer | Words. |",
        "| left_over | String | Words. |",
    ]);
    let reading = read(&page);
    assert_eq!(
        names(&reading.facts),
        [("unnamed at line 11", vec!["left_over"])]
    );
    assert!(
        reading
            .remarks
            .iter()
            .any(|remark| remark.line == 11 && remark.message.contains("nothing refers to it"))
    );
}

#[test]
fn structures_that_no_type_names_are_named_by_their_fields() {
    let page = uncaptioned(&[
        "| count | Integer | Words. |\n| shop | Object | Words. |",
        "| doors | Array of objects | Words. |",
        "| width | Integer | Words. |",
    ]);
    let reading = read(&page);
    assert_eq!(
        names(&reading.facts),
        [("shop", vec!["doors"]), ("doors", vec!["width"])]
    );
    let told: Vec<_> = reading.remarks.iter().map(|remark| remark.line).collect();
    assert_eq!(told, [12, 16], "{:?}", reading.remarks);
}

#[test]
fn a_table_that_a_description_points_to_gets_the_name_of_that_field() {
    let page = "# T\n## URI\nGET /v1/x\n## Response\nTable 1 Response parameter description\n| Parameter | Type | Description |\n|--|--|--|\n| things | Array | For details, see Table 2. |\n\nTable 2 Thing parameter description\n| Parameter | Type | Description |\n|--|--|--|\n| id | String | Words. |\n\n## Status Codes\n200: words\n";
    assert_eq!(names(&read(page).facts), [("things", vec!["id"])]);
}

#[test]
fn fields_that_stand_behind_an_example_are_read() {
    let page = "# T\n## URI\nPOST /v1/x\n## Request\n- Example:\n```\n{}\n```\n- Parameter description\n| Parameter | Mandatory or Not | Type | Description |\n|--|--|--|--|\n| force | No | BOOLEAN | Words. |\n\n## Response\n- Example:\n```\n{}\n```\n- Response parameter description\n| Parameter | Type | Description |\n|--|--|--|\n| id | LONG | Words. |\n\n## Status Code\n| Status Code | Description |\n|--|--|\n| 200 | Words. |\n";
    let facts = read(page).facts;
    let force = find(&facts.parameters, "force");
    assert_eq!(
        (force.location, force.required),
        (Some(Location::Body), Some(false))
    );
    assert_eq!(
        find(&facts.responses[0].fields, "id").kind.as_deref(),
        Some("LONG")
    );
}

/// Copied text with what makes rows hard to tell: code in a description, types with marks, names of two words, and a table that
/// follows without a caption.
const COPIED: &str = r#"T

URI

POST /v1/x

Request Parameters

Parameter

Mandatory

Type

Description

progress

No

Map<String,List<String>>

The following is an example:

"progress":
{"SNAPSHOTTING":"16%"}

link-values

Yes

link-values object

Response object

Two Words

Yes

String

Words.

Parameter

Mandatory

Type

Description

inner

No

String

Words.

Status Codes

200
"#;

#[test]
fn rows_of_copied_text_are_found_behind_code_and_between_odd_names() {
    let reading = read(COPIED);
    let rows: Vec<_> = reading
        .facts
        .parameters
        .iter()
        .map(|field| (field.name.as_str(), field.kind.as_deref().unwrap()))
        .collect();
    assert_eq!(
        rows,
        [
            ("progress", "Map<String,List<String>>"),
            ("link-values", "link-values object"),
            ("Two Words", "String")
        ]
    );
    assert_eq!(names(&reading.facts), [("link-values", vec!["inner"])]);
    let told: Vec<_> = reading.unreadable().map(|remark| remark.line).collect();
    assert_eq!(told, [36], "{:?}", reading.remarks);
}

#[test]
fn a_row_that_a_broken_line_cut_off_its_table_is_told() {
    let page = uncaptioned(&["| a | String | Words {\nmore }\n| b | String | Words. |"]);
    let reading = read(&page);
    let told: Vec<_> = reading.unreadable().map(|remark| remark.line).collect();
    assert_eq!(told, [9], "{:?}", reading.remarks);
}

#[test]
fn lists_that_a_conversion_joined_are_told_by_their_look_with_a_remark() {
    let cells: [(&str, &[&str]); 9] = [
        ("Definition Words. Range on off", &["on", "off"]),
        (
            "Definition Words. Range v1.0: first-generation v2.0: second-generation.",
            &["v1.0", "v2.0"],
        ),
        ("Words. RUNNING: words DONE: words", &["RUNNING", "DONE"]),
        ("Status code 100: creating 200: normal", &["100", "200"]),
        (
            "The value can be one of the following: Mon_1 Tue_2",
            &["Mon_1", "Tue_2"],
        ),
        ("HTTP method GET POST PUT", &["GET", "POST", "PUT"]),
        ("Definition Words. Range Valid identifier", &[]),
        ("Definition Words. Range the name of a thing", &[]),
        (
            "Node type. The options are as follows: Hive SQL: runs Hive. Spark SQL: runs Spark.",
            &[],
        ),
    ];
    for (cell, values) in cells {
        let reading = read(&uncaptioned(&[&format!("| a | String | {cell} |")]));
        assert_eq!(
            reading.facts.responses[0].fields[0].values, values,
            "{cell}"
        );
        let told = reading
            .remarks
            .iter()
            .any(|remark| remark.message.contains("by their look"));
        assert_eq!(told, !values.is_empty(), "{cell}");
    }
}

#[test]
fn a_list_of_which_few_items_are_values_is_no_enumeration() {
    let list = |items: &str| {
        let page = uncaptioned(&[&format!("| a | String | Words. {items} |")]);
        read(&page).facts.responses[0].fields[0].values.clone()
    };
    assert_eq!(
        list("• Digits • It has a length, and marks. • Two more words, at least."),
        [""; 0]
    );
    assert_eq!(list("• Hive SQL: words • SMN: words"), ["Hive SQL", "SMN"]);
}
