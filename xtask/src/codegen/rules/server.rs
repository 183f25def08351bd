//! Rules for where a service answers.

use crate::codegen::node::Node;
use crate::codegen::problem::Problem;
use crate::codegen::services::Service;
use crate::codegen::spec::Document;

/// What every server's URL begins with: tokens travel there.
const SCHEME: &str = "https://";

/// What every server's URL ends with. Paths say the rest.
const PLACE: &str = ".{region}.{domain}";

/// What a server's URL leaves open.
const VARIABLES: [&str; 2] = ["domain", "region"];

/// Where a client sends its token that chose no domain.
const DOMAIN: &str = "myhuaweicloud.com";

pub(super) fn server_template(document: &Document) -> Vec<Problem> {
    let servers = servers(document);
    let mut problems = Node::root(document).require(
        servers.len() == 1,
        "needs exactly one server in `servers`, with the variables `region` and `domain`",
    );
    problems.extend(servers.iter().flat_map(server));
    problems
}

/// A document that names the host of another service sends its callers astray.
pub(super) fn service_endpoint(service: &Service, document: &Document) -> Vec<Problem> {
    let expected = format!("{SCHEME}{}{PLACE}", service.host);
    let mut problems = Vec::new();
    for server in servers(document) {
        problems.extend(server.require(
            server.text("url") == Some(&expected),
            &format!("must have the URL `{expected}`: the service answers there"),
        ));
        if let Some(domain) = server.find(&["variables", "domain"]) {
            problems.extend(domain.require(
                domain.text("default") == Some(DOMAIN),
                &format!("must have the default `{DOMAIN}`: tokens travel there"),
            ));
        }
    }
    problems
}

fn servers(document: &Document) -> Vec<Node<'_>> {
    let servers = Node::root(document).get("servers");
    servers.map(|servers| servers.items()).unwrap_or_default()
}

fn server(server: &Node<'_>) -> Vec<Problem> {
    let mut problems = server.require_texts(&["url", "description"]);
    let url = server.text("url").unwrap_or_default();
    problems.extend(server.require(
        url.starts_with(SCHEME) && url.ends_with(PLACE),
        "must have a URL that begins with `https://` and ends with `.{region}.{domain}`: paths say the rest",
    ));
    for name in VARIABLES {
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
    let default = variable.text("default").unwrap_or_default();
    problems.extend(variable.require(
        default.split('.').all(is_label),
        "must have a `default` that can stand in a host name, as in `cn-north-4`",
    ));
    problems
}

/// Whether `text` can stand between the dots of a host name.
fn is_label(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.chars().all(plain)
}
