//! The emulator as a process of its own, ended when no longer needed.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use crate::tools::{Failure, output};

/// Package and program of the emulator's command.
const PACKAGE: &str = "idsync-cli";
const PROGRAM: &str = "idsync";

/// How long the emulator may take to say that it is ready.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running emulator.
pub(super) struct Emulator {
    process: Child,
    ready: Ready,
}

/// What the emulator says when it accepts calls.
#[derive(Deserialize)]
pub(super) struct Ready {
    pub(super) url: String,
    pub(super) project_id: String,
    pub(super) workspace: String,
    pub(super) token: String,
    pub(super) clusters: Clusters,
}

/// The clusters that exist.
#[derive(Deserialize)]
pub(super) struct Clusters {
    pub(super) dws: Vec<String>,
    pub(super) mrs: Vec<String>,
}

impl Emulator {
    /// Builds and starts the emulator of the workspace at `root`, on a free port.
    pub(super) fn start(root: &Path) -> Result<Self, Failure> {
        let program = built(root)?;
        let mut process = Command::new(&program)
            .args(["emulator", "--listen", "127.0.0.1:0", "--quiet"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| {
                Failure::new(format!("{} cannot be started: {error}", program.display()))
            })?;
        if let Some(ready) = ready(&mut process) {
            return Ok(Self { process, ready });
        }
        end(&mut process);
        Err(Failure::new(format!(
            "the emulator did not say that it is ready: try `{} emulator`",
            program.display()
        )))
    }

    /// What it said when it was ready.
    pub(super) fn ready(&self) -> &Ready {
        &self.ready
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}

fn end(process: &mut Child) {
    // A process that has ended by itself is ended all the same.
    let _ = process.kill();
    let _ = process.wait();
}

/// The first line of the process, if it comes in time.
fn ready(process: &mut Child) -> Option<Ready> {
    let stdout = process.stdout.take()?;
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut line = String::new();
        let read = BufReader::new(stdout).read_line(&mut line);
        // Nobody listens any more if it took too long.
        let _ = sender.send(read.map(|_| line));
    });
    let line = receiver.recv_timeout(PATIENCE).ok()?.ok()?;
    serde_json::from_str(&line).ok()
}

/// Builds the command and tells where it is.
fn built(root: &Path) -> Result<PathBuf, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let ended = output(
        Command::new(cargo)
            .args(["build", "--quiet", "--locked", "--package", PACKAGE])
            .arg("--message-format=json-render-diagnostics")
            .current_dir(root),
    )?;
    let messages = String::from_utf8_lossy(&ended.stdout);
    let program = messages.lines().find_map(executable);
    program.filter(|_| ended.status.success()).ok_or_else(|| {
        let said = String::from_utf8_lossy(&ended.stderr);
        Failure::new(format!("{PACKAGE} cannot be built:\n{}", said.trim()))
    })
}

/// Where the program is, if a message of cargo says so.
fn executable(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    if message.pointer("/target/name")?.as_str()? != PROGRAM {
        return None;
    }
    Some(PathBuf::from(message.get("executable")?.as_str()?))
}
