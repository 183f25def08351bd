//! What a browser made of the page, held against the documents.

use std::collections::BTreeSet;

use crate::codegen::node::Node;
use crate::codegen::services::Service;
use crate::codegen::spec::Document;
use crate::codegen::survey;

use super::page::escaped;

/// What the documents have and the browser's document `dom` does not show, in words.
pub(super) fn missing(documents: &[(&Service, Document)], dom: &str) -> Vec<String> {
    let shown = without_scripts(dom);
    let mut missing = Vec::new();
    for (service, document) in documents {
        for (what, mark) in marks(document) {
            if !shown.contains(&mark) {
                missing.push(format!("{}: {what}", service.file));
            }
        }
    }
    missing
}

/// What must be shown of a document, in words, and the text by which it is recognised.
fn marks(document: &Document) -> Vec<(String, String)> {
    let mut marks = Vec::new();
    for (path, _, operation) in survey::operations(document) {
        let id = operation.text("operationId").unwrap_or_default();
        let summary = operation.text("summary").unwrap_or_default();
        marks.push((
            format!("the operation {id}"),
            format!("operation/{id}\" data-section-id"),
        ));
        marks.push((
            format!("the summary of {id}"),
            format!(">{}<", escaped(summary)),
        ));
        marks.push((format!("the path {path}"), escaped(path)));
    }
    let fields = fields(document).into_iter();
    marks.extend(fields.map(|name| (format!("the field `{name}`"), format!("title=\"{name}\""))));
    let statuses: BTreeSet<&str> = survey::responses(document)
        .into_iter()
        .map(|(status, _)| status)
        .collect();
    marks.extend(statuses.into_iter().map(|status| {
        let status = status.to_uppercase();
        (
            format!("the response {status}"),
            format!(">{status} </strong>"),
        )
    }));
    marks
}

/// Names of all parameters, and of all fields of the successful answers.
fn fields(document: &Document) -> BTreeSet<&str> {
    let parameters = survey::parameters(document).into_iter();
    let parameters = parameters.filter_map(|parameter| parameter.text("name"));
    let bodies = survey::bodies(document).into_iter();
    let answers: Vec<Node<'_>> = bodies
        .filter(|(status, _, _)| status.starts_with('2'))
        .filter_map(|(_, _, body)| body.get("schema"))
        .collect();
    let reached = survey::reachable(document, &answers);
    let schemas: Vec<Node<'_>> = survey::named_schemas(document)
        .into_iter()
        .filter(|(name, _)| reached.contains(name))
        .map(|(_, schema)| schema)
        .collect();
    let answers = survey::properties(&schemas).into_iter();
    parameters.chain(answers.map(|(name, _)| name)).collect()
}

/// The document as people see it: what is in scripts proves nothing.
fn without_scripts(dom: &str) -> String {
    let mut parts = dom.split("<script");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shown += part.split_once("</script>").map_or("", |(_, rest)| rest);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::services::SERVICES;

    const DOCUMENT: &str = r##"{
        "paths": {"/v1/{id}": {"get": {
            "operationId": "readThing",
            "summary": "Read a < b",
            "parameters": [{"name": "id"}],
            "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}, "4XX": {}}
        }}},
        "components": {"schemas": {"Thing": {"properties": {"size": {}}}, "ErrorResponse": {"properties": {"code": {}}}}}
    }"##;

    const SHOWN: &str = r#"<div id="tag/a/operation/readThing" data-section-id="a"><h2>Read a &lt; b<i></i></h2><p>/v1/{id}</p>
        <td title="id"></td><strong>200 </strong><td title="size"></td><strong>4XX </strong></div>"#;

    fn missing_of(dom: &str) -> Vec<String> {
        let service = &SERVICES[0];
        let document = Document::parse("a.yaml", DOCUMENT.as_bytes()).expect("a document");
        let missing = missing(&[(service, document)], dom).into_iter();
        missing
            .map(|text| text.replace(&format!("{}: ", service.file), ""))
            .collect()
    }

    #[test]
    fn a_page_that_shows_everything_lacks_nothing() {
        assert_eq!(missing_of(SHOWN), Vec::<String>::new());
    }

    #[test]
    fn each_thing_that_a_page_does_not_show_is_named() {
        for (mark, named) in [
            ("operation/readThing", "the operation readThing"),
            (">Read a &lt; b<", "the summary of readThing"),
            (">/v1/{id}<", "the path /v1/{id}"),
            ("title=\"id\"", "the field `id`"),
            ("title=\"size\"", "the field `size`"),
            (">200 ", "the response 200"),
            (">4XX ", "the response 4XX"),
        ] {
            assert_eq!(missing_of(&SHOWN.replace(mark, "")), [named]);
        }
    }

    #[test]
    fn what_stands_in_scripts_only_is_not_shown() {
        let dom = "<p>a</p><script type=x>b</script><p>c</p><script>d";
        assert_eq!(without_scripts(dom), "<p>a</p><p>c</p>");
    }
}
