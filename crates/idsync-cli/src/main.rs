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
    let arguments = std::env::args_os().map(|it| it.to_string_lossy().into_owned());
    let format = args::lenient_format(&arguments.collect::<Vec<_>>());
    if let Some(warning) = unknown_zone() {
        warning.report(format, ColorChoice::Auto, true);
    }
    let matches = Cli::definition().try_get_matches();
    let exit = match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => run(&cli),
        Err(error) => errors::answer_clap(&error, format),
    };
    ExitCode::from(exit as u8)
}

/// A misspelt `TZ`, or one on a machine without a time zone database, would show UTC as if it were local.
fn unknown_zone() -> Option<CliError> {
    let name = connect::variable("TZ")?;
    TimeZone::try_system().err()?;
    let message =
        format!("the time zone TZ={name:?} is not known on this machine: times are shown in UTC");
    Some(CliError::unfinished("configuration", message))
}

/// Runs the command on this thread: it waits for responses and computes little.
fn run(cli: &Cli) -> Exit {
    let flags = &cli.output;
    let (format, color, is_quiet) = (flags.output.unwrap_or_default(), flags.color, flags.quiet);
    let done = logging::start(&cli.logging, color).and_then(|()| {
        let output = Output::new(&cli.output, cli.logging.verbose > 0)?;
        match &cli.command {
            None => {
                output.write(&Cli::command().render_help().ansi().to_string())?;
                Ok(Exit::Done)
            }
            Some(command) => commands::run(command, &output),
        }
    });
    done.unwrap_or_else(|error| error.report(format, color, is_quiet))
}
