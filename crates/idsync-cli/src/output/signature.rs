//! The steps of a signature for people and for programs.

use idsync::signing::Explanation;
use serde::Serialize;

use super::style::{STRONG, paint};

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

/// What programs are told.
#[derive(Debug, Serialize)]
pub(super) struct Signature<'a> {
    schema: &'static str,
    #[serde(flatten)]
    steps: &'a Explanation,
}

impl<'a> From<&'a Explanation> for Signature<'a> {
    fn from(steps: &'a Explanation) -> Self {
        Self {
            schema: "idsync.signature/v1",
            steps,
        }
    }
}
