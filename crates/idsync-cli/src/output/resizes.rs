//! Changes of the size of the terminal.

use crate::failure::Failure;

/// Tells when the terminal gets another size.
#[cfg(unix)]
pub(crate) struct Resizes(tokio::signal::unix::Signal);

#[cfg(unix)]
impl Resizes {
    /// # Errors
    ///
    /// If the system does not let signals be received.
    pub(crate) fn new() -> Result<Self, Failure> {
        use tokio::signal::unix::{SignalKind, signal};
        let signal = signal(SignalKind::window_change());
        signal
            .map(Self)
            .map_err(|error| Failure::surroundings("cannot wait for signals", &error))
    }

    /// Returns at the next change. Giving up the wait loses none.
    pub(crate) async fn next(&mut self) {
        // The end of the signals would be the end of the process.
        if self.0.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
    }
}

/// Elsewhere, nothing tells: the next look shows it.
#[cfg(not(unix))]
pub(crate) struct Resizes;

#[cfg(not(unix))]
impl Resizes {
    #[allow(clippy::unnecessary_wraps, reason = "it can fail elsewhere")]
    pub(crate) fn new() -> Result<Self, Failure> {
        Ok(Self)
    }

    pub(crate) async fn next(&mut self) {
        std::future::pending::<()>().await;
    }
}
