//! Saved pages, their facts, and the documents beside them.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed expectation is a failed test"
)]

mod command;
mod documents;
mod forms;
mod page_changes;
mod refusals;
mod render;

use std::path::{Path, PathBuf};

use xtask::codegen::spec::Document;
use xtask::facts::{Facts, read};
use xtask::page::Unread;

/// The pages of the three operations, in copied text.
const PAGES: [&str; 3] = ["dataarts-studio.txt", "dws.txt", "mrs.txt"];

fn root() -> PathBuf {
    xtask::workspace_root().expect("a workspace")
}

fn fixture(name: &str) -> PathBuf {
    root().join("xtask/tests/fixtures/pages").join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(fixture(name)).expect("a fixture")
}

fn read(text: &str) -> (Facts, Unread) {
    read::read(text).unwrap_or_else(|(line, why)| panic!("line {line:?} {why}\n{text}"))
}

/// The facts of a page of which everything can be read.
fn facts(text: &str) -> Facts {
    let (facts, unread) = read(text);
    assert_eq!(unread, [], "{text}");
    facts
}

/// A document of the workspace, and the facts of its page.
fn sound(file: &str) -> (Document, Facts) {
    let document = Document::load(&root(), file).expect("a document");
    let facts = Facts::load(&root(), file).expect("facts");
    (document, facts)
}

fn copy_files(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let file = entry.expect("an entry").path();
        if file.is_file() {
            let name = file.file_name().expect("a name");
            std::fs::copy(&file, to.join(name)).expect("a copy");
        }
    }
}
