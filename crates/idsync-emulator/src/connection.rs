//! The connections that callers open: counted, and at the disposal of faults that need one as a whole.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

use crate::faults::RawAnswer;
use crate::pauses::Pauses;

/// How many connections callers made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionCounts {
    /// Since the emulator was started.
    pub accepted: u64,
    /// Of these, those that are open now.
    pub open: u64,
}

/// The counters behind [`ConnectionCounts`].
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    accepted: AtomicU64,
    open: AtomicU64,
}

impl Traffic {
    pub(crate) fn counts(&self) -> ConnectionCounts {
        ConnectionCounts {
            accepted: self.accepted.load(Ordering::SeqCst),
            open: self.open.load(Ordering::SeqCst),
        }
    }
}

/// Accepts connections.
#[derive(Debug)]
pub(crate) struct Entrance {
    pub(crate) listener: TcpListener,
    pub(crate) traffic: Arc<Traffic>,
    pub(crate) pauses: Pauses,
}

impl Listener for Entrance {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        // Answers are small: waiting to fill a segment only delays them. Where it can not be set, they come late.
        let _ = stream.set_nodelay(true);
        let connection = Connection {
            line: Some((stream, Open::count(&self.traffic))),
            seizure: Seizure::default(),
            pauses: self.pauses.clone(),
        };
        (connection, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Counts a connection as open for as long as it lives.
#[derive(Debug)]
struct Open(Arc<Traffic>);

impl Open {
    fn count(traffic: &Arc<Traffic>) -> Self {
        traffic.accepted.fetch_add(1, Ordering::SeqCst);
        traffic.open.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(traffic))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Lets the handler of a request take its connection away from the HTTP server.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seizure(Arc<Mutex<Option<RawAnswer>>>);

impl Seizure {
    /// What the server writes next is thrown away, and `answer` is sent in its place.
    pub(crate) fn seize(&self, answer: RawAnswer) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
    }

    fn take(&self) -> Option<RawAnswer> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// One connection, for as long as it is the HTTP server's.
#[derive(Debug)]
pub(crate) struct Connection {
    line: Option<(TcpStream, Open)>,
    seizure: Seizure,
    pauses: Pauses,
}

impl Connection {
    /// What takes this connection away from the HTTP server.
    pub(crate) fn seizure(&self) -> Seizure {
        self.seizure.clone()
    }

    fn stream(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        let (stream, _) = self.line.as_mut().ok_or_else(seized)?;
        Ok(Pin::new(stream))
    }

    /// The connection for a write of the server, unless a fault has taken it.
    fn stream_to_write(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        if let Some(answer) = self.seizure.take()
            && let Some((stream, open)) = self.line.take()
        {
            let pauses = self.pauses.clone();
            tokio::spawn(async move {
                answer.play(stream, &pauses).await;
                drop(open);
            });
        }
        self.stream()
    }
}

/// What the server is told of a connection that is no longer its own.
fn seized() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "seized by a fault")
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream()?.poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.stream_to_write()?.poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.stream_to_write()?.poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_shutdown(context)
    }
}
