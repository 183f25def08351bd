//! Waiting that ends early when the emulator stops.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

/// Hands out pauses; shared by everything that holds an answer back.
#[derive(Clone, Debug)]
pub(crate) struct Pauses {
    stopping: watch::Receiver<bool>,
}

impl Pauses {
    /// Turns `stopping` true, or loses its sender, when the emulator stops.
    pub(crate) fn new(stopping: watch::Receiver<bool>) -> Self {
        Self { stopping }
    }

    /// Returns after `duration`, or as soon as the emulator stops.
    pub(crate) async fn pause(&self, duration: Duration) {
        if duration.is_zero() {
            return;
        }
        tokio::select! {
            () = sleep(duration) => {}
            () = self.stopped() => {}
        }
    }

    /// Returns when the emulator stops.
    pub(crate) async fn stopped(&self) {
        // An error means that the emulator is gone, which is stopping too.
        let _ = self.stopping.clone().wait_for(|stopping| *stopping).await;
    }

    pub(crate) fn is_stopping(&self) -> bool {
        *self.stopping.borrow() || self.stopping.has_changed().is_err()
    }
}
