//! HTML, whole and among other text.

use crate::{comparable, read};

const TABLE: &str = r##"<div class="tablenoborder"><a name="t1"></a><table summary="" frame="border"><caption><b>Table 1 </b>Path Parameters</caption><thead align="left"><tr id="r1"><th class="cellrowborder" valign="top" width="20%" id="mcps1.1"><p>Parameter</p>
</th>
<th class="cellrowborder" width="20%" id="mcps1.2"><p>Mandatory</p>
</th>
<th class="cellrowborder" width="20%" id="mcps1.3"><p>Type</p>
</th>
<th class="cellrowborder" width="40%" id="mcps1.4"><p>Description</p>
</th>
</tr>
</thead>
<tbody><tr id="r2"><td class="cellrowborder" valign="top" width="20%" headers="mcps1.1 "><p>thing_id</p>
</td>
<td class="cellrowborder" headers="mcps1.2 "><p>Yes</p>
</td>
<td class="cellrowborder" headers="mcps1.3 "><p>String</p>
</td>
<td class="cellrowborder" headers="mcps1.4 "><p><strong>Definition</strong></p>
<p>Words &lt;here&gt;&nbsp;&amp; there. <a href="#t2">Table 2</a></p>

<p><strong>Range</strong></p>
<ul><li><p><strong>UP</strong>: words</p>
</li><li><strong>DOWN</strong>: words<table><tr><td>nested</td></tr></table></li></ul>
<pre class="screen">{
  "no": "example"
}</pre>
</td>
</tr>
</tbody>
</table>
</div>
"##;

fn body(heading: &str) -> String {
    format!(
        "{heading}\n<div class=\"section\"><h4 class=\"sectiontitle\">URI</h4><p>GET /v1/things/{{thing_id}}</p>\n{TABLE}</div>\n<div class=\"section\"><h4>Example Responses</h4><p>Words.</p>\n<pre class=\"screen\">{{\n  \"a\" : 1\n}}</pre>\n</div>\n<div><h4>Status Codes</h4><ul><li>200</li></ul></div>\n"
    )
}

#[test]
fn pages_of_the_site_are_read_as_a_fragment_whole_or_after_lines_of_text() {
    let title = "<h1 class=\"topictitle1\">Showing a <span>Thing</span></h1>";
    let fragment = read(&body(title));
    assert_eq!(fragment.remarks, []);
    let facts = &fragment.facts;
    assert_eq!(facts.title, "Showing a Thing");
    assert_eq!(facts.parameters[0].values, ["UP", "DOWN"]);
    // Code in a description is none of the examples.
    assert_eq!(facts.examples.len(), 1);
    assert_eq!(facts.status_codes, ["200"]);

    let noise = "var a = \"<table><tr><td>\"; if (a<b && c>d) {}\n".repeat(50);
    let saved = format!(
        "<!DOCTYPE html>\n<!-- saved -->\n<html><head><title>x</title><style>p{{}}</style><script>{noise}</script></head><body><nav><ul><li>URI</li></ul></nav>{}<script>{noise}</script></body></html>",
        body(title)
    );
    let mixed = format!("docs/things.html\nsomeone 1234567\n\n{}", body(title));
    let markdown = body("# Showing a Thing\n");
    for page in [saved, mixed, markdown] {
        let reading = read(&page);
        assert_eq!(comparable(&reading.facts), comparable(facts), "{page}");
        assert_eq!(reading.remarks, [], "{page}");
    }
}

#[test]
fn tags_that_are_never_closed_and_tags_in_capitals_change_nothing() {
    let whole = body("<h1>T</h1>");
    let expected = comparable(&read(&whole).facts);
    let ends = [
        "</td>", "</th>", "</tr>", "</p>", "</li>", "</tbody>", "</thead>",
    ];
    let open = ends
        .iter()
        .fold(whole.clone(), |page, end| page.replace(end, ""));
    assert_eq!(comparable(&read(&open).facts), expected);
    let capitals = ["td", "th", "tr", "table", "caption", "h4", "pre", "li"];
    let loud = capitals.iter().fold(whole, |page, name| {
        let name = name.to_uppercase();
        page.replace(&format!("<{} ", name.to_lowercase()), &format!("<{name} "))
            .replace(&format!("<{}>", name.to_lowercase()), &format!("<{name}>"))
            .replace(
                &format!("</{}>", name.to_lowercase()),
                &format!("</{name}>"),
            )
    });
    assert_eq!(comparable(&read(&loud).facts), expected);
}

#[test]
fn an_element_that_does_not_end_is_told() {
    let page = "T\nURI\nGET /v1/x\n<table><tr><td>Parameter</td><td>Type</td></tr>\n<tr><td>a</td><td>String</td></tr>\n";
    let page = format!("{page}<tr><td>Status Codes</td></tr>\n");
    // What follows was taken into the table, so the page seems to be cut off as well.
    assert!(xtask::docs::page::read("page", &page).is_err());
    let (_, remarks) = xtask::docs::layout::blocks(&page);
    assert_eq!(remarks[0].line, 4);
    assert!(remarks[0].message.contains("does not end"));
}

#[test]
fn elements_that_never_end_take_no_longer_than_others() {
    for element in ["<table>\n<tr><td>a\n", "<pre>\n"] {
        let page = format!("T\nURI\nGET /v1/x\n{}", element.repeat(20_000));
        let began = std::time::Instant::now();
        let (_, remarks) = xtask::docs::layout::blocks(&page);
        assert_eq!(remarks.len(), 1, "{element}");
        assert!(began.elapsed().as_secs() < 20, "{element}");
    }
}
