//! A document as a caller has to read it: parameters take the listed values of an open set and no others.
//!
//! The sets are open for answers. What a service does with other values in a query is not documented, and the emulator
//! refuses them, so that a typing error does not pass for "nothing found".

use serde_json::{Value, json};

use crate::codegen::enums::EXTENSION;
use crate::codegen::node::SCHEMAS;
use crate::codegen::spec::Document;

/// The document with the open sets of its parameters closed.
pub(super) fn parameters(document: &Document) -> Value {
    let mut closed = document.root.clone();
    let schemas = closed.pointer("/components/schemas").cloned();
    let paths = closed.get_mut("paths").and_then(Value::as_object_mut);
    let items = paths.into_iter().flatten();
    let operations = items.filter_map(|(_, item)| item.as_object_mut()).flatten();
    for (_, operation) in operations {
        let parameters = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut);
        for schema in parameters
            .into_iter()
            .flatten()
            .filter_map(|parameter| parameter.get_mut("schema"))
        {
            if let Some(values) = listed(schema, schemas.as_ref()) {
                *schema = json!({"type": "string", "enum": values});
            }
        }
    }
    closed
}

/// The values of the open set that `schema` refers to, if it does.
fn listed(schema: &Value, schemas: Option<&Value>) -> Option<Value> {
    let name = schema.get("$ref")?.as_str()?.strip_prefix(SCHEMAS)?;
    schemas?.get(name)?.get(EXTENSION).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r##"{
        "paths": {"/a": {"get": {"parameters": [
            {"name": "status", "schema": {"$ref": "#/components/schemas/Status"}},
            {"name": "limit", "schema": {"type": "integer"}}
        ]}}},
        "components": {"schemas": {"Status": {"type": "string", "x-extensible-enum": ["ON", "OFF"]}}}
    }"##;

    #[test]
    fn parameters_take_listed_values_and_answers_any() {
        let document = Document::parse("a.yaml", DOCUMENT.as_bytes()).expect("a document");
        let closed = parameters(&document);
        let parameters = closed
            .pointer("/paths/~1a/get/parameters")
            .expect("parameters");
        assert_eq!(
            parameters[0]["schema"],
            json!({"type": "string", "enum": ["ON", "OFF"]})
        );
        assert_eq!(parameters[1]["schema"], json!({"type": "integer"}));
        assert_eq!(closed["components"], document.root["components"]);
    }
}
