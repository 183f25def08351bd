//! A driver: makes the calls that it is told to with generated clients, and tells what came of them.

use std::process::Command;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Language;
use super::conversation::Conversation;
use super::doubles::rounded;
use super::refusal::Refusal;
use crate::emulator::Emulator;
use crate::tools::Failure;

/// Which token a call is made with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Token {
    /// One that the driver got for user and password.
    #[default]
    Issued,
    /// The one in the emulator's ready line.
    Ready,
    /// One that nobody issued.
    Wrong,
}

/// A call to make.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Call {
    pub(super) operation: &'static str,
    pub(super) token: Token,
    /// What the emulator is told to answer; null for the truth.
    pub(super) fault: Value,
}

/// What a generated client made of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    /// A success, by the names of its fields on the wire.
    Answer(Value),
    /// An error that tells what was answered.
    Failure(Refusal),
    /// An error that does not tell the status.
    Crash(String),
}

impl Outcome {
    /// The same, as a language tells it that keeps every number as a double.
    pub(super) fn in_doubles(&self) -> Self {
        match self {
            Self::Answer(answer) => Self::Answer(rounded(answer)),
            other => other.clone(),
        }
    }
}

/// A running driver.
#[derive(Debug)]
pub(super) struct Driver {
    language: Language,
    process: Conversation,
}

impl Driver {
    pub(super) fn start(
        language: Language,
        mut command: Command,
        emulator: &Emulator,
    ) -> Result<Self, Failure> {
        // A proxy is for other machines.
        command
            .env("NO_PROXY", "127.0.0.1")
            .env("no_proxy", "127.0.0.1");
        let process = Conversation::start(&mut command).map_err(|error| {
            Failure::new(format!("the driver in {language} does not start: {error}"))
        })?;
        let mut driver = Self { language, process };
        driver.say(&emulator.ready().to_string())?;
        Ok(driver)
    }

    /// Lets it make a call.
    ///
    /// # Errors
    ///
    /// [`Failure`] if it ends, is silent for too long, or says something else.
    pub(super) fn call(&mut self, call: &Call) -> Result<Outcome, Failure> {
        let call = serde_json::to_string(call)
            .map_err(|error| Failure::new(format!("a call cannot be written: {error}")))?;
        self.say(&call)?;
        let line = self
            .process
            .hear()
            .map_err(|error| self.failed(&format!("{error} after {call}")))?;
        serde_json::from_str(&line).map_err(|error| {
            self.failed(&format!("it said {line:?}, which is no outcome: {error}"))
        })
    }

    fn say(&mut self, line: &str) -> Result<(), Failure> {
        let said = self.process.say(line);
        said.map_err(|error| self.failed(&format!("it does not listen: {error}")))
    }

    fn failed(&self, how: &str) -> Failure {
        Failure::new(format!(
            "the driver in {} cannot go on: {how}. What it printed is above.",
            self.language
        ))
    }
}
