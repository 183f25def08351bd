//! The emulator, as a process of its own that ends with this one.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::conversation::Conversation;
use crate::tools::{Failure, output};

/// Ends the program when the shell's input is closed. That happens even if the process that holds it is killed, which
/// then has no chance to end anything.
const TIED: &str = r#""$0" "$@" & program=$!
trap 'kill "$program" 2>/dev/null' EXIT INT TERM HUP
read -r _
kill "$program" 2>/dev/null
wait "$program""#;

/// A running emulator with the scenario `demo`.
#[derive(Debug)]
pub(super) struct Emulator {
    process: Conversation,
    ready: String,
}

impl Emulator {
    /// Starts `program`, which is `idsync`, and waits until it accepts requests.
    pub(super) fn start(program: &Path) -> Result<Self, Failure> {
        let failed = |error| Failure::new(format!("the emulator does not start: {error}"));
        let mut command = Command::new("sh");
        command.args(["-c", TIED]).arg(program);
        command.args(["emulator", "--quiet", "--listen", "127.0.0.1:0"]);
        let process = Conversation::start(&mut command).map_err(failed)?;
        let ready = process.hear().map_err(failed)?;
        Ok(Self { process, ready })
    }

    /// The line with its address, ids and credentials, as it was printed.
    pub(super) fn ready(&self) -> &str {
        &self.ready
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.process.end();
    }
}

/// Builds `idsync` and tells where it is.
pub(super) fn build(root: &Path) -> Result<PathBuf, Failure> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = output(Command::new(cargo).current_dir(root).args([
        "build",
        "--quiet",
        "--locked",
        "--package=idsync-cli",
        "--message-format=json-render-diagnostics",
    ]))?;
    let messages = String::from_utf8_lossy(&built.stdout);
    messages.lines().find_map(executable).ok_or_else(|| {
        let said = String::from_utf8_lossy(&built.stderr);
        Failure::new(format!("idsync cannot be built:\n{said}"))
    })
}

/// The program that a message of cargo tells of.
fn executable(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    message.get("executable")?.as_str().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use std::process::Stdio;

    use super::*;

    #[test]
    fn a_program_ends_when_the_process_that_holds_its_input_is_gone() {
        let script = "echo $$; exec sleep 600";
        let mut tied = Command::new("sh");
        tied.args(["-c", TIED, "sh", "-c", script])
            .stderr(Stdio::null());
        let mut process = Conversation::start(&mut tied).unwrap();
        let pid = process.hear().unwrap();
        process.end();
        let probe = Command::new("kill")
            .args(["-0", &pid])
            .stderr(Stdio::null())
            .status();
        assert!(!probe.unwrap().success(), "process {pid} is still there");
    }

    #[test]
    fn the_program_is_taken_from_the_message_that_names_one() {
        let library = r#"{"reason":"compiler-artifact","executable":null}"#;
        let program = r#"{"reason":"compiler-artifact","executable":"/target/debug/idsync"}"#;
        assert_eq!(executable(library), None);
        assert_eq!(executable(program), Some("/target/debug/idsync".into()));
        assert_eq!(executable("warning: none"), None);
    }
}
