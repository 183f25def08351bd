//! Holds the dependency tree against `deny.toml`: licenses, sources, and crates that are not wanted.

use std::path::Path;
use std::process::Command;

use crate::tools::{Failure, Toolbox, run};

const CARGO_DENY: &str = "0.18.9";

/// Checks the dependencies of the workspace at `root`, those of other systems too, which a build here does not bring.
///
/// # Errors
///
/// What cargo-deny has against which crate, or why it cannot be installed.
pub fn check(root: &Path) -> Result<String, Failure> {
    let programs = Toolbox::of(root).rust("cargo-deny", CARGO_DENY)?;
    run(Command::new("cargo")
        .current_dir(root)
        .args(["fetch", "--locked"]))?;
    run(Command::new(programs.join("cargo-deny"))
        .current_dir(root)
        .args(["--offline", "--locked", "check", "--allow", "duplicate"])
        .args(["bans", "licenses", "sources"]))?;
    Ok("dependencies: licenses, sources and bans are as deny.toml has them".to_owned())
}
