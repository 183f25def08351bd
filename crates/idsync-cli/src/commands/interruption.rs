//! Ctrl-C, and its like from other programs.

use std::io;

use crate::failure::Failure;

/// The wish of somebody outside that the command end. From when this is made, it does not end the process by itself.
pub(super) struct Interruption(Signals);

impl Interruption {
    /// Leaves a first interrupt and every later one to the command.
    ///
    /// # Errors
    ///
    /// If the system does not let signals be received.
    pub(super) fn expected() -> Result<Self, Failure> {
        let signals = Signals::new();
        let signals =
            signals.map_err(|error| Failure::surroundings("cannot wait for signals", &error))?;
        Ok(Self(signals))
    }

    /// Leaves only the first interrupt to the command: a second one ends the process at once, whatever it is doing.
    ///
    /// # Errors
    ///
    /// If the system does not let signals be received.
    pub(super) fn expected_once() -> Result<Self, Failure> {
        let interruption = Self::expected()?;
        end_at_the_second()
            .map_err(|error| Failure::surroundings("cannot wait for signals", &error))?;
        Ok(interruption)
    }

    /// Returns when one arrives, with its name. Giving up the wait loses none.
    pub(super) async fn received(&mut self) -> &'static str {
        self.0.received().await
    }
}

/// Each signal arms the default of the next, which is the end of the process.
#[cfg(unix)]
fn end_at_the_second() -> io::Result<()> {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::flag;

    let is_second = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // In this order, since a signal runs through what is registered for it one by one.
        flag::register_conditional_default(signal, Arc::clone(&is_second))?;
        flag::register(signal, Arc::clone(&is_second))?;
    }
    Ok(())
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "it can fail elsewhere")]
fn end_at_the_second() -> io::Result<()> {
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
    #[allow(clippy::unnecessary_wraps, reason = "it can fail elsewhere")]
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn received(&mut self) -> &'static str {
        // An error means that it cannot arrive: then only the end of the process ends the command.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        "ctrl-c"
    }
}
