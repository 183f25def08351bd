//! Development tasks of the workspace, run as `cargo xtask TASK`.
//!
//! The tasks live in this library so that tests can call them; the binary only reads the command line.

use std::path::{Path, PathBuf};

use crate::codegen::Problem;

pub mod codegen;
pub mod facts;
pub mod page;
pub mod release;

/// The workspace to work in, as a full path: `given`, or the one around the current folder.
///
/// # Errors
///
/// There is no such folder, or no folder above the current one is the workspace.
pub fn workspace_root(given: Option<&Path>) -> Result<PathBuf, Problem> {
    let start = given.unwrap_or(Path::new("."));
    let start = start.canonicalize().map_err(|error| {
        let message = format!("cannot be opened: {error}");
        Problem::of_file(start.display().to_string(), message)
    })?;
    if given.is_some() {
        return Ok(start);
    }
    let is_root =
        |folder: &&Path| folder.join("openapi").is_dir() && folder.join("Cargo.toml").is_file();
    let found = start.ancestors().find(is_root).map(Path::to_path_buf);
    found.ok_or_else(|| {
        let message = "is in no idsync workspace: change into one, or name it by `--root`";
        Problem::of_file(start.display().to_string(), message)
    })
}
