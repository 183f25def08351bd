//! Where the schemas of a document are used.

use serde_json::Value;

use super::{Check, details};
use crate::codegen::node::{Node, SCHEMAS};
use crate::docs::contract::Shape;
use crate::docs::facts::Field;

impl<'a> Check<'a> {
    /// Whether the page lists all values of a schema wherever it is used.
    pub(super) fn lists(&self, name: &str, node: &Node<'a>) -> bool {
        let values = Shape {
            nodes: vec![node.clone()],
        };
        let users = self.parameters().into_iter().chain(self.fields_of_tables());
        let mut users = users
            .filter(|(_, node)| self.contract.shape(node.clone()).is_named(name))
            .map(|(fact, _)| details::are_listed(&values, fact))
            .peekable();
        users.peek().is_some() && users.all(|listed| listed)
    }

    /// The parameters of the page with their schemas.
    fn parameters(&self) -> Vec<(&'a Field, Node<'a>)> {
        let parameters = self.facts.parameters.iter().filter_map(|fact| {
            let node = self.contract.parameter(fact.location?, &fact.name)?;
            Some((fact, node.get("schema")?))
        });
        parameters.collect()
    }

    /// The fields of the page with their schemas.
    fn fields_of_tables(&self) -> Vec<(&'a Field, Node<'a>)> {
        let answers = self.facts.responses.iter();
        let answers = answers.map(|table| (self.contract.body(&table.status), &table.fields));
        let schemas = self.facts.schemas.iter();
        let schemas = schemas.map(|table| (self.contract.schema(&table.name), &table.fields));
        let fields = answers.chain(schemas).flat_map(|(shape, facts)| {
            let facts = facts.iter();
            facts.filter_map(move |fact| Some((fact, shape.as_ref()?.field(&fact.name)?)))
        });
        fields.collect()
    }
}

/// Whether a document refers to the schema of this name.
pub(super) fn refers(value: &Value, name: &str) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(key, member)| {
            let target = member.as_str().and_then(|text| text.strip_prefix(SCHEMAS));
            key == "$ref" && target == Some(name) || refers(member, name)
        }),
        Value::Array(items) => items.iter().any(|item| refers(item, name)),
        _ => false,
    }
}
