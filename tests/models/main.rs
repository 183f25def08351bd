//! The generated models: what they offer, and that they are what the documents say.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a failed expectation is a failed test"
)]

mod responses;
mod schemas;
mod surface;
mod values;
