//! `idsync`: is identity synchronization healthy?
//!
//! [`args`] reads the command line, [`connect`] turns flags, environment and files into a client, [`commands`] call the
//! services and judge, and [`output`] prints. [`errors`] gives the exit code.

mod args;
mod clock;
mod commands;
mod connect;
mod errors;
mod fleet_file;
mod logging;
mod output;
mod targets;

use std::process::ExitCode;

use anstream::ColorChoice;
use clap::{CommandFactory, FromArgMatches};
use jiff::tz::TimeZone;

use crate::args::Cli;
use crate::errors::{CliError, Exit};
use crate::output::Output;

fn main() -> ExitCode {
    // For errors that come before the flags are read.
    let format = || {
        let arguments = std::env::args_os().map(|it| it.to_string_lossy().into_owned());
        args::lenient_format(&arguments.collect::<Vec<_>>())
    };
    // A misspelt one, or one on a machine without a time zone database, would show UTC as if it were local.
    if let Some(name) = connect::variable("TZ")
        && TimeZone::try_system().is_err()
    {
        let message = format!(
            "the time zone TZ={name:?} is not known on this machine: times are shown in UTC"
        );
        let warning = CliError::unfinished("configuration", message);
        warning.report(format(), ColorChoice::Auto, true);
    }
    let matches = Cli::definition().try_get_matches();
    let exit = match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => run(&cli).unwrap_or_else(|error| {
            let flags = &cli.output;
            error.report(flags.output.unwrap_or_default(), flags.color, flags.quiet)
        }),
        Err(error) => errors::answer_clap(&error, format()),
    };
    ExitCode::from(exit as u8)
}

/// Runs the command on this thread: it waits for responses and computes little.
fn run(cli: &Cli) -> Result<Exit, CliError> {
    let logs = &cli.logging;
    if logs.verbose > 0 || logs.trace_file.is_some() {
        logging::start(logs, cli.output.color)?;
    }
    let output = Output::new(&cli.output, logs.verbose > 0)?;
    let Some(command) = &cli.command else {
        output.write(&Cli::command().render_help().ansi().to_string())?;
        return Ok(Exit::Done);
    };
    commands::run(command, &output)
}
