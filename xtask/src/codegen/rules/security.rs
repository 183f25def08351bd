//! Rules for who may call.

use serde_json::Value;

use crate::codegen::node::Node;
use crate::codegen::problem::Problem;
use crate::codegen::spec::Document;
use crate::codegen::survey;

/// The schemes and the headers that they travel in. Clients use the names as keys, so they never change.
const SCHEMES: [(&str, &str); 2] = [
    ("AkSkSignature", "Authorization"),
    ("IamToken", "X-Auth-Token"),
];

/// What a caller has to know of the signature: its method, and what travels beside it.
const SIGNATURE: [&str; 3] = ["SDK-HMAC-SHA256", "X-Sdk-Date", "X-Security-Token"];

/// Every alternative at the root, as the schemes that it needs together.
fn alternatives<'a>(root: &Node<'a>) -> Vec<Vec<&'a str>> {
    let security = root.get("security").map(|security| security.items());
    let names = |requirement: &Node<'a>| {
        let members = requirement.members().into_iter();
        members.map(|(name, _)| name).collect::<Vec<_>>()
    };
    security.unwrap_or_default().iter().map(names).collect()
}

fn declared<'a>(root: &Node<'a>) -> Vec<(&'a str, Node<'a>)> {
    let schemes = root.find(&["components", "securitySchemes"]);
    schemes.map(|schemes| schemes.members()).unwrap_or_default()
}

pub(super) fn security_schemes(document: &Document) -> Vec<Problem> {
    let root = Node::root(document);
    let expected: Vec<&str> = SCHEMES.iter().map(|(name, _)| *name).collect();
    let mut required = alternatives(&root);
    required.sort_unstable();
    let each_alone: Vec<Vec<&str>> = expected.iter().map(|name| vec![*name]).collect();
    let mut problems = root.require(
        required == each_alone,
        "must ask for `IamToken` or `AkSkSignature` in `security`, at the root, each alone: one of them is enough",
    );
    problems.extend(scopes(&root));
    let mut names: Vec<&str> = declared(&root).iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    problems.extend(root.require(
        names == expected,
        "must declare exactly `IamToken` and `AkSkSignature` in `components.securitySchemes`: clients use these names as keys",
    ));
    problems
}

fn scopes(root: &Node<'_>) -> Vec<Problem> {
    let security = root.get("security").map(|security| security.items());
    let schemes = security.unwrap_or_default().into_iter();
    let schemes = schemes.flat_map(|requirement| requirement.members());
    schemes
        .flat_map(|(_, scopes)| {
            scopes.require(
                scopes.value == &Value::Array(Vec::new()),
                "must be `[]`: only OAuth has scopes",
            )
        })
        .collect()
}

pub(super) fn security_headers(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, scheme) in declared(&Node::root(document)) {
        problems.extend(scheme.require_texts(&["description"]));
        let Some((_, header)) = SCHEMES.iter().find(|(known, _)| *known == name) else {
            continue;
        };
        let right = scheme.text("type") == Some("apiKey")
            && scheme.text("in") == Some("header")
            && scheme.text("name") == Some(header);
        problems.extend(scheme.require(
            right,
            &format!("must be an `apiKey` in the header `{header}`: clients send it there"),
        ));
        let told = scheme
            .text("description")
            .is_some_and(|text| SIGNATURE.iter().all(|word| text.contains(word)));
        problems.extend(scheme.require(
            told || *header != "Authorization",
            "must name `SDK-HMAC-SHA256`, `X-Sdk-Date` and `X-Security-Token`, and what is covered: no generator signs",
        ));
    }
    problems
}

/// Operations add nothing of their own to what the root says of servers and security, and send no body.
pub(super) fn operation_plain(document: &Document) -> Vec<Problem> {
    let keys = ["security", "servers", "callbacks", "requestBody"];
    let why = "operations only read, and take security and servers from the root";
    let operations = survey::operations(document);
    operations
        .iter()
        .flat_map(|(_, _, operation)| operation.refuse(&keys, why))
        .collect()
}
