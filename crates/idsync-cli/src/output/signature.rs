//! The steps of a signature for people and for programs.

use idsync::signing::Explanation;
use schemars::JsonSchema;
use serde::Serialize;

use super::field::{Field, Fielded};
use super::style::{STRONG, paint};

/// The name and version of the form that programs get.
const SCHEMA: &str = "idsync.signature/v1";

/// Each step under its title, as it is: the line breaks of the canonical request belong to it.
pub(super) fn render(steps: &Explanation) -> String {
    let sections = [
        ("signed headers", &steps.signed_headers),
        ("canonical request", &steps.canonical_request),
        ("string to sign", &steps.string_to_sign),
        ("authorization", &steps.authorization),
    ];
    let sections: Vec<_> = sections
        .into_iter()
        .map(|(title, text)| format!("{}\n{text}\n", paint(STRONG, &format!("# {title}"))))
        .collect();
    sections.join("\n")
}

/// How a request is signed, step by step; keys, tokens and the signature are masked.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Signature {
    /// The name and version of this form.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    #[serde(flatten)]
    steps: Explanation,
}

impl From<&Explanation> for Signature {
    fn from(steps: &Explanation) -> Self {
        Self {
            schema: SCHEMA,
            steps: steps.clone(),
        }
    }
}

impl Fielded for Signature {
    const FIELDS: &'static [Field<Self>] = &[
        Field::text("schema", |signature| Some(signature.schema)),
        Field::text("signed_headers", |signature| {
            Some(&signature.steps.signed_headers)
        }),
        Field::text("canonical_request", |signature| {
            Some(&signature.steps.canonical_request)
        }),
        Field::text("string_to_sign", |signature| {
            Some(&signature.steps.string_to_sign)
        }),
        Field::text("authorization", |signature| {
            Some(&signature.steps.authorization)
        }),
    ];
}
