//! Development tasks of the workspace, run as `cargo xtask TASK`.
//!
//! The tasks live in this library so that tests can call them; the binary only reads the command line.

use std::path::{Path, PathBuf};

pub mod codegen;
pub mod docs;
pub mod lint;
pub mod reference;
pub mod spec_diff;
pub mod tools;

/// The workspace that this library was built from.
pub fn workspace_root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_path_buf()
}
