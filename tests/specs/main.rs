//! The OpenAPI documents: sound by the house rules, with true examples, and in step with the generated crate.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed expectation is a failed test"
)]

mod control;
mod documents;
mod examples;
