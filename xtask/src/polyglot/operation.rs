//! What the documents say of the three operations: examples to send, and which fields a typed client can read.

use std::path::Path;

use serde_json::{Map, Value};

use crate::codegen::services::{SERVICES, Service};
use crate::codegen::spec::Document;
use crate::tools::Failure;

/// One operation with its document.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    service: &'static Service,
    document: Value,
}

/// The operations of all documents. Whether these keep the house rules is not asked: what a breach does to clients is to
/// be seen.
///
/// # Errors
///
/// [`Failure`] with the first document that cannot be read.
pub(super) fn load(root: &Path) -> Result<Vec<Operation>, Failure> {
    let services = SERVICES.iter();
    services
        .map(|service| Operation::load(root, service))
        .collect()
}

impl Operation {
    fn load(root: &Path, service: &'static Service) -> Result<Self, Failure> {
        let document = Document::load(root, service.file)
            .map_err(|problem| Failure::new(problem.to_string()))?;
        Ok(Self {
            service,
            document: document.root,
        })
    }

    /// Its `operationId`.
    pub(super) fn id(&self) -> &'static str {
        self.service.operation
    }

    /// Name of its document, without folder and ending.
    pub(super) fn service(&self) -> &'static str {
        let file = Path::new(self.service.file).file_stem();
        file.and_then(|name| name.to_str())
            .unwrap_or(self.service.module)
    }

    /// How the emulator calls it where faults are set.
    pub(super) fn fault_target(&self) -> &'static str {
        match self.service.operation {
            "listSecurityMemberSyncTasks" => "tasks",
            "listSyncRecords" => "records",
            _ => "syncing",
        }
    }

    /// The body of one of the examples that its document gives for a success.
    pub(super) fn example(&self, name: &str) -> Option<&Value> {
        self.success()?.get("examples")?.get(name)?.get("value")
    }

    /// What a typed client reads from a body: every field of the schema and no other, null where nothing was sent.
    pub(super) fn typed(&self, body: &Value) -> Value {
        let schema = self.success().and_then(|success| success.get("schema"));
        self.read(schema.unwrap_or(&Value::Null), body)
    }

    fn success(&self) -> Option<&Value> {
        let operation = self
            .document
            .get("paths")?
            .get(self.service.path)?
            .get(self.service.method)?;
        operation
            .get("responses")?
            .get("200")?
            .get("content")?
            .get("application/json")
    }

    fn read(&self, schema: &Value, sent: &Value) -> Value {
        let schema = self.resolved(schema);
        match (sent, schema.get("properties"), schema.get("items")) {
            (Value::Object(sent), Some(Value::Object(properties)), _) => {
                self.read_fields(properties, sent)
            }
            (Value::Array(sent), _, Some(items)) => {
                sent.iter().map(|item| self.read(items, item)).collect()
            }
            _ => sent.clone(),
        }
    }

    fn read_fields(&self, properties: &Map<String, Value>, sent: &Map<String, Value>) -> Value {
        let fields = properties.iter().map(|(name, schema)| {
            let value = sent.get(name).unwrap_or(&Value::Null);
            (name.clone(), self.read(schema, value))
        });
        Value::Object(fields.collect())
    }

    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let pointer = schema.get("$ref").and_then(Value::as_str);
        pointer
            .and_then(|pointer| self.document.pointer(pointer.strip_prefix('#')?))
            .unwrap_or(schema)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;

    /// An operation that answers with a total and a list of named things.
    pub(in crate::polyglot) fn listing() -> Operation {
        let service = &SERVICES[1];
        let content = json!({"application/json": {
            "schema": {"$ref": "#/components/schemas/Page"},
            "examples": {"full": {"value": {"total": 1, "things": [{"name": "a"}]}}},
        }});
        let mut path = json!({"responses": {"200": {"content": content}}});
        path = json!({ service.method: path });
        let document = json!({
            "paths": { service.path: path },
            "components": {"schemas": {
                "Page": {"type": "object", "properties": {
                    "total": {"type": "integer"},
                    "things": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
                }},
                "Thing": {"type": "object", "properties": {
                    "name": {"type": "string"},
                    "since": {"type": "integer"},
                }},
            }},
        });
        Operation { service, document }
    }

    /// An operation of another service, of which the document says nothing.
    pub(in crate::polyglot) fn another() -> Operation {
        Operation {
            service: &SERVICES[0],
            document: Value::Null,
        }
    }

    #[test]
    fn a_typed_client_reads_the_fields_of_the_schema_and_no_other() {
        let sent = json!({"total": 1, "more": true, "things": [{"name": "a", "colour": "red"}]});
        let read = json!({"total": 1, "things": [{"name": "a", "since": null}]});
        assert_eq!(listing().typed(&sent), read);
    }

    #[test]
    fn what_was_not_sent_is_null_and_an_empty_list_stays_one() {
        assert_eq!(
            listing().typed(&json!({})),
            json!({"total": null, "things": null})
        );
        let empty = json!({"total": 0, "things": []});
        assert_eq!(listing().typed(&empty), empty);
    }

    #[test]
    fn examples_are_found_by_name() {
        assert!(listing().example("full").is_some());
        assert_eq!(listing().example("none"), None);
    }
}
