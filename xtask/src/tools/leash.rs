//! Holds a program that was started to this one: it is ended when this one ends first, however that happens.
//!
//! A program that is killed has no chance to end others, so a shell waits at the end of a pipe. The pipe breaks with the
//! one who holds it.

use std::io::Write;
use std::process::{Child, Command, Stdio};

/// Reads one line, which says that all is well. Without it, ends every program of the group that is its only argument.
#[cfg(unix)]
const SCRIPT: &str = "read -r _ || kill -s TERM -- \"-$0\"";

/// What ends a program with this one, as long as it is not dropped.
#[derive(Debug)]
pub(super) struct Leash(Option<Child>);

/// Puts what `command` will start into a group of its own, so that it can be ended with all that it started.
pub(super) fn group(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(not(unix))]
    let _ = command;
}

impl Leash {
    /// Holds `child`, which was started in a group of its own. Where there is no shell, nothing holds it.
    #[cfg(unix)]
    pub(super) fn of(child: &Child) -> Self {
        let mut shell = Command::new("sh");
        shell
            .args(["-c", SCRIPT, &child.id().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        // What is typed to end this program must not end the shell first.
        group(&mut shell);
        Self(shell.spawn().ok())
    }

    #[cfg(not(unix))]
    pub(super) fn of(_: &Child) -> Self {
        Self(None)
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        if let Some(shell) = &mut self.0 {
            if let Some(mut input) = shell.stdin.take() {
                // A shell that is gone has nothing left to do.
                let _ = input.write_all(b"\n");
            }
            let _ = shell.wait();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// A program that would run for a minute, and does nothing.
    fn sleeper() -> Child {
        let mut command = Command::new("sleep");
        command.arg("60");
        group(&mut command);
        command.spawn().unwrap()
    }

    #[test]
    fn a_program_ends_when_the_pipe_breaks() {
        let mut child = sleeper();
        let mut leash = Leash::of(&child);
        let shell = leash.0.as_mut().unwrap();
        // As the system does for a program that is killed.
        drop(shell.stdin.take());
        shell.wait().unwrap();
        assert!(!child.wait().unwrap().success());
    }

    #[test]
    fn a_program_is_let_go_with_the_leash() {
        let mut child = sleeper();
        drop(Leash::of(&child));
        std::thread::sleep(Duration::from_millis(50));
        assert!(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
