//! Schemathesis: runs it on one document and reads whether it found a disagreement.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

use super::round::Round;
use super::write;
use crate::emulator::Emulator;
use crate::tools::{Failure, Packages, Toolbox, output};

/// Pinned, since other versions make up other calls.
const PACKAGES: Packages = Packages {
    name: "schemathesis",
    wanted: &["schemathesis==4.32.5"],
    pins: include_str!("../../pins/pip-schemathesis.txt"),
};

/// The same calls in every run.
const SEED: &str = "1";

/// How it ends when it found something.
const FOUND: i32 = 1;

/// The installed program.
pub(super) struct Schemathesis {
    program: PathBuf,
}

/// What came out.
pub(super) enum Verdict {
    /// Every answer kept to the document.
    Agrees,
    /// Some did not, told by the program.
    Disagrees(String),
}

impl Schemathesis {
    /// The program, installed once.
    pub(super) fn install(toolbox: &Toolbox) -> Result<Self, Failure> {
        let folder = toolbox.python(&PACKAGES)?;
        let program = std::path::absolute(folder.join("schemathesis"))
            .map_err(|error| Failure::new(format!("schemathesis is nowhere: {error}")))?;
        Ok(Self { program })
    }

    /// One round of calls that follow from `document`.
    pub(super) fn run(
        &self,
        document: &Value,
        emulator: &Emulator,
        round: &Round,
    ) -> Result<Verdict, Failure> {
        // It keeps what it found in the folder it runs in, and would try that first in the next run.
        let folder = tempfile::tempdir()
            .map_err(|error| Failure::new(format!("no folder can be made: {error}")))?;
        write(&folder.path().join("spec.json"), &document.to_string())?;
        write(&folder.path().join("settings.toml"), &round.settings())?;
        let ended = output(
            Command::new(&self.program)
                .args(["--config-file", "settings.toml", "run", "spec.json"])
                .args(["--url", emulator.told("/url"), "--seed", SEED, "--no-color"])
                .args(["--phases", round.phases])
                .args(["--exclude-checks", &round.without.join(",")])
                .arg("--header")
                .arg(format!("X-Auth-Token: {}", emulator.told("/token")))
                .env("PYTHONUTF8", "1")
                .current_dir(folder.path()),
        )?;
        verdict(&ended)
    }
}

fn verdict(ended: &Output) -> Result<Verdict, Failure> {
    let told = String::from_utf8_lossy(&ended.stdout);
    match ended.status.code() {
        Some(0) => Ok(Verdict::Agrees),
        // It also ends so when it cannot read the document; only a verdict has a summary.
        Some(FOUND) if told.contains("= SUMMARY =") => {
            let start = told.find("\n====").unwrap_or_default();
            Ok(Verdict::Disagrees(
                told.get(start..).unwrap_or_default().trim().to_owned(),
            ))
        }
        _ => {
            let said = String::from_utf8_lossy(&ended.stderr);
            Err(Failure::new(format!(
                "schemathesis did not do its work:\n{told}\n{said}"
            )))
        }
    }
}
