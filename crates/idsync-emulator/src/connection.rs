//! The connections that callers open: counted, and given to faults that need one as a whole.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

use crate::faults::RawAnswer;
use crate::server::StopSignal;

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
pub(crate) struct ConnectionCounters {
    accepted: AtomicU64,
    open: AtomicU64,
}

impl ConnectionCounters {
    pub(crate) fn read(&self) -> ConnectionCounts {
        ConnectionCounts {
            accepted: self.accepted.load(Ordering::SeqCst),
            open: self.open.load(Ordering::SeqCst),
        }
    }
}

/// Accepts connections and counts them.
#[derive(Debug)]
pub(crate) struct CountingListener {
    pub(crate) listener: TcpListener,
    pub(crate) counters: Arc<ConnectionCounters>,
    pub(crate) stop: StopSignal,
}

impl Listener for CountingListener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        // Answers are small: waiting to fill a segment only delays them. Where it cannot be set, they come late.
        let _ = stream.set_nodelay(true);
        let connection = Connection {
            stream: Some((stream, OpenCount::new(&self.counters))),
            takeover: ConnectionTakeover::default(),
            stop: self.stop.clone(),
        };
        (connection, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Counts a connection as open for as long as it lives.
#[derive(Debug)]
struct OpenCount(Arc<ConnectionCounters>);

impl OpenCount {
    fn new(counters: &Arc<ConnectionCounters>) -> Self {
        counters.accepted.fetch_add(1, Ordering::SeqCst);
        counters.open.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(counters))
    }
}

impl Drop for OpenCount {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Lets the handler of a request take its connection away from the HTTP server.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConnectionTakeover(Arc<Mutex<Option<RawAnswer>>>);

impl ConnectionTakeover {
    /// What the server writes next is dropped, and `answer` is sent in its place.
    pub(crate) fn request(&self, answer: RawAnswer) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
    }

    fn take(&self) -> Option<RawAnswer> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Connected<IncomingStream<'_, CountingListener>> for ConnectionTakeover {
    fn connect_info(stream: IncomingStream<'_, CountingListener>) -> Self {
        stream.io().takeover.clone()
    }
}

/// One connection, until a fault takes it over.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: Option<(TcpStream, OpenCount)>,
    takeover: ConnectionTakeover,
    stop: StopSignal,
}

impl Connection {
    fn stream(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        let taken_over = || io::Error::new(io::ErrorKind::ConnectionAborted, "taken over");
        let (stream, _) = self.stream.as_mut().ok_or_else(taken_over)?;
        Ok(Pin::new(stream))
    }

    /// The connection for a write of the server, unless a fault has taken it over.
    fn stream_to_write(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        if let Some(answer) = self.takeover.take()
            && let Some((stream, open)) = self.stream.take()
        {
            let stop = self.stop.clone();
            tokio::spawn(async move {
                answer.send(stream, &stop).await;
                drop(open);
            });
        }
        self.stream()
    }
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

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_shutdown(context)
    }
}
