//! Signals that end a command.

use std::io;
#[cfg(unix)]
use std::sync::{Arc, atomic::AtomicBool};

#[cfg(unix)]
use signal_hook::consts::{SIGINT, SIGTERM};
#[cfg(unix)]
use signal_hook::flag;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
#[cfg(windows)]
use tokio::signal::windows::{CtrlBreak, CtrlC, ctrl_break, ctrl_c};

use crate::errors::CliError;

#[cfg(unix)]
type Streams = (Signal, Signal);
#[cfg(windows)]
type Streams = (CtrlC, CtrlBreak);

#[cfg(unix)]
fn streams() -> io::Result<Streams> {
    let interrupt = signal(SignalKind::interrupt())?;
    Ok((interrupt, signal(SignalKind::terminate())?))
}

#[cfg(windows)]
fn streams() -> io::Result<Streams> {
    Ok((ctrl_c()?, ctrl_break()?))
}

/// SIGINT and SIGTERM; on Windows Ctrl-C and Ctrl-Break. From its creation on, they do not end the process by themselves.
pub(crate) struct Interrupt(Streams);

impl Interrupt {
    /// Handles every interrupt.
    ///
    /// # Errors
    ///
    /// If signals cannot be received.
    pub(crate) fn new() -> Result<Self, CliError> {
        streams().map(Self).map_err(|error| failed(&error))
    }

    /// Handles the first interrupt; on Unix, a second one ends the process at once.
    ///
    /// # Errors
    ///
    /// If signals cannot be received.
    pub(crate) fn once() -> Result<Self, CliError> {
        let interrupt = Self::new()?;
        #[cfg(unix)]
        end_at_second().map_err(|error| failed(&error))?;
        Ok(interrupt)
    }

    /// Returns when one arrives, with its name. Cancel safe.
    pub(crate) async fn received(&mut self) -> &'static str {
        let (interrupt, terminate) = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => "SIGINT",
            _ = terminate.recv() => "SIGTERM",
        }
    }
}

fn failed(error: &io::Error) -> CliError {
    CliError::io("cannot wait for signals", error)
}

/// The first signal restores the default action, which ends the process, for the next one.
#[cfg(unix)]
fn end_at_second() -> io::Result<()> {
    let is_second = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // In this order: the actions of a signal run in the order of their registration.
        flag::register_conditional_default(signal, Arc::clone(&is_second))?;
        flag::register(signal, Arc::clone(&is_second))?;
    }
    Ok(())
}
