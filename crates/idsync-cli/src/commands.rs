//! One file for each command.

mod blank;
mod cluster;
mod completions;
mod debug;
mod doctor;
mod emulator;
mod help;
mod interruption;
mod lasting;
mod listing;
mod man;
mod pace;
mod records;
mod schema;
mod status;
mod syncing;
mod tasks;
mod wait;
mod watch;

use crate::args::{Command, DebugCommand};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// Runs one command to its end.
///
/// # Errors
///
/// Why it did not do its work.
pub(crate) fn run(command: &Command, output: &mut Output) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| Failure::surroundings("cannot start", &error))?;
    let done = runtime.block_on(async {
        match command {
            Command::Status(args) => status::run(args, output).await,
            Command::Watch(args) => watch::run(args, output).await,
            Command::Wait(args) => wait::run(args, output).await,
            Command::Tasks(args) => tasks::run(args, output).await,
            Command::Records(args) => records::run(args, output).await,
            Command::Syncing(args) => syncing::run(args, output).await,
            Command::Emulator(args) => emulator::run(args, output).await,
            Command::Doctor(args) => doctor::run(args, output).await,
            Command::Schema(args) => schema::run(args, output),
            Command::Debug(DebugCommand::Sign(args)) => debug::sign(args, output),
            Command::Completions(args) => completions::run(args, output),
            Command::Man(args) => man::run(args, output),
            Command::Help(args) => help::run(args, output),
        }
    });
    // A resolver that does not answer cannot be called back, and nobody should wait for it.
    runtime.shutdown_background();
    done
}
