//! Development tasks of the workspace, run as `cargo xtask TASK`.
//!
//! The tasks live in this library so that tests can call them; the binary only reads the command line. An error is a text, with
//! one line for each problem: the file, the place in it if one is known, and what to do.

use std::env;
use std::path::{Path, PathBuf};

pub mod codegen;
pub mod facts;
pub mod page;
pub mod release;

/// What a task prints, and its exit status.
#[derive(Debug, Default)]
pub struct Printed {
    /// Text for stdout.
    pub stdout: String,
    /// Text for stderr.
    pub stderr: String,
    /// Exit status: 0 for success, 1 for an error, 3 for a change that someone has to look at.
    pub code: u8,
}

impl From<String> for Printed {
    fn from(stdout: String) -> Self {
        Self {
            stdout,
            ..Self::default()
        }
    }
}

/// The workspace around the current folder, as a full path.
///
/// # Errors
///
/// No folder above the current one is the workspace.
pub fn workspace_root() -> Result<PathBuf, String> {
    let start = env::current_dir().map_err(|error| format!("the current folder: {error}"))?;
    let is_root =
        |folder: &&Path| folder.join("openapi").is_dir() && folder.join("Cargo.toml").is_file();
    let found = start.ancestors().find(is_root).map(Path::to_path_buf);
    found.ok_or_else(|| {
        format!(
            "{} is in no idsync workspace: change into one",
            start.display()
        )
    })
}
