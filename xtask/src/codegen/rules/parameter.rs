//! Rules for parameters.

use regex::Regex;
use serde_json::Value;

use super::schema::words;
use crate::codegen::node::Node;
use crate::codegen::problem::Problem;
use crate::codegen::services::Service;
use crate::codegen::spec::Document;
use crate::codegen::survey;

/// What would ask for another resource if it stood in a path.
const ASTRAY: [&str; 7] = ["", ".", "..", "a/b", "a?b", "a#b", "a%2Fb"];

fn is(parameter: &Node<'_>, key: &str, value: &str) -> bool {
    parameter.text(key) == Some(value)
}

fn named<'a>(document: &'a Document, name: &str) -> Vec<Node<'a>> {
    let parameters = survey::parameters(document).into_iter();
    parameters
        .filter(|parameter| {
            parameter
                .text("name")
                .is_some_and(|text| text.eq_ignore_ascii_case(name))
        })
        .collect()
}

pub(super) fn token_is_security(document: &Document) -> Vec<Problem> {
    let tokens = named(document, "X-Auth-Token");
    let message =
        "is described as a parameter too: the token is a security scheme only, so remove it here";
    tokens
        .iter()
        .map(|parameter| parameter.problem(message))
        .collect()
}

pub(super) fn workspace_header(document: &Document) -> Vec<Problem> {
    let workspaces = named(document, "workspace").into_iter();
    workspaces
        .flat_map(|workspace| {
            let right = is(&workspace, "name", "workspace")
                && is(&workspace, "in", "header")
                && workspace.is_true("required");
            workspace.require(
                right,
                "must be a header named `workspace`, lower case, and be `required: true`",
            )
        })
        .collect()
}

pub(super) fn parameter_described(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    for parameter in survey::parameters(document) {
        problems.extend(parameter.require_texts(&["name", "in", "description"]));
        for key in ["schema", "example"] {
            problems
                .extend(parameter.require(parameter.has(key), &format!("needs `{key}`: add it")));
        }
        let said = parameter
            .value
            .get("required")
            .is_some_and(Value::is_boolean);
        problems.extend(parameter.require(
            said,
            "must say `required: true` or `required: false`: a page that is silent is not a page that says no",
        ));
    }
    problems
}

pub(super) fn path_parameters(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, _, operation) in survey::operations(document) {
        let parameters = operation
            .get("parameters")
            .map(|parameters| parameters.items())
            .unwrap_or_default();
        let in_path: Vec<&Node<'_>> = parameters
            .iter()
            .filter(|parameter| is(parameter, "in", "path"))
            .collect();
        for parameter in &in_path {
            problems.extend(parameter.require(
                parameter.is_true("required"),
                "is in the path and must be `required: true`",
            ));
            let name = format!("{{{}}}", parameter.text("name").unwrap_or_default());
            problems.extend(parameter.require(
                path.contains(&name),
                "is not in the path template: mend the name or remove it",
            ));
        }
        problems.extend(path_order(path, &operation));
        for name in template_names(path) {
            let declared = in_path.iter().any(|parameter| is(parameter, "name", name));
            problems.extend(operation.require(
                declared,
                &format!("has `{{{name}}}` in its path and no parameter for it: add one"),
            ));
        }
    }
    problems
}

/// Some generators take the order of arguments from here, and all of them are text: a swap would compile.
fn path_order(path: &str, operation: &Node<'_>) -> Vec<Problem> {
    let Some(parameters) = operation.get("parameters") else {
        return Vec::new();
    };
    let items = parameters.items();
    let names = items.iter().filter_map(|parameter| parameter.text("name"));
    let in_template = |name: &&str| path.contains(&format!("{{{name}}}"));
    let begins: Vec<&str> = names.take_while(in_template).collect();
    parameters.require(
        template_names(path).eq(begins),
        "must begin with the parameters of the path, in its order: arguments of methods follow it",
    )
}

/// A path segment that is empty or holds a slash would ask for something else.
pub(super) fn path_values(document: &Document) -> Vec<Problem> {
    let parameters = survey::parameters(document).into_iter();
    let in_path = parameters.filter(|parameter| is(parameter, "in", "path"));
    in_path
        .flat_map(|parameter| {
            let schema = parameter.get("schema").unwrap_or(parameter);
            let filled = schema.value.get("minLength").and_then(Value::as_u64) >= Some(1);
            let bounded = schema.has("maxLength") && schema.text("pattern").is_some_and(is_safe);
            schema.require(
                filled && bounded,
                "is in the path and needs `minLength` of at least 1, `maxLength`, and a `pattern` that keeps out `/`, `..` and the like",
            )
        })
        .collect()
}

/// Whether `pattern` matches nothing that leads elsewhere.
fn is_safe(pattern: &str) -> bool {
    Regex::new(pattern).is_ok_and(|pattern| !ASTRAY.iter().any(|text| pattern.is_match(text)))
}

/// The names between braces in a path template.
fn template_names(path: &str) -> impl Iterator<Item = &str> {
    let segments = path.split('/');
    segments.filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}

/// The services differ in this, and a client that takes one for the other skips what it should read.
pub(super) fn offset_unit(service: &Service, document: &Document) -> Vec<Problem> {
    let offsets = named(document, "offset").into_iter();
    offsets
        .flat_map(|offset| {
            let text = words(offset.text("description").unwrap_or_default());
            match service.offset {
                Some(unit) => offset.require(
                    text.contains(unit),
                    &format!("must say `{unit}`: the services differ in this"),
                ),
                None => vec![offset.problem("is not known to this service: remove it")],
            }
        })
        .collect()
}

pub(super) fn default_stated(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    for name in ["limit", "offset", "order_by", "order_by_asc"] {
        for parameter in named(document, name) {
            let text = words(parameter.text("description").unwrap_or_default());
            let stated = match parameter.find(&["schema", "default"]) {
                Some(default) => text.contains(&format!("Default {}", default.value)),
                None => text.contains("not documented"),
            };
            problems.extend(parameter.require(
                stated,
                "must have a `default` and say it, as in `Default 10`, or say that what happens without it is `not documented`",
            ));
        }
    }
    problems
}

pub(super) fn bounds_stated(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    for parameter in named(document, "limit") {
        let text = words(parameter.text("description").unwrap_or_default());
        let stated = parameter.find(&["schema", "maximum"]).is_some();
        problems.extend(parameter.require(
            stated != (text.contains("bound") && text.contains("not documented")),
            "must either have a `maximum`, or say that its upper bound is `not documented`",
        ));
    }
    problems
}
