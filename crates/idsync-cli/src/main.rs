//! `idsync`: is identity synchronization healthy?
//!
//! The way through a run: [`args`] reads the command line, [`context`] turns flags and environment into a client,
//! [`commands`] ask and judge, [`output`] prints, [`logging`] tells of the calls on the way (nothing else
//! writes), [`exit`] gives the code.

mod args;
mod commands;
mod context;
mod exit;
mod failure;
mod logging;
mod output;

use std::process::ExitCode;

use clap::Parser;

use crate::args::Cli;
use crate::exit::Exit;
use crate::output::Output;

fn main() -> ExitCode {
    match Cli::try_parse() {
        Ok(cli) => run(&cli).into(),
        Err(refusal) => output::refuse(&refusal).into(),
    }
}

/// Runs the command to its end, on this thread alone: it waits for a few answers and computes next to nothing.
fn run(cli: &Cli) -> Exit {
    let mut output = Output::new(cli.presentation);
    let done =
        logging::start(&cli.logging, cli.presentation.color()).and_then(|()| match &cli.command {
            None => output.text(&Cli::short_help()),
            Some(command) => commands::run(command, &mut output),
        });
    done.unwrap_or_else(|failure| output.fail(&failure))
}
