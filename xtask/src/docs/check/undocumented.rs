//! Everything in the document is a fact, or marked; and what is a fact is not.

use super::{Check, details, uses};
use crate::codegen::Problem;
use crate::codegen::inference::{MARK, Mark, PARTS};
use crate::codegen::node::Node;
use crate::docs::contract::Shape;
use crate::docs::facts::{Field, Location};

impl<'a> Check<'a> {
    pub(super) fn undocumented(&self) -> Vec<Problem> {
        let mut problems = self.operation_itself();
        problems.extend(self.servers());
        problems.extend(self.credentials());
        problems.extend(self.strangers());
        for (location, name, node) in self.contract.parameters() {
            problems.extend(self.parameter(location, name, &node));
        }
        for (status, response) in self.contract.responses() {
            let listed = self.facts.status_codes.iter().any(|known| known == status);
            let described = self.answer(status).is_some();
            problems.extend(existence(
                &response,
                &format!("the answer {status}"),
                listed || described,
            ));
        }
        let schemas = self.contract.root().find(&["components", "schemas"]);
        for (name, node) in schemas.map(|schemas| schemas.members()).unwrap_or_default() {
            problems.extend(self.schema(name, &node));
        }
        problems
    }

    /// The fields of the answer with a status; none if the page does not describe it.
    fn answer(&self, status: &str) -> Option<&'a [Field]> {
        let mut answers = self.facts.responses.iter();
        let answer = answers.find(|answer| answer.status == status)?;
        Some(&answer.fields)
    }

    /// The page is about the operation, so a mark on it can only be on parts.
    fn operation_itself(&self) -> Vec<Problem> {
        let mut problems = existence(&self.contract.operation, "the operation", true);
        let parameters = &self.facts.parameters;
        let sends = |field: &Field| field.location == Some(Location::Body);
        if let Some(body) = self.contract.operation.get("requestBody") {
            problems.extend(existence(
                &body,
                "a body that is sent",
                parameters.iter().any(sends),
            ));
        }
        problems
    }

    /// Pages give paths, not hosts.
    fn servers(&self) -> Vec<Problem> {
        let servers = self.contract.root().get("servers");
        let servers = servers.map(|list| list.items()).unwrap_or_default();
        servers
            .iter()
            .flat_map(|server| existence(server, "a host", false))
            .collect()
    }

    fn credentials(&self) -> Vec<Problem> {
        let schemes = self
            .contract
            .root()
            .find(&["components", "securitySchemes"]);
        let schemes = schemes.map(|schemes| schemes.members()).unwrap_or_default();
        let is_stated = |header: &str| {
            let mut parameters = self.facts.parameters.iter();
            parameters.any(|field| {
                field.location == Some(Location::Header) && field.name.eq_ignore_ascii_case(header)
            })
        };
        let schemes = schemes.into_iter();
        schemes
            .flat_map(|(name, scheme)| {
                let header = scheme.text("name").unwrap_or_default();
                existence(
                    &scheme,
                    &format!("the credential `{name}`"),
                    is_stated(header),
                )
            })
            .collect()
    }

    /// Parameters that stand elsewhere or are sent at a place of which no page speaks, and second ones of a name.
    fn strangers(&self) -> Vec<Problem> {
        let list = self.contract.operation.get("parameters");
        let list = list.map(|list| list.items()).unwrap_or_default();
        let known = self.contract.parameters();
        let first = |node: &Node<'a>| {
            let found = known.iter().find(|(_, _, known)| known.is(node));
            let (location, name, _) = found?;
            self.contract.parameter(*location, name)
        };
        let problems = list.iter().flat_map(|node| match first(node) {
            None => {
                let name = node.text("name").or_else(|| node.text("$ref"));
                let what = format!("the parameter `{}`", name.unwrap_or_default());
                existence(node, &what, false)
            }
            Some(other) => node.require(other.is(node), "is there twice: remove one"),
        });
        problems.collect()
    }

    fn parameter(&self, location: Location, name: &str, node: &Node<'a>) -> Vec<Problem> {
        // Names of headers have no case; all others have.
        let same = |field: &Field| match location {
            Location::Header => field.name.eq_ignore_ascii_case(name),
            _ => field.name == name,
        };
        let mut facts = self.facts.parameters.iter();
        let fact = facts.find(|field| field.location == Some(location) && same(field));
        let what = format!("the {location} parameter `{name}`");
        let mut problems = existence(node, &what, fact.is_some());
        if let (Some(fact), Some(schema)) = (fact, node.get("schema")) {
            problems.extend(details::compare(node, &self.contract.shape(schema), fact));
            let told = fact.required.is_some() || Mark::of(node).covers("required");
            if !told {
                problems.push(details::unstated(
                    node,
                    "whether it is mandatory",
                    "required",
                ));
            }
        }
        problems
    }

    /// A named schema, with those of its fields that the page does not state.
    fn schema(&self, name: &str, node: &Node<'a>) -> Vec<Problem> {
        let statuses = self.contract.statuses_of(name);
        let answers = statuses.iter().filter_map(|status| self.answer(status));
        let schemas = self.facts.schemas.iter();
        let schemas = schemas.filter(|schema| schema.name == name);
        let tables: Vec<&[Field]> = answers
            .chain(schemas.map(|schema| schema.fields.as_slice()))
            .collect();
        if Mark::of(node) == Mark::Whole {
            let stated = !tables.is_empty() || self.lists(name, node);
            return existence(node, &format!("the schema `{name}`"), stated);
        }
        if tables.is_empty() && !uses::refers(self.contract.root().value, name) {
            return existence(node, &format!("the schema `{name}`"), false);
        }
        let facts: Vec<&Field> = tables.into_iter().flatten().collect();
        let shape = Shape {
            nodes: vec![node.clone()],
        };
        let fields = shape.fields().into_iter();
        fields
            .flat_map(|(field, node)| {
                let fact = facts.iter().find(|fact| fact.name == field);
                self.field(&shape, field, &node, fact.copied())
            })
            .collect()
    }

    fn field(
        &self,
        shape: &Shape<'a>,
        name: &str,
        node: &Node<'a>,
        fact: Option<&Field>,
    ) -> Vec<Problem> {
        let mut problems = existence(node, &format!("the field `{name}`"), fact.is_some());
        let Some(fact) = fact else {
            return problems;
        };
        problems.extend(details::compare(
            node,
            &self.contract.shape(node.clone()),
            fact,
        ));
        let always = shape.requires(name) && !Mark::of(node).covers("required");
        if always && fact.required != Some(true) {
            problems.push(details::unstated(
                node,
                "that it is always there",
                "required",
            ));
        }
        problems
    }
}

/// Whether the page states a thing, and whether its mark says so.
pub(super) fn existence(node: &Node<'_>, what: &str, stated: bool) -> Vec<Problem> {
    let problem = match (Mark::of(node), stated) {
        (Mark::Nothing | Mark::Parts(_), true) | (Mark::Whole, false) => return Vec::new(),
        (Mark::Whole, true) => node.problem(format!(
            "is marked as a whole, but the page states {what}: say in `{PARTS}` what of it is inferred, or remove the mark"
        )),
        (Mark::Parts(_), false) => node.problem(format!(
            "the page does not state {what}: remove it, or mark it as a whole, without `{PARTS}`"
        )),
        (Mark::Nothing, false) => unmarked(node, what),
    };
    vec![problem]
}

fn unmarked(node: &Node<'_>, what: &str) -> Problem {
    node.problem(format!(
        "the page does not state {what}: remove it, or mark it `{MARK}: true` with a word why"
    ))
}
