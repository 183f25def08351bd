//! The signature against answers of the official Python SDK, step by step.
//!
//! `IDSYNC_SIGN_VECTORS` may name one more file of the same form: one JSON object a line.

use std::path::{Path, PathBuf};

use idsync::signing::{Request, Scope, Signature, sign, sign_derived};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vector {
    name: String,
    method: String,
    path: String,
    query: Vec<(String, String)>,
    sent_headers: std::collections::BTreeMap<String, String>,
    body: String,
    ak: String,
    sk: String,
    signed_headers: Vec<String>,
    canonical_request: String,
    string_to_sign: String,
    authorization: String,
    /// Only for derived keys, as is the region.
    derived_auth_service_name: Option<String>,
    region_id: Option<String>,
}

impl Vector {
    /// Signs the vector's request with `secret_key` and compares each step; returns what differs.
    fn differences(&self, secret_key: &str) -> Vec<String> {
        let query: Vec<_> = self
            .query
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let headers: Vec<_> = self
            .sent_headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let request = Request {
            method: &self.method,
            path: &self.path,
            query: &query,
            headers: &headers,
            body: self.body.as_bytes(),
        };
        let signature = self.sign(&request, secret_key);
        [
            (
                "signed headers",
                signature.signed_headers,
                self.signed_headers.join(";"),
            ),
            (
                "canonical request",
                signature.canonical_request,
                self.canonical_request.clone(),
            ),
            (
                "string to sign",
                signature.string_to_sign,
                self.string_to_sign.clone(),
            ),
            (
                "authorization",
                signature.authorization,
                self.authorization.clone(),
            ),
        ]
        .into_iter()
        .filter(|(_, ours, theirs)| ours != theirs)
        .map(|(step, ours, theirs)| {
            format!(
                "{}: {step}\n  ours:   {ours:?}\n  theirs: {theirs:?}",
                self.name
            )
        })
        .collect()
    }
}

impl Vector {
    fn sign(&self, request: &Request<'_>, secret_key: &str) -> Signature {
        match (&self.region_id, &self.derived_auth_service_name) {
            (Some(region), Some(service)) => {
                sign_derived(request, &self.ak, secret_key, Scope { region, service })
            }
            _ => sign(request, &self.ak, secret_key),
        }
    }
}

fn vectors(file: &Path) -> Vec<Vector> {
    let text =
        std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    text.lines()
        .map(|line| serde_json::from_str(line).expect("a vector a line"))
        .collect()
}

fn committed() -> [PathBuf; 2] {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    ["sign-vectors.jsonl", "sign-vectors-v11.jsonl"].map(|name| fixtures.join(name))
}

#[test]
fn every_step_of_the_signature_matches_the_known_answers() {
    let extra = std::env::var_os("IDSYNC_SIGN_VECTORS").map(PathBuf::from);
    for file in committed().into_iter().chain(extra) {
        let vectors = vectors(&file);
        assert!(!vectors.is_empty(), "{} holds no vector", file.display());
        let differences: Vec<_> = vectors
            .iter()
            .flat_map(|vector| vector.differences(&vector.sk))
            .collect();
        assert!(differences.is_empty(), "{}", differences.join("\n"));
    }
}

#[test]
fn another_secret_changes_the_signature_and_nothing_before_it() {
    for vector in committed().iter().flat_map(|file| vectors(file)) {
        let differences = vector.differences("another secret");
        assert!(
            differences.len() == 1 && differences[0].contains("authorization"),
            "{differences:?}"
        );
    }
}
