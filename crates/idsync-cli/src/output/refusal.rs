//! Answers to command lines that say nothing to do.

use std::io::{self, Write};

use anstream::{AutoStream, ColorChoice};

use super::error::{self, ErrorFacts};
use crate::args::{Format, color_asked_for};
use crate::exit::Exit;

/// Answers a command line that could not be read, or that asks for help or the version.
pub(crate) fn refuse(refusal: &clap::Error) -> Exit {
    if refusal.use_stderr() && Format::asked_for(arguments()).is_json() {
        let line = ErrorFacts::usage(&error::complaint(refusal)).line();
        let _ = io::stderr().lock().write_all(line.as_bytes());
    } else {
        explain(refusal, color_asked_for(arguments()));
    }
    if refusal.use_stderr() {
        Exit::Usage
    } else {
        Exit::Done
    }
}

fn arguments() -> impl Iterator<Item = String> {
    std::env::args_os().map(|argument| argument.to_string_lossy().into_owned())
}

/// Prints help and complaints in the words of the parser, which knows nothing of `--color`.
fn explain(refusal: &clap::Error, color: ColorChoice) {
    let text = refusal.render();
    // Nobody is left to tell when the reader has gone away.
    let _ = if refusal.use_stderr() {
        write!(AutoStream::new(io::stderr(), color), "{}", text.ansi())
    } else {
        write!(AutoStream::new(io::stdout(), color), "{}", text.ansi())
    };
}
