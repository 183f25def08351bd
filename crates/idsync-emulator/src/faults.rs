//! Faults, and which of the active ones applies to a call.

mod delivery;

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use delivery::{RawAnswer, RawEnd};

use crate::clock::ServiceTime;
use crate::ids::mix;
use crate::routes::Operation;

/// Maximum number of active faults, without those of the scenario.
const MAX_FAULTS: usize = 200;

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
    pub(crate) kind: FaultKind,
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
}

/// The faults in the order in which they were added, those of the scenario last. The first that applies to a call decides.
#[derive(Debug)]
pub(crate) struct FaultList {
    seed: u64,
    initial: Vec<Fault>,
    faults: Vec<Fault>,
    /// Number of random draws for shares.
    drawn: u64,
}

impl FaultList {
    /// Starts with valid faults. The calls that a share applies to follow from the seed.
    pub(crate) fn new(seed: u64, initial: Vec<Fault>) -> Self {
        Self {
            seed,
            faults: initial.clone(),
            initial,
            drawn: 0,
        }
    }

    /// Returns to the faults of the start.
    pub(crate) fn reset(&mut self) {
        self.faults.clone_from(&self.initial);
        self.drawn = 0;
    }

    /// # Errors
    ///
    /// If it is invalid, or there are too many.
    pub(crate) fn add(&mut self, fault: Fault) -> Result<(), String> {
        fault.check()?;
        let added = self.faults.partition_point(|it| it.period.is_none());
        if added >= MAX_FAULTS {
            return Err(format!(
                "at most {MAX_FAULTS} faults can be active; clear some first"
            ));
        }
        self.faults.insert(added, fault);
        Ok(())
    }

    /// Removes all faults except those of the scenario.
    pub(crate) fn clear(&mut self) {
        self.faults.retain(|it| it.period.is_some());
    }

    /// The faults except those of the scenario, with the number of calls that each still applies to.
    pub(crate) fn list(&self) -> Vec<Fault> {
        let added = self.faults.iter().filter(|it| it.period.is_none());
        added.cloned().collect()
    }

    /// Counts the call for the faults that it matches, and returns the first that applies to it.
    pub(crate) fn apply(&mut self, call: &FaultTarget, time: ServiceTime) -> Option<Fault> {
        let passed = time.now_ms.saturating_sub(time.started_ms);
        let mut draw = |share: f64| {
            self.drawn += 1;
            // The upper 32 bits are exact in a double.
            let draw = u32::try_from(mix(self.seed, self.drawn) >> 32).unwrap_or(u32::MAX);
            f64::from(draw) < share * 4_294_967_296.0
        };
        let is =
            |wanted: &Option<String>, found: &Option<String>| wanted.is_none() || wanted == found;
        let matches = |target: &FaultTarget| {
            [Operation::Any, call.operation].contains(&target.operation)
                && is(&target.project_id, &call.project_id)
                && is(&target.workspace, &call.workspace)
                && is(&target.cluster_id, &call.cluster_id)
        };
        let applied = self.faults.iter_mut().find_map(|fault| {
            let is_waiting = fault.after > 0;
            let is_active = fault.period.as_ref().is_none_or(|it| it.contains(&passed));
            if !is_active || !matches(&fault.target) {
                return None;
            }
            fault.after = fault.after.saturating_sub(1);
            if is_waiting || !fault.share.is_none_or(&mut draw) {
                return None;
            }
            fault.times = fault.times.map(|left| left.saturating_sub(1));
            Some(fault.clone())
        });
        self.faults.retain(|fault| fault.times != Some(0));
        applied
    }
}

#[cfg(test)]
mod tests;
