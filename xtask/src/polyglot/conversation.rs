//! The talk with another program, line by line, in which it cannot keep us waiting for good.

use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// Longest that a line is waited for. Far more than any needs, on a machine that does other things as well.
const PATIENCE: Duration = Duration::from_mins(2);

/// A program that is spoken with over its standard input and output. What it says on its standard error goes to ours.
#[derive(Debug)]
pub(super) struct Conversation {
    process: Child,
    output: Receiver<io::Result<String>>,
}

impl Conversation {
    pub(super) fn start(command: &mut Command) -> io::Result<Self> {
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (lines, output) = mpsc::channel();
        if let Some(stdout) = process.stdout.take() {
            thread::spawn(move || {
                for line in BufReader::new(stdout).lines() {
                    if lines.send(line).is_err() {
                        return;
                    }
                }
            });
        }
        Ok(Self { process, output })
    }

    /// Says one line.
    pub(super) fn say(&mut self, line: &str) -> io::Result<()> {
        let input = self
            .process
            .stdin
            .as_mut()
            .ok_or(io::ErrorKind::BrokenPipe)?;
        writeln!(input, "{line}")
    }

    /// The next line that it says.
    ///
    /// # Errors
    ///
    /// If it ends instead, or says nothing for two minutes.
    pub(super) fn hear(&self) -> io::Result<String> {
        match self.output.recv_timeout(PATIENCE) {
            Ok(line) => line,
            Err(RecvTimeoutError::Disconnected) => Err(io::Error::other("it ended")),
            Err(RecvTimeoutError::Timeout) => {
                let waited = PATIENCE.as_secs();
                Err(io::Error::other(format!(
                    "it was silent for {waited} seconds"
                )))
            }
        }
    }
}

impl Drop for Conversation {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing to do. Waiting closes its input, which ends the
        // programs that it has started.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Conversation {
        Conversation::start(Command::new("sh").args(["-c", script])).unwrap()
    }

    #[test]
    fn what_is_said_is_heard_and_answered() {
        let mut echo = shell("read -r line; echo \"you said $line\"");
        echo.say("hello").unwrap();
        assert_eq!(echo.hear().unwrap(), "you said hello");
    }

    #[test]
    fn a_program_that_ends_without_a_word_is_told_from_one_that_answers() {
        assert_eq!(shell("exit 3").hear().unwrap_err().to_string(), "it ended");
    }
}
