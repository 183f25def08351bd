//! The OpenAPI documents: sound by the house rules, with true examples, and in step with the generated crate.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a failed expectation is a failed test"
)]

mod documents;
mod examples;
