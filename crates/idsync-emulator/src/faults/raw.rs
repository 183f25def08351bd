//! Responses below HTTP: bytes that are written to the connection as they are.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use super::{read_text, write_text};

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
    #[serde(serialize_with = "write_text", deserialize_with = "read_text")]
    #[schemars(with = "String")]
    pub(super) body: Bytes,
    /// Pause before each byte in milliseconds; 0 sends all at once.
    #[serde(rename = "ms", with = "milliseconds")]
    #[schemars(with = "u64")]
    every: Duration,
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
    Repeat(
        #[serde(serialize_with = "write_text", deserialize_with = "read_text")]
        #[schemars(with = "String")]
        Bytes,
    ),
}

impl RawAnswer {
    /// Sends `bytes` at once, then closes the connection.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self {
            body: bytes.into(),
            ..Self::default()
        }
    }

    /// Sends one byte after each pause. Default: all at once.
    #[must_use]
    pub fn every(mut self, pause: Duration) -> Self {
        self.every = pause;
        self
    }

    /// What follows the bytes. Default: [`RawEnd::Close`].
    #[must_use]
    pub fn then(mut self, end: RawEnd) -> Self {
        self.end = end;
        self
    }

    /// Sends it, until it is done, the caller closes the connection or the emulator stops.
    pub(crate) async fn send(self, mut stream: TcpStream, stop: &CancellationToken) {
        // An error means that the caller closed the connection.
        let _ = stop.run_until_cancelled(self.write(&mut stream)).await;
    }

    async fn write(self, stream: &mut TcpStream) -> io::Result<()> {
        if self.every.is_zero() {
            stream.write_all(&self.body).await?;
        } else {
            for byte in &self.body {
                tokio::time::sleep(self.every).await;
                stream.write_all(&[*byte]).await?;
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
                stream.write_all(&piece).await?;
            },
        }
    }
}

/// A duration as a number of milliseconds.
pub(super) mod milliseconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(pause: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(u64::try_from(pause.as_millis()).unwrap_or(u64::MAX))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_millis)
    }
}
