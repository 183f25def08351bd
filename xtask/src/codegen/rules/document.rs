//! Rules for a document as a whole.

use crate::codegen::node::Node;
use crate::codegen::problem::Problem;
use crate::codegen::services::Service;
use crate::codegen::spec::Document;
use crate::codegen::survey;

/// The version that every tool we know of understands.
const OPENAPI: &str = "3.0.3";

/// What every server's URL begins with: tokens travel there.
const SCHEME: &str = "https://";

/// What every server's URL ends with. Paths say the rest.
const PLACE: &str = ".{region}.{domain}";

/// What a server's URL leaves open.
const SERVER_VARIABLES: [&str; 2] = ["domain", "region"];

pub(super) fn openapi_version(document: &Document) -> Vec<Problem> {
    let root = Node::root(document);
    let version = root.get("openapi").unwrap_or_else(|| root.clone());
    version.require(
        root.text("openapi") == Some(OPENAPI),
        "must be `3.0.3`: the Rust generator refuses 3.1, and every other one takes 3.0.3",
    )
}

pub(super) fn info_complete(document: &Document) -> Vec<Problem> {
    let root = Node::root(document);
    let Some(info) = root.get("info") else {
        return vec![
            root.problem("needs `info`: add title, version, description, contact and license"),
        ];
    };
    let mut problems = info.require_texts(&["title", "version", "description"]);
    for key in ["contact", "license"] {
        match info.get(key) {
            Some(part) => problems.extend(part.require_texts(&["name"])),
            None => problems.push(info.problem(format!("needs `{key}` with a `name`: add it"))),
        }
    }
    for key in ["title", "version"] {
        let plain = info
            .text(key)
            .is_none_or(|text| text.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
        problems.extend(info.get(key).unwrap_or_else(|| info.clone()).require(
            plain,
            "must be plain ASCII: generators make identifiers and headers of it",
        ));
    }
    problems.extend(info.require(
        info.text("version").is_none_or(is_version),
        "must have a `version` of three numbers, as in 1.2.0: breaking changes show in the first",
    ));
    problems
}

/// Whether `text` is three numbers with dots between them.
fn is_version(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    parts.len() == 3 && parts.iter().all(|part| part.parse::<u32>().is_ok())
}

pub(super) fn page_date(document: &Document) -> Vec<Problem> {
    let Some(info) = Node::root(document).get("info") else {
        return Vec::new();
    };
    let dated = info
        .text("description")
        .is_some_and(|text| text.split_whitespace().any(starts_with_date));
    info.require(
        dated,
        "must name the date of the vendor's page in `description`, as in 2025-09-19",
    )
}

pub(super) fn wide_integers(document: &Document) -> Vec<Problem> {
    let schemas = survey::response_schemas(document);
    let wide = schemas
        .iter()
        .any(|schema| schema.text("format") == Some("int64"));
    let root = Node::root(document);
    let info = root.get("info").unwrap_or(root);
    let told = info
        .text("description")
        .is_some_and(|text| text.contains("2^53"));
    info.require(
        told || !wide,
        "has 64-bit integers: say in `description` whether they pass 2^53, above which JavaScript rounds them",
    )
}

/// Whether `word` starts like `2025-09-19`.
fn starts_with_date(word: &str) -> bool {
    const PATTERN: &[u8] = b"0000-00-00";
    let bytes = word.as_bytes();
    bytes.len() >= PATTERN.len()
        && PATTERN
            .iter()
            .zip(bytes)
            .all(|(pattern, byte)| match pattern {
                b'0' => byte.is_ascii_digit(),
                separator => separator == byte,
            })
}

pub(super) fn server_template(document: &Document) -> Vec<Problem> {
    let root = Node::root(document);
    let servers = root
        .get("servers")
        .map(|servers| servers.items())
        .unwrap_or_default();
    if servers.is_empty() {
        return vec![
            root.problem("needs `servers`: add one with the variables `region` and `domain`"),
        ];
    }
    servers.iter().flat_map(server).collect()
}

/// A document that names the host of another service sends its callers astray.
pub(super) fn service_endpoint(service: &Service, document: &Document) -> Vec<Problem> {
    let expected = format!("{SCHEME}{}{PLACE}", service.host);
    let servers = Node::root(document).get("servers");
    let servers = servers.map(|servers| servers.items()).unwrap_or_default();
    servers
        .iter()
        .flat_map(|server| {
            server.require(
                server.text("url") == Some(&expected),
                &format!("must have the URL `{expected}`: the service answers there"),
            )
        })
        .collect()
}

fn server(server: &Node<'_>) -> Vec<Problem> {
    let mut problems = server.require_texts(&["url", "description"]);
    let url = server.text("url").unwrap_or_default();
    problems.extend(server.require(
        url.starts_with(SCHEME) && url.ends_with(PLACE),
        "must have a URL that begins with `https://` and ends with `.{region}.{domain}`: paths say the rest",
    ));
    for name in SERVER_VARIABLES {
        match server.find(&["variables", name]) {
            Some(variable) if url.contains(&format!("{{{name}}}")) => {
                problems.extend(server_variable(&variable));
            }
            _ => problems.push(server.problem(format!(
                "needs `{{{name}}}` in its URL and among its `variables`: add it"
            ))),
        }
    }
    problems
}

fn server_variable(variable: &Node<'_>) -> Vec<Problem> {
    let mut problems = variable.require_texts(&["default", "description"]);
    problems.extend(variable.refuse(
        &["enum"],
        "regions and domains come and go, so leave the set open",
    ));
    problems
}

pub(super) fn tags_described(document: &Document) -> Vec<Problem> {
    let tags = Node::root(document)
        .get("tags")
        .map(|tags| tags.items())
        .unwrap_or_default();
    tags.iter()
        .flat_map(|tag| tag.require_texts(&["name", "description"]))
        .collect()
}

pub(super) fn component_kinds(document: &Document) -> Vec<Problem> {
    let kinds = Node::root(document)
        .get("components")
        .map(|components| components.members())
        .unwrap_or_default();
    let foreign = kinds
        .iter()
        .filter(|(kind, _)| !matches!(*kind, "schemas" | "securitySchemes"));
    foreign
        .map(|(kind, node)| {
            node.problem(format!(
                "`{kind}` are not shared: write them where they are used"
            ))
        })
        .collect()
}
