//! Scripted faults: which calls they apply to, and what those calls get instead of the true answer.

mod delivery;
mod form;
mod list;

use std::io;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) use form::FaultForm;
pub(crate) use list::{FaultAction, FaultList, FaultTarget, TimedFault};

use crate::routes::Operation;
use crate::server::StopSignal;

/// Something that goes wrong, and for which calls.
///
/// ```
/// use idsync_emulator::{Fault, FaultKind, Operation};
///
/// let busy = Fault::on(Operation::Records, FaultKind::status(503)).header("Retry-After", "1").times(2);
/// let flaky = Fault::everywhere(FaultKind::Drop).share(0.05);
/// # let _ = (busy, flaky);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    operation: Option<Operation>,
    filter: FaultFilter,
    kind: FaultKind,
    headers: Vec<(String, String)>,
    times: Option<u64>,
    share: Option<f64>,
    after: u64,
}

/// Which calls a fault applies to; what is `None` matches all. In a scenario these are names, else ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FaultFilter {
    pub(crate) project_id: Option<String>,
    pub(crate) workspace: Option<String>,
    pub(crate) cluster_id: Option<String>,
}

/// What a call gets that a fault applies to.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum FaultKind {
    /// A status from 200 to 599 and a body; without a body, the error that the gateway sends with that status.
    Status {
        /// Status code.
        status: u16,
        /// Body, as it goes over the wire.
        body: Option<Bytes>,
    },
    /// 200 with a page of HTML, as a load balancer or a login portal sends it.
    Html,
    /// 200 with this body, declared as JSON.
    Body(Bytes),
    /// 200 with a body that is declared as JSON and is none.
    BadJson,
    /// The true answer, cut in the middle: fewer bytes than `Content-Length` says, then the connection is closed.
    Truncated,
    /// The first half of the true answer, with a matching `Content-Length`.
    HalfJson,
    /// The true answer behind this many blanks, streamed without a `Content-Length`.
    Oversized {
        /// Number of blanks.
        bytes: u64,
    },
    /// The true answer, after a pause in which nothing is sent.
    Delay(Duration),
    /// The true answer, one byte after each pause.
    Drip(Duration),
    /// No answer: the connection is closed.
    Drop,
    /// The true answer, declared as this content type.
    ContentType(String),
    /// 302 to this location.
    Redirect(String),
    /// These bytes on the connection, without an HTTP server; headers of the fault cannot be combined with it.
    Raw(RawAnswer),
}

impl FaultKind {
    /// A status with the error that the gateway sends with it.
    pub fn status(status: u16) -> Self {
        Self::Status { status, body: None }
    }

    /// A status with a body of one's own.
    pub fn status_with(status: u16, body: impl Into<Bytes>) -> Self {
        Self::Status {
            status,
            body: Some(body.into()),
        }
    }
}

impl Fault {
    /// Applies to every call of one operation.
    pub fn on(operation: Operation, kind: FaultKind) -> Self {
        Self {
            operation: Some(operation),
            ..Self::everywhere(kind)
        }
    }

    /// Applies to every call of every operation.
    pub fn everywhere(kind: FaultKind) -> Self {
        Self {
            operation: None,
            filter: FaultFilter::default(),
            kind,
            headers: Vec::new(),
            times: None,
            share: None,
            after: 0,
        }
    }

    /// Only calls that name this cluster in their path.
    #[must_use]
    pub fn at_cluster(mut self, cluster_id: impl Into<String>) -> Self {
        self.filter.cluster_id = Some(cluster_id.into());
        self
    }

    /// Only calls that name this workspace in their header.
    #[must_use]
    pub fn at_workspace(mut self, workspace_id: impl Into<String>) -> Self {
        self.filter.workspace = Some(workspace_id.into());
        self
    }

    /// Only calls that name this project in their path.
    #[must_use]
    pub fn at_project(mut self, project_id: impl Into<String>) -> Self {
        self.filter.project_id = Some(project_id.into());
        self
    }

    /// Only the next `n` calls; the fault is gone after them.
    #[must_use]
    pub fn times(mut self, n: u64) -> Self {
        self.times = Some(n);
        self
    }

    /// Only this share of the calls, above 0 and up to 1, picked by the emulator's seed.
    #[must_use]
    pub fn share(mut self, share: f64) -> Self {
        self.share = Some(share);
        self
    }

    /// Lets the first `n` calls through.
    #[must_use]
    pub fn after(mut self, n: u64) -> Self {
        self.after = n;
        self
    }

    /// Sets a header of the answer, in place of one of the same name.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The calls that it applies to.
    pub(crate) fn filter(&mut self) -> &mut FaultFilter {
        &mut self.filter
    }
}

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
    bytes: Bytes,
    every: Duration,
    end: RawEnd,
}

/// What follows the bytes of a [`RawAnswer`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RawEnd {
    /// The connection is closed in order.
    Close,
    /// The connection is reset.
    Reset,
    /// Nothing, until the caller closes the connection.
    Stall,
    /// These bytes, over and over, until the caller closes the connection.
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

    /// Sends it, until it is done, the caller closes the connection or the emulator stops.
    pub(crate) async fn send(self, mut stream: TcpStream, stop: &StopSignal) {
        tokio::select! {
            // An error means that the caller closed the connection, which is one way to the end.
            _ = self.write(&mut stream) => {}
            () = stop.stopped() => {}
        }
    }

    async fn write(self, stream: &mut TcpStream) -> io::Result<()> {
        if self.every.is_zero() {
            stream.write_all(&self.bytes).await?;
        } else {
            for byte in &self.bytes {
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
