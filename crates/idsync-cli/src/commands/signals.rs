//! Signals that end a command, and the keyboard of a screen.

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
        Signals::new().map(Self).map_err(|error| failed(&error))
    }

    /// Handles the first interrupt; a second one ends the process at once.
    ///
    /// # Errors
    ///
    /// If signals cannot be received.
    pub(crate) fn once() -> Result<Self, CliError> {
        let interrupt = Self::new()?;
        end_at_second().map_err(|error| failed(&error))?;
        Ok(interrupt)
    }

    /// Returns when one arrives, with its name. Cancel safe.
    pub(crate) async fn received(&mut self) -> &'static str {
        self.0.received().await
    }
}

fn failed(error: &io::Error) -> CliError {
    CliError::io("cannot wait for signals", error)
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

/// The keyboard of a terminal, without echo. The terminal is restored on drop.
#[cfg(unix)]
pub(crate) struct Keyboard {
    saved: rustix::termios::Termios,
    quit: tokio::sync::oneshot::Receiver<()>,
}

#[cfg(unix)]
impl Keyboard {
    /// Takes over the keyboard; none if stdin is no terminal, or this process runs in the background.
    pub(crate) fn open() -> Option<Self> {
        use std::io::Read;

        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcgetpgrp, tcsetattr};

        let stdin = io::stdin();
        let saved = tcgetattr(&stdin).ok()?;
        if tcgetpgrp(&stdin).is_ok_and(|group| group != rustix::process::getpgrp()) {
            return None;
        }
        let mut hidden = saved.clone();
        hidden.local_modes -= LocalModes::ECHO | LocalModes::ICANON;
        tcsetattr(&stdin, OptionalActions::Now, &hidden).ok()?;
        let (sender, quit) = tokio::sync::oneshot::channel();
        // Reading cannot be cancelled: the thread ends with the process.
        std::thread::spawn(move || {
            if stdin
                .lock()
                .bytes()
                .map_while(Result::ok)
                .any(|typed| typed == b'q')
            {
                let _ = sender.send(());
            }
        });
        Some(Self { saved, quit })
    }

    /// Returns when `q` is typed.
    pub(crate) async fn quit(&mut self) {
        if (&mut self.quit).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(unix)]
impl Drop for Keyboard {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};

        // If the terminal is gone, there is nothing to restore.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.saved);
    }
}

/// Elsewhere than on Unix, only an interrupt ends a screen.
#[cfg(not(unix))]
pub(crate) struct Keyboard;

#[cfg(not(unix))]
impl Keyboard {
    pub(crate) fn open() -> Option<Self> {
        None
    }

    pub(crate) async fn quit(&mut self) {
        std::future::pending().await
    }
}
