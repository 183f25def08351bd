//! `idsync`: is identity synchronization healthy?
//!
//! [`args`] reads the command line, [`connect`] turns flags, environment and files into a client, [`commands`] call the
//! services and judge, and [`output`] prints. [`errors`] gives the exit code.

mod args;
mod clock;
mod clusters;
mod commands;
mod connect;
mod errors;
mod fleet_file;
mod logging;
mod output;
mod targets;

use std::process::ExitCode;

use clap::CommandFactory;

use crate::args::Cli;
use crate::errors::Exit;
use crate::output::Output;

fn main() -> ExitCode {
    match Cli::read() {
        Ok(cli) => run(cli).into(),
        Err(error) => {
            let arguments = std::env::args_os().map(|it| it.to_string_lossy().into_owned());
            let style = args::lenient(&arguments.collect::<Vec<_>>());
            errors::answer_clap(&error, style).into()
        }
    }
}

/// Runs the command on this thread: it waits for responses and computes little.
fn run(cli: Cli) -> Exit {
    let (format, color, quiet) = (cli.output.format(), cli.output.color(), cli.output.quiet);
    let done = logging::start(&cli.logging, color).and_then(|()| {
        let output = Output::new(cli.output, cli.logging.verbose > 0)?;
        match &cli.command {
            None => {
                output.styled(&Cli::command().render_help().ansi().to_string())?;
                Ok(Exit::Done)
            }
            Some(command) => commands::run(command, &output),
        }
    });
    done.unwrap_or_else(|error| error.report(format, color, quiet))
}
