//! Development tasks of the workspace, run as `cargo xtask TASK`.
//!
//! The tasks live in this library so that tests can call them; the binary only reads the command line.

use std::env;
use std::path::{Path, PathBuf};

use crate::codegen::Problem;

pub mod codegen;
pub mod facts;
pub mod page;
pub mod release;

/// The workspace around the current folder, as a full path.
///
/// # Errors
///
/// No folder above the current one is the workspace.
pub fn workspace_root() -> Result<PathBuf, Problem> {
    let failed = |reason: &str| Problem::of_file(".", reason);
    let start = env::current_dir().map_err(|error| failed(&error.to_string()))?;
    let is_root =
        |folder: &&Path| folder.join("openapi").is_dir() && folder.join("Cargo.toml").is_file();
    let found = start.ancestors().find(is_root).map(Path::to_path_buf);
    found.ok_or_else(|| failed("is in no idsync workspace: change into one"))
}
