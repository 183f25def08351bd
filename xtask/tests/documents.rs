//! A file that is not an OpenAPI document is refused with a message that names it.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a failed expectation is a failed test"
)]

use xtask::codegen::spec::Document;

#[test]
fn a_file_that_is_no_yaml_mapping_is_refused() {
    let cases: [(&[u8], &str); 5] = [
        (b"", "some.yaml: is not a mapping"),
        (b"a: 1\n---\nb: 2\n", "some.yaml: is not YAML"),
        (b"openapi: 3.0.3\n\xff\xfe", "some.yaml: is not YAML"),
        (b"info:\n  title: a\n  title: b\n", "line 3"),
        (b"a: &a\n  b: c\nd:\n  <<: *a\n", "line 4"),
    ];
    for (bytes, expected) in cases {
        let refused = Document::parse("some.yaml", bytes);
        let message = refused.expect_err("not a document").to_string();
        assert!(message.contains(expected), "{message}");
    }
}
