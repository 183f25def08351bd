//! The emulator in a process of its own, built from this workspace and found by its ready line.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::http;
use crate::tools::{Failure, run};

/// A running emulator; it is ended with this, and with the process that started it, however that ends.
#[derive(Debug)]
pub struct Emulator {
    process: Child,
    ready: Value,
}

/// Builds the command `idsync` of the workspace at `root`, and tells where it is.
///
/// # Errors
///
/// [`Failure`] if it cannot be built.
pub fn build(root: &Path, release: bool) -> Result<PathBuf, Failure> {
    built(root, "idsync-cli", "idsync", release)
}

/// Builds one program of a package of the workspace at `root`, and tells where it is.
///
/// # Errors
///
/// [`Failure`] if it cannot be built.
pub fn built(root: &Path, package: &str, program: &str, release: bool) -> Result<PathBuf, Failure> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(root)
        .args(["build", "--quiet", "--locked", "--package", package]);
    command.args(["--bin", program]);
    if release {
        command.arg("--release");
    }
    run(&mut command)?;
    let folder = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let profile = if release { "release" } else { "debug" };
    Ok(folder
        .join(profile)
        .join(format!("{program}{}", env::consts::EXE_SUFFIX)))
}

impl Emulator {
    /// Starts `program` with these flags behind `emulator`, and waits for its ready line.
    ///
    /// # Errors
    ///
    /// [`Failure`] if it does not start or its first line is not JSON.
    pub fn start(program: &Path, flags: &[&str]) -> Result<Self, Failure> {
        let mut command = Command::new(program);
        command.args(["emulator", "--quiet"]).args(flags);
        if cfg!(unix) {
            // A process that is killed has no chance to end another.
            command.args(["--while", &std::process::id().to_string()]);
        }
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| {
                Failure::new(format!("{} cannot be started: {error}", program.display()))
            })?;
        let mut line = String::new();
        if let Some(stdout) = process.stdout.take() {
            // Without a line, what follows fails and tells so.
            let _ = BufReader::new(stdout).read_line(&mut line);
        }
        let ready = serde_json::from_str(&line);
        let emulator = Self {
            process,
            ready: ready.as_ref().map_or(Value::Null, Value::clone),
        };
        match ready {
            Ok(_) => Ok(emulator),
            Err(_) => Err(Failure::new(format!(
                "the emulator did not start: instead of its ready line came {line:?}"
            ))),
        }
    }

    /// The ready line.
    pub fn ready(&self) -> &Value {
        &self.ready
    }

    /// A text of the ready line, found by a JSON pointer such as `/clusters/dws/0`; empty if there is none.
    pub fn told(&self, pointer: &str) -> &str {
        let found = self.ready.pointer(pointer);
        found.and_then(Value::as_str).unwrap_or_default()
    }

    /// The texts of a list of the ready line, such as `/clusters/dws`.
    pub fn list(&self, pointer: &str) -> Vec<&str> {
        let list = self.ready.pointer(pointer).and_then(Value::as_array);
        let texts = list.into_iter().flatten();
        texts.filter_map(Value::as_str).collect()
    }

    /// The JSON answer to a GET of `target` with the token of the ready line and these headers.
    ///
    /// # Errors
    ///
    /// [`Failure`] if there is no answer, or it is none of success.
    pub fn get(&self, target: &str, headers: &[(&str, &str)]) -> Result<Value, Failure> {
        let token = [("x-auth-token", self.told("/token"))];
        let url = format!("{}{target}", self.told("/url"));
        http::json("GET", &url, &[&token, headers].concat(), "")
    }

    /// Number of the process.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing to do.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
