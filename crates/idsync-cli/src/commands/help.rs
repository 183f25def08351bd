//! `idsync help`: a topic, a command, or everything.

use clap::Command;

use crate::args::{Cli, HelpArgs, Topic};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// Prints what there is to say of a subject.
pub(super) fn run(args: &HelpArgs, output: &Output) -> Result<Exit, Failure> {
    if let [name] = args.subject.as_slice()
        && let Some(topic) = Topic::named(name)
    {
        return output.verbatim(&topic.text());
    }
    output.text(&found(&args.subject)?.render_long_help())
}

/// The command that `words` lead to.
fn found(words: &[String]) -> Result<Command, Failure> {
    let mut command = Cli::definition();
    for word in words {
        let Some(below) = command.find_subcommand(word) else {
            return Err(unknown(word, &command));
        };
        command = below.clone();
    }
    Ok(command)
}

fn unknown(word: &str, command: &Command) -> Failure {
    let commands = command.get_subcommands().map(Command::get_name);
    let is_first = command.get_name() == env!("CARGO_BIN_NAME");
    let topics = Topic::ALL.iter().map(|topic| topic.name());
    let known: Vec<&str> = topics.filter(|_| is_first).chain(commands).collect();
    let known = if known.is_empty() {
        format!("nothing, since `{}` has no commands", command.get_name())
    } else {
        format!("one of {}", known.join(", "))
    };
    Failure::usage(format!("{word:?} has no help: give {known}"))
}
