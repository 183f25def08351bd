//! `idsync help`, `idsync man` and `idsync completions`.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use clap::Command;
use clap_mangen::Man;
use tempfile::NamedTempFile;

use crate::args::{Cli, CompletionsArgs, HelpArgs, ManArgs, TOPICS};
use crate::errors::{CliError, Exit};
use crate::output::Output;

/// Prints the help of a subject.
pub(super) fn help(args: &HelpArgs, output: &Output) -> Result<Exit, CliError> {
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

/// Prints the main page, or writes every page into a folder.
pub(super) fn man(args: &ManArgs, output: &Output) -> Result<Exit, CliError> {
    let mut pages = Vec::new();
    render(Cli::built(), &mut pages)?;
    let Some(folder) = &args.out else {
        let (_, main) = pages.swap_remove(0);
        output.write(&String::from_utf8_lossy(&main))?;
        return Ok(Exit::Done);
    };
    for (name, text) in &pages {
        save(folder, name, text).map_err(|error| {
            let what = format!("cannot write pages into {}", folder.display());
            CliError::io(&what, &error).with_hint("name another folder with --out")
        })?;
    }
    output.log(&format!(
        "{} pages written to {}",
        pages.len(),
        folder.display()
    ));
    Ok(Exit::Done)
}

/// Adds the page of `command` and of its subcommands, each with its file name.
fn render(command: Command, pages: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    let subcommands: Vec<_> = command.get_subcommands().cloned().collect();
    let page = Man::new(command);
    let mut text = Vec::new();
    page.render(&mut text)?;
    pages.push((page.get_filename(), text));
    subcommands
        .into_iter()
        .try_for_each(|command| render(command, pages))
}

/// Replaces a page atomically.
fn save(folder: &Path, name: &str, text: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(text)?;
    // Temporary files are readable by their owner only.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.as_file()
            .set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    file.persist(folder.join(name))?;
    Ok(())
}

/// Prints the completion script of a shell.
pub(super) fn completions(args: &CompletionsArgs, output: &Output) -> Result<Exit, CliError> {
    let mut script = Vec::new();
    let mut command = Cli::built();
    let name = command.get_name().to_owned();
    clap_complete::generate(args.shell, &mut command, name, &mut script);
    output.write(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
