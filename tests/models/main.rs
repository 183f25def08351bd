//! The generated models: what they offer, and that they are what the documents say.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a failed expectation is a failed test"
)]

mod fields;
mod models;
mod round_trips;
mod schemas;
mod shape;
mod surface;
