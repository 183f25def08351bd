//! Runs the command in an empty environment.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// A command that takes longer is treated as hung.
const PATIENCE: Duration = Duration::from_secs(60);

/// The command with its arguments and environment.
pub(crate) struct Idsync(Command);

/// A run that has ended.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Idsync {
    /// The command with these arguments, separated by blanks, and an environment that keeps it on this machine.
    pub(crate) fn new(arguments: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_idsync"));
        command.args(arguments.split_whitespace()).env_clear();
        command.env("IDSYNC_NO_METADATA", "1");
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self(command)
    }

    /// Adds one argument that may hold blanks.
    pub(crate) fn arg(mut self, argument: &str) -> Self {
        self.0.arg(argument);
        self
    }

    /// Sets an environment variable.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.0.env(name, value);
        self
    }

    /// Redirects its stdout, so that the run has none.
    pub(crate) fn stdout(mut self, place: impl Into<Stdio>) -> Self {
        self.0.stdout(place);
        self
    }

    /// Redirects its stderr, so that the run has none.
    pub(crate) fn stderr(mut self, place: impl Into<Stdio>) -> Self {
        self.0.stderr(place);
        self
    }

    /// Sets the variables that connect it to the emulator of a ready line with an access key.
    pub(crate) fn at(self, ready: &Value) -> Self {
        let variables = [
            ("IDSYNC_ENDPOINT", "url"),
            ("IDSYNC_WORKSPACE", "workspace"),
            ("HUAWEICLOUD_SDK_PROJECT_ID", "project_id"),
            ("HUAWEICLOUD_SDK_AK", "ak"),
            ("HUAWEICLOUD_SDK_SK", "sk"),
        ];
        let set = |command: Self, (name, key)| command.env(name, ready[key].as_str().unwrap());
        variables.into_iter().fold(self, set)
    }

    /// Starts it without waiting for its end.
    pub(crate) fn spawn(mut self) -> Child {
        self.0.spawn().unwrap()
    }

    /// Runs it to its end.
    pub(crate) fn run(self) -> Run {
        Run::of(self.spawn())
    }
}

/// The first line that `child` writes to stdout.
pub(crate) fn first_line(child: &mut Child) -> String {
    let mut line = String::new();
    let stdout = child.stdout.as_mut().unwrap();
    BufReader::with_capacity(64, stdout)
        .read_line(&mut line)
        .unwrap();
    line
}

impl Run {
    /// Waits for the end of `child`, at most for a minute.
    pub(crate) fn of(mut child: Child) -> Self {
        let (stdout, stderr) = (drained(child.stdout.take()), drained(child.stderr.take()));
        let texts = stdout
            .recv_timeout(PATIENCE)
            .and_then(|out| Ok((out, stderr.recv_timeout(PATIENCE)?)));
        if texts.is_err() {
            child.kill().unwrap();
        }
        let code = child.wait().unwrap().code().unwrap_or(-1);
        let (stdout, stderr) = texts.expect("the command hung and was killed");
        Self {
            code,
            stdout,
            stderr,
        }
    }

    /// Checks the exit code, and shows both outputs if it is another.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "stdout:\n{}\nstderr:\n{}",
            self.stdout, self.stderr
        );
        self
    }

    /// Checks that stdout has these words.
    #[track_caller]
    pub(crate) fn shows(&self, words: impl AsRef<str>) {
        let words = words.as_ref();
        assert!(self.stdout.contains(words), "{words}: {}", self.stdout);
    }

    /// Checks that stderr has these words.
    #[track_caller]
    pub(crate) fn says(&self, words: impl AsRef<str>) {
        let words = words.as_ref();
        assert!(self.stderr.contains(words), "{words}: {}", self.stderr);
    }

    /// The one JSON document on stdout.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error} in {:?}", self.stdout))
    }

    /// The JSON documents on stdout, one per line.
    #[track_caller]
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// The errors on stderr, one JSON object per line.
    #[track_caller]
    pub(crate) fn errors(&self) -> Vec<Value> {
        let read = |line| {
            serde_json::from_str::<Value>(line)
                .unwrap_or_else(|error| panic!("{error} in {line:?}"))
        };
        self.stderr
            .lines()
            .map(|line| read(line)["error"].clone())
            .collect()
    }

    /// The only error on stderr, as a JSON object.
    #[track_caller]
    pub(crate) fn error(&self) -> Value {
        let errors = self.errors();
        assert_eq!(errors.len(), 1, "{}", self.stderr);
        errors[0].clone()
    }
}

/// Reads a pipe to its end on another thread.
fn drained(pipe: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            pipe.read_to_end(&mut bytes).unwrap();
        }
        sender.send(String::from_utf8(bytes).unwrap())
    });
    receiver
}
