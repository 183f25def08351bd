//! `idsync help`: a topic, a command, or everything.

use clap::Command;

use crate::args::{Cli, HelpArgs, TOPICS};
use crate::errors::{CliError, Exit};
use crate::output::Output;

/// Prints the help of a subject.
pub(super) fn run(args: &HelpArgs, output: &Output) -> Result<Exit, CliError> {
    let topic = match args.subject.as_slice() {
        [name] => TOPICS.iter().find(|(topic, _)| topic == name),
        _ => None,
    };
    if let Some((_, text)) = topic {
        output.write(text)?;
    } else {
        let help = find(&args.subject)?.render_long_help();
        output.styled(&help.ansi().to_string())?;
    }
    Ok(Exit::Done)
}

/// The command that `words` name.
fn find(words: &[String]) -> Result<Command, CliError> {
    let mut command = Cli::built();
    for word in words {
        command = match command.find_subcommand(word) {
            Some(subcommand) => subcommand.clone(),
            None => return Err(unknown(word, &command)),
        };
    }
    Ok(command)
}

fn unknown(word: &str, command: &Command) -> CliError {
    let name = command.get_name();
    let known: Vec<_> = command.get_subcommands().map(Command::get_name).collect();
    let advice = if known.is_empty() {
        format!("`{name}` has no commands")
    } else {
        format!("give one of {}", known.join(", "))
    };
    CliError::usage(format!("there is no help for {word:?}: {advice}"))
}
