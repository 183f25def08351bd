//! The committed documents keep to the house rules, and the committed sources are theirs.

use std::path::{Path, PathBuf};

use xtask::codegen;

pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn the_documents_keep_to_the_house_rules() {
    if let Err(problems) = codegen::load(&workspace()) {
        panic!("{problems}");
    }
}

#[test]
fn the_generated_sources_are_up_to_date() {
    if let Err(problems) = codegen::check(&workspace()) {
        panic!("{problems}");
    }
}
