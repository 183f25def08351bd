//! Rules for the reference page that a document follows.

use jiff::civil::Date;

use crate::codegen::node::Node;
use crate::codegen::problem::Problem;
use crate::codegen::spec::Document;
use crate::codegen::survey;

/// Where the vendor's reference pages are.
const PAGES: &str = "https://support.huaweicloud.com/";

pub(super) fn page_date(document: &Document) -> Vec<Problem> {
    let Some(info) = Node::root(document).get("info") else {
        return Vec::new();
    };
    let Some(day) = day(info.text("description").unwrap_or_default()) else {
        return vec![info.problem(
            "must name the date of the vendor's page in `description`, as in 2025-09-19",
        )];
    };
    let operations = survey::operations(document).into_iter();
    let links = operations.filter_map(|(_, _, operation)| operation.get("externalDocs"));
    links
        .flat_map(|link| {
            link.require(
                link.text("description")
                    .is_some_and(|text| text.contains(day)),
                &format!("must name the date of the page in `description`: {day}, as in `info`"),
            )
        })
        .collect()
}

/// The first word of `text` that begins with a day of the calendar, without what follows the day.
fn day(text: &str) -> Option<&str> {
    let mut starts = text.split_whitespace().filter_map(|word| word.get(..10));
    starts.find(|start| {
        start
            .parse::<Date>()
            .is_ok_and(|day| day.to_string() == *start)
    })
}

pub(super) fn operation_linked(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (_, _, operation) in survey::operations(document) {
        let link = operation.get("externalDocs");
        problems.extend(operation.require(
            link.is_some_and(|link| leads_to_a_page(&link)),
            &format!(
                "needs `externalDocs` with a description and the vendor's page, below {PAGES}"
            ),
        ));
    }
    problems
}

/// A document describes one operation, so its page is that of the operation.
pub(super) fn document_linked(document: &Document) -> Vec<Problem> {
    let root = Node::root(document);
    let link = root.get("externalDocs");
    let right = link.as_ref().is_some_and(|link| {
        let operations = survey::operations(document);
        let mut own = operations
            .iter()
            .filter_map(|(_, _, operation)| operation.get("externalDocs"));
        leads_to_a_page(link) && own.all(|own| own.text("url") == link.text("url"))
    });
    link.unwrap_or(root).require(
        right,
        "must link the page that the operation links: `externalDocs` with a description and that `url`",
    )
}

fn leads_to_a_page(link: &Node<'_>) -> bool {
    let page = link.text("url").is_some_and(|url| url.starts_with(PAGES));
    page && link.text("description").is_some()
}
