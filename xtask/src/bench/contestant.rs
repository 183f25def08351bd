//! The programs that do the work, built and ready to be started.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::emulator::built;
use crate::peers::PYTHON_PACKAGES;
use crate::tools::{Failure, Toolbox, run};

/// A program that does the work.
#[derive(Debug)]
pub(super) struct Contestant {
    pub(super) name: &'static str,
    program: PathBuf,
    script: Option<PathBuf>,
    /// SDKs read profiles from the home folder, and write to it.
    home: PathBuf,
}

impl Contestant {
    /// How it is started; the job comes behind.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.script);
        command.env("HOME", &self.home).env("NO_PROXY", "*");
        command
    }
}

/// Builds all of them. The first is the one that the others are held against.
pub(super) fn build(root: &Path, tools: &Toolbox) -> Result<Vec<Contestant>, Failure> {
    let home = tools.scratch("bench")?;
    let sources = root.join("tests").join("peers");
    let python = tools.python(&PYTHON_PACKAGES)?.join("python");
    let go = home.join("speed-go");
    run(Command::new("go")
        .current_dir(sources.join("go"))
        .args(["build", "-mod=readonly", "-o"])
        .arg(&go)
        .arg("./speed"))?;
    let script = sources.join("python").join("speed.py");
    let contestant = |name, program, script| Contestant {
        name,
        program,
        script,
        home: home.clone(),
    };
    Ok(vec![
        contestant(
            "reqwest + serde",
            built(root, "idsync-speed", "speed-raw", true)?,
            None,
        ),
        contestant(
            "idsync",
            built(root, "idsync-speed", "speed-idsync", true)?,
            None,
        ),
        contestant("Go SDK v0.1.207", go, None),
        contestant("Python SDK 3.1.219", python, Some(script)),
    ])
}
