//! Development tasks of the workspace, run as `cargo xtask TASK`.
//!
//! The tasks live in this library so that tests can call them; the binary only reads the command line.

use std::path::{Path, PathBuf};

pub mod bench;
pub mod codegen;
pub mod contract;
pub mod dependencies;
pub mod docs;
pub mod emulator;
pub mod fleet;
pub mod http;
pub mod lint;
pub mod peers;
pub mod polyglot;
mod proc_status;
pub mod reference;
pub mod soak;
pub mod spec_diff;
pub mod tools;

/// The workspace that this library was built from.
pub fn workspace_root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_path_buf()
}
