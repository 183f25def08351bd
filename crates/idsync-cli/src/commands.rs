//! One file for each command.

pub(crate) mod debug;
pub(crate) mod doctor;
pub(crate) mod emulator;
#[cfg(feature = "serve")]
mod export;
pub(crate) mod help;
#[cfg(feature = "serve")]
mod history;
pub(crate) mod lists;
pub(crate) mod records;
pub(crate) mod schema;
#[cfg(feature = "serve")]
mod serve;
pub(crate) mod signals;
pub(crate) mod status;
#[cfg(feature = "serve")]
mod sweep;
pub(crate) mod syncing;
pub(crate) mod tasks;
pub(crate) mod wait;
pub(crate) mod watch;

use std::time::Duration;

use crate::args::{Command, DebugCommand};
use crate::errors::{CliError, Exit};
use crate::output::Output;

/// How long an idle thread waits for blocking work. What such a thread has freed stays with it: fewer threads take less memory.
const KEEP_IDLE: Duration = Duration::from_millis(50);

/// Runs one command to its end.
///
/// # Errors
///
/// Why it failed.
pub(crate) fn run(command: &Command, output: &Output) -> Result<Exit, CliError> {
    #[cfg(feature = "serve")]
    if output.format == crate::args::Format::Prometheus && !matches!(command, Command::Status(_)) {
        let message =
            "-o prometheus: only `idsync status` has metrics; `idsync serve` has them at /metrics";
        return Err(CliError::usage(message));
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .thread_keep_alive(KEEP_IDLE)
        .build();
    let runtime = runtime.map_err(|error| CliError::io("cannot start", &error))?;
    let done = runtime.block_on(async {
        match command {
            Command::Status(args) => status::run(args, output).await,
            Command::Watch(args) => watch::run(args, output).await,
            Command::Wait(args) => wait::run(args, output).await,
            Command::Tasks(args) => tasks::run(args, output).await,
            Command::Records(args) => records::run(args, output).await,
            Command::Syncing(args) => syncing::run(args, output).await,
            #[cfg(feature = "serve")]
            Command::Serve(args) => serve::run(args, output).await,
            #[cfg(feature = "serve")]
            Command::Sweep(args) => sweep::run(args, output).await,
            #[cfg(feature = "serve")]
            Command::History(args) => history::run(args, output),
            #[cfg(feature = "serve")]
            Command::Export(args) => export::run(args, output).await,
            Command::Emulator(args) => emulator::run(args, output).await,
            Command::Doctor(args) => doctor::run(args, output).await,
            Command::Schema { name } => schema::run(*name, output),
            Command::Debug(DebugCommand::Sign(args)) => debug::sign(args, output),
            Command::Completions { shell } => help::completions(*shell, output),
            Command::Man { out } => help::man(out.as_deref(), output),
            Command::Help { subject } => help::help(subject, output),
        }
    });
    // A blocking name resolution cannot be cancelled, and must not delay the end.
    runtime.shutdown_background();
    done
}
