//! Scripted misbehaviour: which calls it strikes, and what they get instead of the true answer.

mod delivery;
mod form;
mod plan;
mod raw;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;

pub(crate) use delivery::deliver;
pub(crate) use form::FaultForm;
pub(crate) use plan::{FaultPlan, Strike};
pub use raw::{RawAnswer, RawEnd};

use crate::operation::Operation;

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
    pub(crate) operation: Option<Operation>,
    pub(crate) cluster_id: Option<String>,
    pub(crate) kind: FaultKind,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) times: Option<u64>,
    pub(crate) share: Option<f64>,
    pub(crate) after: u64,
}

/// What a struck call gets.
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
    /// These bytes on the connection, with no HTTP server between; headers of the fault have no place in it.
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
    /// Strikes every call of one operation.
    pub fn on(operation: Operation, kind: FaultKind) -> Self {
        Self {
            operation: Some(operation),
            ..Self::everywhere(kind)
        }
    }

    /// Strikes every call of every operation.
    pub fn everywhere(kind: FaultKind) -> Self {
        Self {
            operation: None,
            cluster_id: None,
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
        self.cluster_id = Some(cluster_id.into());
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
}

/// A fault that can not be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidFault {
    message: String,
}

impl InvalidFault {
    fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }
}

impl fmt::Display for InvalidFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for InvalidFault {}
