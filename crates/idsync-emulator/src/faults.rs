//! Faults: which calls they apply to, and how they change the response.

mod delivery;
mod list;
mod raw;

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use schemars::JsonSchema;
use serde::de::IntoDeserializer;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

pub(crate) use list::{FaultAction, FaultList, TimedFault};
pub use raw::{RawAnswer, RawEnd};

use crate::error::EmulatorError;
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
    /// Does not apply to this many calls at first. Default: 0.
    #[serde(default)]
    after: u64,
    /// Headers of the response, in place of those of the same name.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// Content type of the response.
    content_type: Option<String>,
}

/// The calls that a fault is limited to, or the properties of one call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct FaultTarget {
    /// The operation: `any`, its short name, such as `records`, or its name in the documents or SDKs.
    #[serde(
        serialize_with = "write_operation",
        deserialize_with = "read_operation"
    )]
    #[schemars(with = "String")]
    pub(crate) operation: Option<Operation>,
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
    /// A status from 200 to 599 with a body; without a body, the gateway's error for that status.
    Status {
        /// Status code.
        status: u16,
        /// The body.
        #[serde(
            default,
            serialize_with = "write_optional",
            deserialize_with = "read_text"
        )]
        #[schemars(with = "Option<String>")]
        body: Option<Bytes>,
    },
    /// 200 with a page of HTML, as from a load balancer or a login portal.
    Html,
    /// 200 with this body, declared as JSON.
    Body {
        /// The body.
        #[serde(serialize_with = "write_text", deserialize_with = "read_text")]
        #[schemars(with = "String")]
        body: Bytes,
    },
    /// 200 with a body that is declared as JSON and is not.
    BadJson,
    /// The true response cut in half: `Content-Length` promises more, then the connection is closed.
    Truncated,
    /// The first half of the true response, with a matching `Content-Length`.
    HalfJson,
    /// Spaces, then the true response, without a `Content-Length`.
    Oversized {
        /// Number of spaces.
        bytes: u64,
    },
    /// The true response after a pause.
    Delay {
        /// Length of the pause, in JSON `ms`.
        #[serde(rename = "ms", with = "raw::milliseconds")]
        #[schemars(with = "u64")]
        pause: Duration,
    },
    /// The true response, one byte after each pause.
    Drip {
        /// Length of each pause, in JSON `ms`.
        #[serde(rename = "ms", with = "raw::milliseconds")]
        #[schemars(with = "u64")]
        pause: Duration,
    },
    /// No response: the connection is closed.
    Drop,
    /// The true response, declared as the content type of the fault or `text/plain`.
    WrongContentType,
    /// 302 to this location.
    Redirect {
        /// The `Location` header.
        location: String,
    },
    /// These bytes instead of an HTTP response; cannot be combined with headers.
    Raw(RawAnswer),
}

impl FaultKind {
    /// A status with the gateway's error for it.
    pub fn status(status: u16) -> Self {
        Self::Status { status, body: None }
    }

    /// A status with this body.
    pub fn status_with(status: u16, body: impl Into<Bytes>) -> Self {
        let body = Some(body.into());
        Self::Status { status, body }
    }

    /// 200 with this body, declared as JSON.
    pub fn body(body: impl Into<Bytes>) -> Self {
        Self::Body { body: body.into() }
    }

    /// The true response after a pause.
    pub fn delay(pause: Duration) -> Self {
        Self::Delay { pause }
    }

    /// The true response, one byte after each pause.
    pub fn drip(pause: Duration) -> Self {
        Self::Drip { pause }
    }

    /// 302 to this location.
    pub fn redirect(location: impl Into<String>) -> Self {
        Self::Redirect {
            location: location.into(),
        }
    }
}

impl Fault {
    /// Applies to every call of one operation.
    pub fn on(operation: Operation, kind: FaultKind) -> Self {
        let mut fault = Self::everywhere(kind);
        fault.target.operation = Some(operation);
        fault
    }

    /// Applies to every call of every operation.
    pub fn everywhere(kind: FaultKind) -> Self {
        Self {
            target: FaultTarget::default(),
            kind,
            times: None,
            share: None,
            after: 0,
            headers: BTreeMap::new(),
            content_type: None,
        }
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

    /// Does not apply to the first `n` calls. Default: 0.
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
    /// For a missing, unknown or misplaced field.
    pub(crate) fn from_json(json: Value) -> Result<Self, EmulatorError> {
        let given = json.as_object().cloned().unwrap_or_default();
        let fault = serde_json::from_value(json);
        let fault: Self = fault.map_err(|error| EmulatorError::new(error.to_string()))?;
        // What is written again was read; everything else is unknown, or belongs to another kind.
        let known = fault.to_json();
        let is_unread = |(name, value): &(String, Value)| !value.is_null() && known[name].is_null();
        match given.into_iter().find(is_unread) {
            Some((name, _)) => Err(EmulatorError::new(format!(
                "`{name}` is not a field of this kind of fault"
            ))),
            None => Ok(fault),
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
}

#[expect(
    clippy::ref_option,
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde calls"
)]
fn write_operation<S: Serializer>(operation: &Option<Operation>, to: S) -> Result<S::Ok, S::Error> {
    match operation {
        Some(operation) => operation.serialize(to),
        None => to.serialize_str("any"),
    }
}

fn read_operation<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Operation>, D::Error> {
    let name = String::deserialize(from)?;
    if name == "any" {
        return Ok(None);
    }
    Operation::deserialize(name.into_deserializer()).map(Some)
}

/// Bytes that are not text are replaced.
fn write_text<S: Serializer>(body: &Bytes, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&String::from_utf8_lossy(body))
}

#[expect(clippy::ref_option, reason = "the signature that serde calls")]
fn write_optional<S: Serializer>(body: &Option<Bytes>, to: S) -> Result<S::Ok, S::Error> {
    let text = body.as_ref().map(|body| String::from_utf8_lossy(body));
    text.serialize(to)
}

fn read_text<'de, D: Deserializer<'de>, T: From<Bytes>>(from: D) -> Result<T, D::Error> {
    String::deserialize(from).map(|text| T::from(Bytes::from(text)))
}

#[cfg(test)]
mod tests;
