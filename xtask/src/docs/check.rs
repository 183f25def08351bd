//! Whether a document states what its page states, and marks everything else as inferred.

mod constraints;
mod details;
mod documented;
mod surplus;
mod undocumented;
mod uses;

use std::path::Path;

use super::contract::Contract;
use super::facts::Facts;
use super::lock;
use crate::codegen::node::Node;
use crate::codegen::services::{SERVICES, Service};
use crate::codegen::spec::Document;
use crate::codegen::{Problem, Problems};

/// Holds every document against the facts of its page.
///
/// # Errors
///
/// Each fact that a document lacks or states otherwise, each statement that is neither a fact nor marked `x-inferred`, and each mark on
/// what is a fact.
pub fn check(root: &Path) -> Result<String, Problems> {
    let mut problems = Problems::default();
    for service in SERVICES {
        match (
            Document::load(root, service.file),
            lock::read(root, service),
        ) {
            (Ok(document), Ok(facts)) => problems.extend(compare(&document, service, &facts)),
            (document, facts) => {
                problems.extend(document.err().into_iter().chain(facts.err()).collect());
            }
        }
    }
    problems.into_result(format!(
        "{} documents state what their pages state",
        SERVICES.len()
    ))
}

/// Everything in which a document and the facts of its page differ.
pub fn compare(document: &Document, service: &Service, facts: &Facts) -> Vec<Problem> {
    let Some(contract) = Contract::of(document, service) else {
        let message = format!(
            "lacks {} {}: the operation is what the facts are about",
            facts.method, facts.path
        );
        return vec![Problem::of_file(&document.file, message)];
    };
    let check = Check { contract, facts };
    let mut problems = check.operation(service);
    problems.extend(check.date());
    problems.extend(check.documented());
    problems.extend(check.undocumented());
    problems.extend(check.surplus(service));
    problems
}

/// A document and the facts of its page.
struct Check<'a> {
    contract: Contract<'a>,
    facts: &'a Facts,
}

impl Check<'_> {
    /// The operation goes by the method and the path of the page.
    fn operation(&self, service: &Service) -> Vec<Problem> {
        let Facts { method, path, .. } = self.facts;
        let same = method.eq_ignore_ascii_case(service.method) && path == service.path;
        let message = format!(
            "is another operation than the page's, {method} {path}: name it so, here and in xtask/src/codegen/services.rs"
        );
        self.contract.operation.require(same, &message)
    }

    /// The document names the day of the page that it was written from.
    fn date(&self) -> Vec<Problem> {
        let Some(date) = &self.facts.date else {
            return Vec::new();
        };
        let root = self.contract.root();
        let operation = &self.contract.operation;
        let message = format!("does not name the day of the page, {date}: add it");
        let names = |holder: &Node<'_>, place: Option<Node<'_>>| {
            let text = place.as_ref().and_then(|node| node.value.as_str());
            let named = text.is_some_and(|text| text.contains(date.as_str()));
            place.as_ref().unwrap_or(holder).require(named, &message)
        };
        let mut problems = names(&root, root.find(&["info", "description"]));
        problems.extend(names(
            operation,
            operation.find(&["externalDocs", "description"]),
        ));
        problems
    }
}
