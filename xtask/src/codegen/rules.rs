//! The house rules: what every document in `openapi/` keeps to, so that each language gets a client that survives.
//!
//! One rule, one function. Each finds all of its problems, so that one run names everything that is wrong.

mod document;
mod example_values;
mod examples;
mod inference;
mod keywords;
mod operation;
mod page;
mod parameter;
mod prose;
mod reference;
mod response;
mod schema;
mod security;
mod server;
mod vocabulary;

use super::problem::Problem;
use super::services::Service;
use super::spec::Document;

/// One rule: its name in messages, and the function that finds breaches of it.
type Rule = (&'static str, fn(&Document) -> Vec<Problem>);

/// A rule for what a document says of one service in particular.
type ServiceRule = (&'static str, fn(&Service, &Document) -> Vec<Problem>);

/// Every rule that knows the service.
pub const SERVICE_RULES: &[ServiceRule] = &[
    ("only-known-operations", operation::of_service),
    ("service-endpoint", server::service_endpoint),
    ("offset-unit", parameter::offset_unit),
];

/// Every rule that looks at the document alone.
pub const RULES: &[Rule] = &[
    ("openapi-version", document::openapi_version),
    ("info-complete", document::info_complete),
    ("license-known", document::license_known),
    ("page-date", page::page_date),
    ("document-linked", page::document_linked),
    ("text-written", prose::text_written),
    ("server-template", server::server_template),
    ("wide-integers", document::wide_integers),
    ("security-schemes", security::security_schemes),
    ("security-headers", security::security_headers),
    ("operation-plain", security::operation_plain),
    ("tags-described", document::tags_described),
    ("tags-used", operation::tags_used),
    ("component-kinds", document::component_kinds),
    ("local-references", reference::local_references),
    ("known-references", reference::known_references),
    ("used-schemas", reference::used_schemas),
    ("operation-id", operation::operation_id),
    ("one-tag", operation::one_tag),
    ("operation-described", operation::operation_described),
    ("operation-linked", page::operation_linked),
    ("token-is-security", parameter::token_is_security),
    ("workspace-header", parameter::workspace_header),
    ("parameter-described", parameter::parameter_described),
    ("path-parameters", parameter::path_parameters),
    ("path-values", parameter::path_values),
    ("default-stated", parameter::default_stated),
    ("bounds-stated", parameter::bounds_stated),
    ("order-stated", operation::order_stated),
    ("response-set", response::response_set),
    ("response-body", response::response_body),
    ("error-body", response::error_body),
    ("error-fields", response::error_fields),
    ("response-example", examples::response_example),
    ("success-examples", examples::success_examples),
    ("full-example", examples::full_example),
    ("empty-example", examples::empty_example),
    ("surprising-example", examples::surprising_example),
    ("listed-values", example_values::listed_values),
    ("example-times", example_values::example_times),
    ("error-example", example_values::error_example),
    ("known-keywords", keywords::known_keywords),
    ("known-extensions", keywords::known_extensions),
    ("schema-described", schema::schema_described),
    ("schema-type", schema::schema_type),
    ("named-object", schema::named_object),
    ("object-fields", schema::object_fields),
    ("inference-explained", inference::inference_explained),
    ("inference-marked", inference::inference_marked),
    ("inference-parts", inference::inference_parts),
    ("integer-format", schema::integer_format),
    ("time-unit", schema::time_unit),
    ("closed-enum", vocabulary::closed_enum),
    ("open-enum", vocabulary::open_enum),
    ("no-alternatives", schema::no_alternatives),
    ("reference-alone", schema::reference_alone),
    ("nullable-response", schema::nullable_response),
    ("null-in-fields", schema::null_in_fields),
    ("loose-response", schema::loose_response),
    ("property-name", schema::property_name),
    ("array-items", schema::array_items),
];

/// Every breach of every rule, in the order of the rules.
pub fn check(service: &Service, document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, rule) in SERVICE_RULES {
        problems.extend(named(name, rule(service, document)));
    }
    for (name, rule) in RULES {
        problems.extend(named(name, rule(document)));
    }
    problems
}

fn named(rule: &str, problems: Vec<Problem>) -> Vec<Problem> {
    problems
        .into_iter()
        .map(|problem| problem.by_rule(rule))
        .collect()
}
