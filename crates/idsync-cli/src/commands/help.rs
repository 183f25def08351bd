//! `idsync help`, `idsync man` and `idsync completions`.

use std::fs;
use std::path::Path;

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command};
use clap_complete::Shell;
use clap_mangen::Man;
use idsync::config::regions;
use idsync_emulator::Scenario;

use crate::args::{Cli, TOPICS};
use crate::errors::{CliError, Exit};
use crate::output::Output;

/// Prints the help of a subject.
pub(super) fn help(subject: &[String], output: &Output) -> Result<Exit, CliError> {
    let topic = TOPICS.iter().find(|(name, _)| subject == [*name]);
    if let Some((_, text)) = topic {
        output.write(text)?;
    } else {
        let help = find(subject)?.render_long_help();
        output.write(&help.ansi().to_string())?;
    }
    Ok(Exit::Done)
}

/// The command that `words` name.
fn find(words: &[String]) -> Result<Command, CliError> {
    let mut command = Cli::built();
    for word in words {
        let found = command.find_subcommand(word).cloned();
        command = found.ok_or_else(|| {
            let name = command.get_name();
            let why = format!("there is no help for {word:?}: `{name}` has no such command");
            CliError::usage(why)
        })?;
    }
    Ok(command)
}

/// Prints the main page, or writes every page into a folder.
pub(super) fn man(out: Option<&Path>, output: &Output) -> Result<Exit, CliError> {
    let Some(folder) = out else {
        let mut page = Vec::new();
        Man::new(Cli::built()).render(&mut page)?;
        output.write(&String::from_utf8_lossy(&page))?;
        return Ok(Exit::Done);
    };
    let written = fs::create_dir_all(folder);
    let written = written.and_then(|()| clap_mangen::generate_to(Cli::built(), folder));
    written.map_err(|error| {
        let what = format!("cannot write pages into {}", folder.display());
        CliError::io(&what, &error).with_hint("name another folder with --out")
    })?;
    output.log(&format!("pages written to {}", folder.display()));
    Ok(Exit::Done)
}

/// Prints the completion script of a shell.
pub(super) fn completions(shell: Shell, output: &Output) -> Result<Exit, CliError> {
    let mut script = Vec::new();
    // Others are accepted too.
    let suggest = |arg: Arg| match arg.get_id().as_str() {
        "region" => arg.value_parser(PossibleValuesParser::new(regions())),
        "scenario" => arg.value_parser(PossibleValuesParser::new(Scenario::NAMES)),
        _ => arg,
    };
    let command = Cli::definition();
    let mut command = command.mut_subcommands(|command| command.mut_args(suggest));
    let name = command.get_name().to_owned();
    clap_complete::generate(shell, &mut command, name, &mut script);
    output.write(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
