//! Facts of reference pages: read in every layout, locked, checked and compared.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed expectation is a failed test"
)]

mod changes;
mod command;
mod copied;
mod documents;
mod drift;
mod fates;
mod gaps;
mod insets;
mod layouts;
mod lists;
mod markup;
mod pages;
mod pipes;
mod places;
mod render;
mod rows;
mod siblings;
mod statements;
mod surplus;
mod updates;
mod values;

use std::path::PathBuf;

use xtask::docs::facts::Facts;
use xtask::docs::page::{self, Reading};

/// A file below `tests/fixtures/pages`.
fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/pages")
        .join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(fixture(name)).expect("a fixture")
}

fn read(text: &str) -> Reading {
    page::read("page", text).expect("a page")
}

/// The facts without what differs from layout to layout: where the examples stand.
fn comparable(facts: &Facts) -> serde_json::Value {
    serde_json::json!([facts, facts.published()])
}
