//! Responses below HTTP: bytes that are written to the connection as they are.

use std::io;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::sleep;

use super::{FaultBody, milliseconds};

/// Bytes instead of an HTTP response.
///
/// ```
/// use std::time::Duration;
/// use idsync_emulator::{FaultKind, RawAnswer, RawEnd};
///
/// let reset = FaultKind::Raw(RawAnswer::new("HTTP/1.1 200 OK\r\n").then(RawEnd::Reset));
/// let slow = FaultKind::Raw(RawAnswer::new("HTTP/1.1 204 No Content\r\n\r\n").every(Duration::from_millis(50)));
/// # let _ = (reset, slow);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RawAnswer {
    /// The bytes as text.
    body: FaultBody,
    /// Pause before each byte in milliseconds; 0 sends all at once.
    ms: u64,
    /// What follows the bytes.
    pub(super) end: RawEnd,
}

/// What follows the bytes of a [`RawAnswer`]. In JSON: `"close"`, `"reset"`, `"stall"` or `{"repeat": "text"}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RawEnd {
    /// The connection is closed.
    #[default]
    Close,
    /// The connection is reset.
    Reset,
    /// Nothing, until the caller closes the connection.
    Stall,
    /// These bytes again and again, until the caller closes the connection.
    Repeat(FaultBody),
}

impl RawAnswer {
    /// Sends `bytes` at once, then closes the connection.
    pub fn new(bytes: impl Into<FaultBody>) -> Self {
        Self {
            body: bytes.into(),
            ..Self::default()
        }
    }

    /// Sends one byte after each pause. Default: all at once.
    #[must_use]
    pub fn every(mut self, pause: Duration) -> Self {
        self.ms = milliseconds(pause);
        self
    }

    /// What follows the bytes. Default: [`RawEnd::Close`].
    #[must_use]
    pub fn then(mut self, end: RawEnd) -> Self {
        self.end = end;
        self
    }

    /// Sends it, until it is complete or the caller closes the connection, which is an error.
    pub(crate) async fn send(self, mut stream: TcpStream) -> io::Result<()> {
        let bytes = self.body.0;
        if self.ms == 0 {
            stream.write_all(&bytes).await?;
        } else {
            for byte in bytes {
                sleep(Duration::from_millis(self.ms)).await;
                stream.write_u8(byte).await?;
            }
        }
        match self.end {
            RawEnd::Close => stream.shutdown().await,
            RawEnd::Reset => stream.set_zero_linger(),
            RawEnd::Stall => {
                let mut ignored = [0; 512];
                while stream.read(&mut ignored).await? > 0 {}
                Ok(())
            }
            RawEnd::Repeat(piece) => loop {
                stream.write_all(&piece.0).await?;
            },
        }
    }
}
