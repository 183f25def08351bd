//! `idsync completions`: what a shell needs to complete the command line.

use crate::args::{Cli, CompletionsArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// Prints the completions for one shell.
pub(super) fn run(args: &CompletionsArgs, output: &Output) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    let mut command = Cli::definition();
    let name = command.get_name().to_owned();
    clap_complete::generate(args.shell, &mut command, name, &mut script);
    output.verbatim(&String::from_utf8_lossy(&script))
}
