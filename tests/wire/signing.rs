//! The signature against answers of the official Python SDK, step by step. The last two vectors are derived from the rule
//! that the SDK decodes the whole path before it splits it.
//!
//! `IDSYNC_SIGN_VECTORS` may name one more file of the same form: one JSON object a line.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use idsync::signing::{Request, Signature, sign};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vector {
    name: String,
    method: String,
    path: String,
    query: Vec<(String, String)>,
    sent_headers: BTreeMap<String, String>,
    body: String,
    ak: String,
    sk: String,
    signed_headers: Vec<String>,
    canonical_request: String,
    string_to_sign: String,
    authorization: String,
}

impl Vector {
    fn sign(&self, secret_key: &str) -> Signature {
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
        sign(&request, &self.ak, secret_key)
    }
}

fn vectors() -> Vec<Vector> {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sign-vectors.jsonl");
    let extra = std::env::var_os("IDSYNC_SIGN_VECTORS").map(PathBuf::from);
    let files = [fixture].into_iter().chain(extra);
    files
        .flat_map(|file| {
            let text = std::fs::read_to_string(&file).unwrap();
            let vectors: Vec<_> = text
                .lines()
                .map(|line| serde_json::from_str::<Vector>(line).unwrap())
                .collect();
            assert!(!vectors.is_empty(), "{} has no vector", file.display());
            vectors
        })
        .collect()
}

#[test]
fn every_step_of_the_signature_matches_the_known_answers() {
    for vector in vectors() {
        let signature = vector.sign(&vector.sk);
        let name = &vector.name;
        assert_eq!(
            signature.signed_headers,
            vector.signed_headers.join(";"),
            "{name}"
        );
        assert_eq!(
            signature.canonical_request, vector.canonical_request,
            "{name}"
        );
        assert_eq!(signature.string_to_sign, vector.string_to_sign, "{name}");
        assert_eq!(signature.authorization, vector.authorization, "{name}");
    }
}
