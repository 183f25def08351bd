//! `idsync man`: the manual pages.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use clap::Command;
use clap_mangen::Man;
use tempfile::NamedTempFile;

use crate::args::{Cli, ManArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// Prints the main page, or writes every page into a folder.
pub(super) fn run(args: &ManArgs, output: &Output) -> Result<Exit, Failure> {
    let mut pages = Vec::new();
    render(Cli::definition(), &mut pages)?;
    match &args.out {
        None => {
            let (_, main) = pages.swap_remove(0);
            output.verbatim(&String::from_utf8_lossy(&main))
        }
        Some(folder) => {
            for (name, text) in &pages {
                keep(folder, name, text).map_err(|error| refused(folder, &error))?;
            }
            let number = pages.len();
            output.log(&format!("{number} pages are in {}", folder.display()));
            Ok(Exit::Done)
        }
    }
}

/// Adds the page of `command` and those of the commands below it, each with the name of its file.
fn render(command: Command, pages: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    let below: Vec<_> = command.get_subcommands().cloned().collect();
    let page = Man::new(command);
    let mut text = Vec::new();
    page.render(&mut text)?;
    pages.push((page.get_filename(), text));
    below
        .into_iter()
        .try_for_each(|command| render(command, pages))
}

/// Writes one page as a whole: who reads it meanwhile finds the old one or the new one.
fn keep(folder: &Path, name: &str, text: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(text)?;
    // A page is for everybody, as it would be without the detour.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.as_file()
            .set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    file.persist(folder.join(name))?;
    Ok(())
}

fn refused(folder: &Path, error: &io::Error) -> Failure {
    let what = format!("cannot write pages into {}", folder.display());
    Failure::surroundings(&what, error).with_hint("name another folder with --out")
}
