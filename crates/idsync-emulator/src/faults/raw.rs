//! Answers below HTTP: bytes on the connection, at a pace, and how the connection ends.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::InvalidFault;
use crate::pauses::Pauses;

/// Bytes that take the place of an HTTP answer, however wrong they are as one.
///
/// ```
/// use std::time::Duration;
/// use idsync_emulator::{FaultKind, RawAnswer, RawEnd};
///
/// let reset = FaultKind::Raw(RawAnswer::new("HTTP/1.1 200 OK\r\n").then(RawEnd::Reset));
/// let slow = FaultKind::Raw(RawAnswer::new("HTTP/1.1 204 No Content\r\n\r\n").every(Duration::from_millis(50)));
/// # let _ = (reset, slow);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawAnswer {
    pub(crate) bytes: Bytes,
    pub(crate) every: Duration,
    pub(crate) end: RawEnd,
}

/// What follows the bytes of a [`RawAnswer`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RawEnd {
    /// The connection is closed in order.
    Close,
    /// The connection is reset.
    Reset,
    /// Nothing, until the caller hangs up.
    Stall,
    /// These bytes, over and over, until the caller hangs up.
    Repeat(Bytes),
}

impl RawAnswer {
    /// Sends `bytes` at once, then closes the connection.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self {
            bytes: bytes.into(),
            every: Duration::ZERO,
            end: RawEnd::Close,
        }
    }

    /// Sends one byte after each pause.
    #[must_use]
    pub fn every(mut self, pause: Duration) -> Self {
        self.every = pause;
        self
    }

    /// Does this after the bytes.
    #[must_use]
    pub fn then(mut self, end: RawEnd) -> Self {
        self.end = end;
        self
    }

    pub(super) fn check(&self) -> Result<(), InvalidFault> {
        match &self.end {
            RawEnd::Repeat(piece) if piece.is_empty() => Err(InvalidFault::new(
                "there is nothing to repeat; use the end `stall` to send no more",
            )),
            RawEnd::Close if self.bytes.is_empty() => Err(InvalidFault::new(
                "a raw answer without bytes that closes the connection is the kind `drop`",
            )),
            _ => Ok(()),
        }
    }

    /// Sends it, until it is done, the caller hangs up or the emulator stops.
    pub(crate) async fn play(self, mut stream: TcpStream, pauses: &Pauses) {
        tokio::select! {
            // An error means that the caller hung up, which is one way to the end.
            _ = self.send(&mut stream) => {}
            () = pauses.stopped() => {}
        }
    }

    async fn send(self, stream: &mut TcpStream) -> io::Result<()> {
        if self.every.is_zero() {
            stream.write_all(&self.bytes).await?;
        } else {
            for byte in &self.bytes {
                tokio::time::sleep(self.every).await;
                stream.write_all(&[*byte]).await?;
            }
        }
        self.end.carry_out(stream).await
    }
}

impl RawEnd {
    async fn carry_out(self, stream: &mut TcpStream) -> io::Result<()> {
        match self {
            Self::Close => stream.shutdown().await,
            Self::Reset => stream.set_zero_linger(),
            Self::Stall => hang_up_of(stream).await,
            Self::Repeat(piece) => loop {
                stream.write_all(&piece).await?;
            },
        }
    }
}

/// Returns when the caller has closed its side.
async fn hang_up_of(stream: &mut TcpStream) -> io::Result<()> {
    let mut passed_over = [0; 512];
    while stream.read(&mut passed_over).await? > 0 {}
    Ok(())
}
