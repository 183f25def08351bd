//! Signals: interrupts, and changes of the terminal's size.

use std::io;

use crate::errors::CliError;

/// SIGINT and SIGTERM, or ctrl-c. From its creation on, they do not end the process by themselves.
pub(crate) struct Interrupt(Signals);

impl Interrupt {
    /// Handles every interrupt.
    ///
    /// # Errors
    ///
    /// If signals cannot be received.
    pub(crate) fn new() -> Result<Self, CliError> {
        Signals::new()
            .map(Self)
            .map_err(|error| CliError::io("cannot wait for signals", &error))
    }

    /// Handles the first interrupt; a second one ends the process at once.
    ///
    /// # Errors
    ///
    /// If signals cannot be received.
    pub(crate) fn once() -> Result<Self, CliError> {
        let interrupt = Self::new()?;
        end_at_second().map_err(|error| CliError::io("cannot wait for signals", &error))?;
        Ok(interrupt)
    }

    /// Returns when one arrives, with its name. Cancel safe.
    pub(crate) async fn received(&mut self) -> &'static str {
        self.0.received().await
    }
}

/// The first signal restores the default action, which ends the process, for the next one.
#[cfg(unix)]
fn end_at_second() -> io::Result<()> {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::flag;

    let is_second = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // In this order: the actions of a signal run in the order of their registration.
        flag::register_conditional_default(signal, Arc::clone(&is_second))?;
        flag::register(signal, Arc::clone(&is_second))?;
    }
    Ok(())
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "it can fail on Unix")]
fn end_at_second() -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn received(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "SIGINT",
            _ = self.terminate.recv() => "SIGTERM",
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    #[allow(clippy::unnecessary_wraps, reason = "it can fail on Unix")]
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn received(&mut self) -> &'static str {
        // On an error, only the end of the process ends the command.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        "ctrl-c"
    }
}

/// Changes of the size of the terminal; elsewhere than on Unix, the next redraw notices them.
pub(crate) struct Resizes {
    #[cfg(unix)]
    signal: tokio::signal::unix::Signal,
}

impl Resizes {
    /// # Errors
    ///
    /// If signals cannot be received.
    pub(crate) fn new() -> Result<Self, CliError> {
        #[cfg(unix)]
        let signal = {
            use tokio::signal::unix::{SignalKind, signal};
            signal(SignalKind::window_change())
                .map_err(|error| CliError::io("cannot wait for signals", &error))?
        };
        Ok(Self {
            #[cfg(unix)]
            signal,
        })
    }

    /// Returns at the next change. Cancel safe.
    pub(crate) async fn next(&mut self) {
        #[cfg(unix)]
        if self.signal.recv().await.is_some() {
            return;
        }
        std::future::pending::<()>().await;
    }
}
