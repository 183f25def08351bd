//! Signals that end a command.

#[cfg(unix)]
use std::sync::{Arc, atomic::AtomicBool};

#[cfg(unix)]
use signal_hook::consts::{SIGINT, SIGTERM};
#[cfg(unix)]
use signal_hook::flag;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::errors::CliError;

/// SIGINT and SIGTERM; elsewhere than on Unix Ctrl-C. From its creation on, they do not end the process by themselves.
pub(crate) struct Interrupt {
    #[cfg(unix)]
    interrupt: Signal,
    #[cfg(unix)]
    terminate: Signal,
}

impl Interrupt {
    /// Handles every interrupt.
    ///
    /// # Errors
    ///
    /// If signals cannot be received.
    pub(crate) fn new() -> Result<Self, CliError> {
        #[cfg(unix)]
        let received = |kind| signal(kind).map_err(|error| failed(&error));
        Ok(Self {
            #[cfg(unix)]
            interrupt: received(SignalKind::interrupt())?,
            #[cfg(unix)]
            terminate: received(SignalKind::terminate())?,
        })
    }

    /// Handles the first interrupt; on Unix, a second one ends the process at once.
    ///
    /// # Errors
    ///
    /// If signals cannot be received.
    pub(crate) fn once() -> Result<Self, CliError> {
        let interrupt = Self::new()?;
        #[cfg(unix)]
        {
            // The first signal restores the default action, which ends the process, for the next one.
            let is_second = Arc::new(AtomicBool::new(false));
            for signal in [SIGINT, SIGTERM] {
                // In this order: the actions of a signal run in the order of their registration.
                flag::register_conditional_default(signal, Arc::clone(&is_second))
                    .and_then(|_| flag::register(signal, Arc::clone(&is_second)))
                    .map_err(|error| failed(&error))?;
            }
        }
        Ok(interrupt)
    }

    /// Returns when one arrives, with its name. Cancel safe.
    pub(crate) async fn received(&mut self) -> &'static str {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => "SIGINT",
            _ = self.terminate.recv() => "SIGTERM",
        }
        #[cfg(not(unix))]
        tokio::signal::ctrl_c()
            .await
            .map_or("an error", |()| "SIGINT")
    }
}

#[cfg(unix)]
fn failed(error: &std::io::Error) -> CliError {
    CliError::io("cannot wait for signals", error)
}
