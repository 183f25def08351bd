//! The operation of a document, seen as a page would state it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::facts::Location;
use crate::codegen::node::Node;
use crate::codegen::services::{SERVICES, Service};
use crate::codegen::spec::Document;

/// One operation of a document.
#[derive(Clone, Debug)]
pub struct Contract<'a> {
    document: &'a Document,
    /// The operation.
    pub operation: Node<'a>,
}

/// A schema with all that it refers to for its own meaning.
#[derive(Clone, Debug)]
pub struct Shape<'a> {
    /// The schema itself, and what it refers to by `$ref` or `allOf`.
    pub nodes: Vec<Node<'a>>,
}

/// The service whose operation has this method and path. What the parts in braces are called makes no other operation.
pub fn service(method: &str, path: &str) -> Option<&'static Service> {
    SERVICES.iter().find(|service| {
        nameless(service.path).eq(nameless(path)) && service.method.eq_ignore_ascii_case(method)
    })
}

/// The segments of a path, parameters without their names.
fn nameless(path: &str) -> impl Iterator<Item = &str> {
    let is_parameter = |segment: &str| segment.starts_with('{') && segment.ends_with('}');
    path.split('/')
        .map(move |segment| if is_parameter(segment) { "{}" } else { segment })
}

impl<'a> Contract<'a> {
    /// The operation of the document; none if the document lacks it.
    pub fn of(document: &'a Document, service: &Service) -> Option<Self> {
        let operation = Node::root(document).find(&["paths", service.path, service.method])?;
        Some(Self {
            document,
            operation,
        })
    }

    /// The document as a whole.
    pub fn root(&self) -> Node<'a> {
        Node::root(self.document)
    }

    /// The parameters, with location and name.
    pub fn parameters(&self) -> Vec<(Location, &'a str, Node<'a>)> {
        let parameters = self
            .operation
            .get("parameters")
            .map(|list| list.items())
            .unwrap_or_default();
        let known = |node: Node<'a>| Some((location(node.text("in")?)?, node.text("name")?, node));
        parameters.into_iter().filter_map(known).collect()
    }

    /// The parameter of this name at this place. Names of headers have no case.
    pub fn parameter(&self, location: Location, name: &str) -> Option<Node<'a>> {
        let same = |other: &str| match location {
            Location::Header => other.eq_ignore_ascii_case(name),
            _ => other == name,
        };
        let found = self
            .parameters()
            .into_iter()
            .find(|(place, other, _)| *place == location && same(other));
        found.map(|(_, _, node)| node)
    }

    /// The security scheme that sends this header.
    pub fn security(&self, header: &str) -> Option<Node<'a>> {
        let schemes = self.root().find(&["components", "securitySchemes"])?;
        let found = schemes.members().into_iter().find(|(_, scheme)| {
            scheme.text("in") == Some("header")
                && scheme
                    .text("name")
                    .is_some_and(|name| name.eq_ignore_ascii_case(header))
        });
        found.map(|(_, scheme)| scheme)
    }

    /// The responses, by status.
    pub fn responses(&self) -> Vec<(&'a str, Node<'a>)> {
        self.operation
            .get("responses")
            .map(|responses| responses.members())
            .unwrap_or_default()
    }

    /// The schema of the body that comes with a status.
    pub fn body(&self, status: &str) -> Option<Shape<'a>> {
        let response = self.operation.find(&["responses", status, "content"])?;
        let (_, media_type) = response.members().into_iter().next()?;
        Some(self.shape(media_type.get("schema")?))
    }

    /// The status under which the document describes an answer: its own, or the range that it lies in, such as `4XX`.
    pub fn described_status(&self, status: &str) -> Option<&'a str> {
        let range = format!("{}XX", status.get(..1).unwrap_or_default());
        let responses = self.responses();
        let find = |wanted: &str| responses.iter().find(|(known, _)| *known == wanted);
        let found = find(status).or_else(|| find(&range));
        found.map(|(known, _)| *known)
    }

    /// The schema of this name.
    pub fn schema(&self, name: &str) -> Option<Shape<'a>> {
        Some(self.shape(self.root().find(&["components", "schemas", name])?))
    }

    /// A schema with what it refers to. References that go in a circle end where they began.
    pub fn shape(&self, node: Node<'a>) -> Shape<'a> {
        let mut nodes = Vec::new();
        let mut open = vec![node];
        let mut seen = BTreeSet::new();
        while let Some(node) = open.pop() {
            let target = node.reference().filter(|name| seen.insert(*name));
            open.extend(target.and_then(|name| self.root().find(&["components", "schemas", name])));
            open.extend(
                node.get("allOf")
                    .map(|list| list.items())
                    .unwrap_or_default(),
            );
            nodes.push(node);
        }
        Shape { nodes }
    }

    /// Every named schema that carries the meaning of the answers: those that the bodies refer to, directly or not.
    pub fn statuses_of(&self, name: &str) -> Vec<&'a str> {
        let bodies = self.responses().into_iter();
        let with =
            bodies.filter(|(status, _)| self.body(status).is_some_and(|body| body.is_named(name)));
        with.map(|(status, _)| status).collect()
    }
}

impl<'a> Shape<'a> {
    /// The first value of `key` that the schema or what it refers to has.
    pub fn value(&self, key: &str) -> Option<&'a Value> {
        self.node(key).map(|node| node.value)
    }

    /// The node of the first value of `key`.
    pub fn node(&self, key: &str) -> Option<Node<'a>> {
        self.nodes.iter().find_map(|node| node.get(key))
    }

    /// The text of `key`.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.value(key)?.as_str()
    }

    /// Whether it goes by this name.
    pub fn is_named(&self, name: &str) -> bool {
        self.nodes.iter().any(|node| node.reference() == Some(name))
    }

    /// The values it lists, open or closed.
    pub fn values(&self) -> Vec<&'a str> {
        let list = self
            .value("enum")
            .or_else(|| self.value("x-extensible-enum"));
        let items = list.and_then(Value::as_array).into_iter().flatten();
        items.filter_map(Value::as_str).collect()
    }

    /// The fields.
    pub fn fields(&self) -> Vec<(&'a str, Node<'a>)> {
        self.nodes
            .iter()
            .filter_map(|node| node.get("properties"))
            .flat_map(|fields| fields.members())
            .collect()
    }

    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<Node<'a>> {
        self.fields()
            .into_iter()
            .find(|(known, _)| *known == name)
            .map(|(_, node)| node)
    }

    /// Whether the field of this name must be there.
    pub fn requires(&self, name: &str) -> bool {
        let lists = self
            .nodes
            .iter()
            .filter_map(|node| node.value.get("required")?.as_array());
        lists.flatten().any(|known| known == name)
    }
}

fn location(text: &str) -> Option<Location> {
    match text {
        "path" => Some(Location::Path),
        "query" => Some(Location::Query),
        "header" => Some(Location::Header),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_known_by_its_path_whatever_its_parameters_are_called() {
        let found = |path| service("get", path).map(|service| service.path);
        let known = "/v2/{project_id}/clusters/{cluster_id}/iam-sync";
        assert_eq!(found(known), Some(known));
        assert_eq!(
            found("/v2/{project}/clusters/{cluster_uuid}/iam-sync"),
            Some(known)
        );
        assert_eq!(found("/v2/{project_id}/clusters/cluster_id/iam-sync"), None);
        assert_eq!(
            found("/v3/{project_id}/clusters/{cluster_id}/iam-sync"),
            None
        );
    }
}
