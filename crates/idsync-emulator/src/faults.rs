//! Faults: which calls they apply to, and how they change the response.

mod delivery;
mod list;
mod raw;

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use list::FaultList;
pub use raw::{RawAnswer, RawEnd};

use crate::routes::Operation;

/// A fault, and the calls that it applies to. The same in JSON and YAML, see `POST /_emulator/faults`.
///
/// ```
/// use idsync_emulator::{Fault, FaultKind, Operation};
///
/// let busy = Fault::on(Operation::Records, FaultKind::status(503)).header("Retry-After", "1").times(2);
/// let flaky = Fault::everywhere(FaultKind::Drop).share(0.05);
/// # let _ = (busy, flaky);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Fault {
    #[serde(flatten)]
    target: FaultTarget,
    /// The kind of fault, with its options.
    #[serde(flatten)]
    kind: FaultKind,
    /// Only this many calls.
    times: Option<u64>,
    /// Only this share of the calls, above 0 and at most 1.
    share: Option<f64>,
    /// Number of calls to skip first. Default: 0.
    #[serde(default)]
    after: u64,
    /// Headers of the response, in place of those of the same name.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// Content type of the response.
    content_type: Option<String>,
    /// Of a fault of the scenario: when it is active, in milliseconds after the start of the clock.
    #[serde(skip)]
    pub(crate) period: Option<Range<i64>>,
}

/// The calls that a fault is limited to, or the properties of one call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct FaultTarget {
    /// The operation: `any`, its short name, such as `records`, or its name in the documents or SDKs.
    pub(crate) operation: Operation,
    /// Only calls with this project in their path.
    pub(crate) project_id: Option<String>,
    /// Only calls with this workspace in their header.
    pub(crate) workspace: Option<String>,
    /// Only calls with this cluster in their path.
    pub(crate) cluster_id: Option<String>,
}

/// What a fault does to a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum FaultKind {
    /// A status from 200 to 599 with a body, declared as JSON; without a body, the gateway's error for that status.
    Status {
        /// Status code.
        status: u16,
        /// The body.
        body: Option<FaultBody>,
    },
    /// 200 with a page of HTML, as from a load balancer or a login portal.
    Html,
    /// The true response cut in half: `Content-Length` promises more, then the connection is closed.
    Truncated,
    /// The true response after a pause.
    Delay {
        /// Length of the pause in milliseconds.
        ms: u64,
    },
    /// The true response, one byte after each pause.
    Drip {
        /// Length of each pause in milliseconds.
        ms: u64,
    },
    /// No response: the connection is closed.
    Drop,
    /// 302 to this location.
    Redirect {
        /// The `Location` header.
        location: String,
    },
    /// These bytes instead of an HTTP response; cannot be combined with headers.
    Raw(RawAnswer),
}

/// Bytes that a fault sends. In JSON and YAML they are text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "String", into = "String")]
#[schemars(with = "String")]
pub struct FaultBody(Bytes);

impl<T: Into<Bytes>> From<T> for FaultBody {
    fn from(bytes: T) -> Self {
        Self(bytes.into())
    }
}

impl From<FaultBody> for String {
    /// Bytes that are not UTF-8 are replaced.
    fn from(body: FaultBody) -> Self {
        Self::from_utf8_lossy(&body.0).into_owned()
    }
}

impl FaultKind {
    /// A status with the gateway's error for it.
    pub fn status(status: u16) -> Self {
        Self::Status { status, body: None }
    }

    /// A status with this body.
    pub fn status_with(status: u16, body: impl Into<FaultBody>) -> Self {
        let body = Some(body.into());
        Self::Status { status, body }
    }

    /// 200 with this body, declared as JSON.
    pub fn body(body: impl Into<FaultBody>) -> Self {
        Self::status_with(200, body)
    }

    /// The true response after a pause.
    pub fn delay(pause: Duration) -> Self {
        let ms = milliseconds(pause);
        Self::Delay { ms }
    }

    /// The true response, one byte after each pause.
    pub fn drip(pause: Duration) -> Self {
        let ms = milliseconds(pause);
        Self::Drip { ms }
    }

    /// 302 to this location.
    pub fn redirect(location: impl Into<String>) -> Self {
        let location = location.into();
        Self::Redirect { location }
    }
}

fn milliseconds(pause: Duration) -> u64 {
    u64::try_from(pause.as_millis()).unwrap_or(u64::MAX)
}

impl Fault {
    /// Applies to every call of one operation.
    pub fn on(operation: Operation, kind: FaultKind) -> Self {
        Self {
            target: FaultTarget {
                operation,
                ..FaultTarget::default()
            },
            kind,
            times: None,
            share: None,
            after: 0,
            headers: BTreeMap::new(),
            content_type: None,
            period: None,
        }
    }

    /// Applies to every call of every operation.
    pub fn everywhere(kind: FaultKind) -> Self {
        Self::on(Operation::Any, kind)
    }

    /// Only calls with this cluster in their path.
    #[must_use]
    pub fn at_cluster(mut self, cluster_id: impl Into<String>) -> Self {
        self.target.cluster_id = Some(cluster_id.into());
        self
    }

    /// Only calls with this workspace in their header.
    #[must_use]
    pub fn at_workspace(mut self, workspace_id: impl Into<String>) -> Self {
        self.target.workspace = Some(workspace_id.into());
        self
    }

    /// Only calls with this project in their path.
    #[must_use]
    pub fn at_project(mut self, project_id: impl Into<String>) -> Self {
        self.target.project_id = Some(project_id.into());
        self
    }

    /// Only the next `n` calls; the fault is removed after them. Default: every call.
    #[must_use]
    pub fn times(mut self, n: u64) -> Self {
        self.times = Some(n);
        self
    }

    /// Only this share of the calls, above 0 and at most 1, chosen by the emulator's seed. Default: every call.
    #[must_use]
    pub fn share(mut self, share: f64) -> Self {
        self.share = Some(share);
        self
    }

    /// Skips the first `n` calls. Default: 0.
    #[must_use]
    pub fn after(mut self, n: u64) -> Self {
        self.after = n;
        self
    }

    /// Sets a header of the response, in place of one of the same name.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.insert(name.into(), value.into());
        self
    }

    /// Reads a fault from JSON.
    ///
    /// # Errors
    ///
    /// For a missing, unknown or misplaced field, and as [`Fault::check`].
    pub(crate) fn from_json(json: Value) -> Result<Self, String> {
        let given = json.as_object().cloned().unwrap_or_default();
        let fault = serde_json::from_value(json);
        let fault: Self = fault.map_err(|error| error.to_string())?;
        // Serde cannot refuse unknown fields here. A field that is not written again was not read.
        let known = fault.to_json();
        let is_unread = |(name, value): &(String, Value)| !value.is_null() && known[name].is_null();
        match given.into_iter().find(is_unread) {
            Some((name, _)) => Err(format!("`{name}` is not a field of this kind of fault")),
            None => fault.check().map(|()| fault),
        }
    }

    /// The fault as [`Fault::from_json`] reads it.
    pub(crate) fn to_json(&self) -> Value {
        let mut json = serde_json::to_value(self).unwrap_or_default();
        if let Some(fields) = json.as_object_mut() {
            fields.retain(|_, value| !value.is_null());
        }
        json
    }

    /// # Errors
    ///
    /// For a value that is out of range, and for headers that cannot be sent.
    pub(crate) fn check(&self) -> Result<(), String> {
        let has_headers = !self.headers.is_empty() || self.content_type.is_some();
        let is_share = |share: f64| share > 0.0 && share <= 1.0;
        let message = match &self.kind {
            FaultKind::Status { status, .. } if !(200..=599).contains(status) => {
                "`status` must be from 200 to 599"
            }
            FaultKind::Raw(_) if has_headers => "a raw response has no headers except in its bytes",
            FaultKind::Raw(answer) if answer.end == RawEnd::Repeat(FaultBody::default()) => {
                "`repeat` must not be empty; use the end `stall` to send no more"
            }
            _ if !self.share.is_none_or(is_share) => "`share` must be above 0 and at most 1",
            _ if self.times == Some(0) => "`times` must be at least 1; omit it for every call",
            _ => return self.response_headers().map(|_| ()),
        };
        Err(message.to_owned())
    }

    /// The headers that the fault sets.
    fn response_headers(&self) -> Result<HeaderMap, String> {
        let (location, content_type) = match &self.kind {
            FaultKind::Html => (None, Some("text/html")),
            FaultKind::Status { body: Some(_), .. } => (None, Some("application/json")),
            FaultKind::Redirect { location } => (Some(location.as_str()), None),
            _ => (None, None),
        };
        let content_type = self.content_type.as_deref().or(content_type);
        let own = [("location", location), ("content-type", content_type)];
        let own = own
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        let given = self.headers.iter();
        let given = given.map(|(name, value)| (name.as_str(), value.as_str()));
        own.chain(given)
            .map(|(name, value)| header(name, value))
            .collect()
    }
}

/// A header that a fault may set.
fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    let framing = [
        header::CONTENT_LENGTH,
        header::TRANSFER_ENCODING,
        header::CONNECTION,
    ];
    match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
        (Ok(name), Ok(value)) if !framing.contains(&name) => Ok((name, value)),
        _ => Err(format!(
            "the header {name:?} cannot be set to {value:?}; for framing, use the kinds `truncated` or `raw`"
        )),
    }
}

#[cfg(test)]
mod tests;
