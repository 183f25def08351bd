//! Runs a program and tells what it said where it failed.

use std::env;
use std::io::{self, ErrorKind};
use std::process::{Command, Output, Stdio};

use super::Failure;
use super::leash::{self, Leash};

/// How many of its last lines a failed program is quoted with.
const QUOTED: usize = 40;

/// Runs `command` to its end; what it prints is only told if it fails.
///
/// # Errors
///
/// [`Failure`] if it cannot be started or does not end well.
pub fn run(command: &mut Command) -> Result<(), Failure> {
    let ended = output(command)?;
    if ended.status.success() {
        return Ok(());
    }
    let said: Vec<_> = [ended.stdout, ended.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    Err(Failure::new(format!(
        "{} ended with {}:\n{}",
        shown(command),
        ended.status,
        last_lines(&said)
    )))
}

/// Runs `command` to its end, however that may be, and gives what it printed. It ends with this program at the latest.
///
/// # Errors
///
/// [`Failure`] if it cannot be started.
pub fn output(command: &mut Command) -> Result<Output, Failure> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    leash::group(command);
    let child = command
        .spawn()
        .map_err(|error| not_started(command, &error))?;
    let _leash = Leash::of(&child);
    child
        .wait_with_output()
        .map_err(|error| Failure::new(format!("{} cannot be waited for: {error}", shown(command))))
}

fn not_started(command: &Command, error: &io::Error) -> Failure {
    let program = command.get_program().to_string_lossy();
    if error.kind() != ErrorKind::NotFound {
        return Failure::new(format!("{program} cannot be started: {error}"));
    }
    missing(&program)
}

/// Makes sure that programs are on PATH which others call, and say nothing useful without.
///
/// # Errors
///
/// [`Failure`] that names the first that is missing, with what to install.
pub fn needed(programs: &[&str]) -> Result<(), Failure> {
    let path = env::var_os("PATH").unwrap_or_default();
    let there = |program: &&&str| {
        let file = format!("{program}{}", env::consts::EXE_SUFFIX);
        env::split_paths(&path).any(|folder| folder.join(&file).is_file())
    };
    match programs.iter().find(|program| !there(program)) {
        Some(program) => Err(missing(program)),
        None => Ok(()),
    }
}

fn missing(program: &str) -> Failure {
    let remedy = match program {
        "go" => "install Go 1.26 or later",
        "java" | "javac" => "install a JDK, 17 or later",
        "mvn" => "install Maven 3.8 or later",
        "node" | "npm" | "npx" => "install Node.js 20 or later, with npm",
        "python3" => "install Python 3.11 or later, with venv",
        _ => "install it, or put its folder on PATH",
    };
    Failure::new(format!("{program} is not on this machine: {remedy}"))
}

/// The command as one could type it.
fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}

fn last_lines(text: &str) -> String {
    let lines: Vec<_> = text.trim_end().lines().collect();
    let first = lines.len().saturating_sub(QUOTED);
    lines.get(first..).unwrap_or_default().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_fails_is_quoted_with_its_status_and_its_last_lines() {
        let script = "seq 1 60; echo 'no such thing' >&2; exit 7";
        let failure = run(Command::new("sh").args(["-c", script])).unwrap_err();
        let text = failure.to_string();
        assert!(text.contains("exit status: 7"), "{text}");
        assert!(text.ends_with("no such thing"), "{text}");
        assert!(!text.contains("\n10\n"), "{text}");
    }

    #[test]
    fn a_program_that_others_need_is_looked_for_first() {
        needed(&["sh"]).unwrap();
        let failure = needed(&["sh", "no-such-program-here"]).unwrap_err();
        let text = failure.to_string();
        assert!(text.starts_with("no-such-program-here is not"), "{text}");
    }

    #[test]
    fn a_program_that_is_missing_is_named_with_what_to_install() {
        let failure = run(&mut Command::new("no-such-program-here")).unwrap_err();
        let text = failure.to_string();
        assert!(
            text.starts_with("no-such-program-here is not on this machine"),
            "{text}"
        );
    }
}
