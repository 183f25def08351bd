//! The active faults, and which of them applies to a call.

use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::{HeaderMap, HeaderName, HeaderValue, header};

use super::{Fault, FaultKind, FaultTarget, RawEnd};
use crate::clock::ServiceTime;
use crate::error::EmulatorError;
use crate::ids::mix;

/// Most faults that are active at a time, without those of the scenario.
const MAX_FAULTS: usize = 200;

/// A fault of a scenario, and when it is active: milliseconds after the start of the clock.
#[derive(Clone, Debug)]
pub(crate) struct TimedFault {
    pub(crate) fault: Fault,
    pub(crate) period: Range<i64>,
}

/// The effect of a fault on one call.
#[derive(Clone, Debug)]
pub(crate) struct FaultAction {
    pub(super) kind: FaultKind,
    pub(super) headers: HeaderMap,
}

/// The faults in the order in which they were added, those of the scenario last. The first that applies to a call decides.
#[derive(Debug)]
pub(crate) struct FaultList {
    seed: u64,
    initial: Vec<ActiveFault>,
    current: Mutex<Vec<ActiveFault>>,
}

impl FaultList {
    /// Starts with these faults. The calls that a share applies to follow from the seed.
    ///
    /// # Errors
    ///
    /// If one of them is invalid.
    pub(crate) fn new(
        seed: u64,
        added: Vec<Fault>,
        of_scenario: Vec<TimedFault>,
    ) -> Result<Self, EmulatorError> {
        let added = added.into_iter();
        let added = added.map(|fault| ActiveFault::new(fault, None, seed));
        // Each of a scenario has a seed of its own, or all would apply to the same calls.
        let timed = of_scenario.into_iter().zip(1..);
        let timed =
            timed.map(|(timed, n)| ActiveFault::new(timed.fault, Some(timed.period), mix(seed, n)));
        let initial = added.chain(timed).collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            seed,
            current: Mutex::new(initial.clone()),
            initial,
        })
    }

    /// Returns to the faults of the start.
    pub(crate) fn reset(&self) {
        self.current().clone_from(&self.initial);
    }

    /// # Errors
    ///
    /// If it is invalid, or there are too many.
    pub(crate) fn add(&self, fault: Fault) -> Result<(), EmulatorError> {
        let active = ActiveFault::new(fault, None, self.seed)?;
        let mut current = self.current();
        let added = current.partition_point(|active| active.period.is_none());
        if added >= MAX_FAULTS {
            let message = format!("at most {MAX_FAULTS} faults can be active; clear some first");
            return Err(EmulatorError::new(message));
        }
        current.insert(added, active);
        Ok(())
    }

    /// Removes all faults except those of the scenario.
    pub(crate) fn clear(&self) {
        self.current().retain(|active| active.period.is_some());
    }

    /// The faults except those of the scenario, with the number of calls that each still applies to.
    pub(crate) fn list(&self) -> Vec<Fault> {
        let current = self.current();
        let added = current.iter().filter(|active| active.period.is_none());
        added.map(|active| active.fault.clone()).collect()
    }

    /// Counts the call for the faults that apply to it, and returns the effect of the first one.
    pub(crate) fn apply(&self, call: &FaultTarget, time: ServiceTime) -> Option<FaultAction> {
        let passed = time.now_ms.saturating_sub(time.started_ms);
        let mut current = self.current();
        let mut faults = current.iter_mut();
        let action = faults.find_map(|active| active.apply(call, passed));
        current.retain(|active| active.fault.times != Some(0));
        action
    }

    fn current(&self) -> MutexGuard<'_, Vec<ActiveFault>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A valid fault with its counters.
#[derive(Clone, Debug)]
struct ActiveFault {
    fault: Fault,
    /// Of a fault of the scenario: when it is active.
    period: Option<Range<i64>>,
    headers: HeaderMap,
    seed: u64,
    /// Calls that the share was drawn for.
    drawn: u64,
}

impl ActiveFault {
    fn new(fault: Fault, period: Option<Range<i64>>, seed: u64) -> Result<Self, EmulatorError> {
        check(&fault)?;
        Ok(Self {
            headers: headers(&fault)?,
            fault,
            period,
            seed,
            drawn: 0,
        })
    }

    fn applies(&self, call: &FaultTarget, passed: i64) -> bool {
        let period = self.period.as_ref();
        let target = &self.fault.target;
        period.is_none_or(|period| period.contains(&passed))
            && (target.operation.is_none() || target.operation == call.operation)
            && (target.project_id.is_none() || target.project_id == call.project_id)
            && (target.workspace.is_none() || target.workspace == call.workspace)
            && (target.cluster_id.is_none() || target.cluster_id == call.cluster_id)
    }

    fn apply(&mut self, call: &FaultTarget, passed: i64) -> Option<FaultAction> {
        if !self.applies(call, passed) {
            return None;
        }
        if self.fault.after > 0 {
            self.fault.after -= 1;
            return None;
        }
        if self.fault.share.is_some_and(|share| !self.draw(share)) {
            return None;
        }
        if let Some(times) = &mut self.fault.times {
            *times = times.checked_sub(1)?;
        }
        Some(FaultAction {
            kind: self.fault.kind.clone(),
            headers: self.headers.clone(),
        })
    }

    fn draw(&mut self, share: f64) -> bool {
        self.drawn += 1;
        // The upper 32 bits are exact in a double.
        let draw = u32::try_from(mix(self.seed, self.drawn) >> 32).unwrap_or(u32::MAX);
        f64::from(draw) < share * 4_294_967_296.0
    }
}

fn check(fault: &Fault) -> Result<(), EmulatorError> {
    let has_headers = !fault.headers.is_empty() || fault.content_type.is_some();
    let message = match &fault.kind {
        FaultKind::Status { status, .. } if !(200..=599).contains(status) => {
            "`status` must be from 200 to 599"
        }
        FaultKind::Raw(_) if has_headers => "a raw response has no headers except in its bytes",
        FaultKind::Raw(answer) if answer.end == RawEnd::Repeat("".into()) => {
            "`repeat` must not be empty; use the end `stall` to send no more"
        }
        FaultKind::Raw(answer) if answer.end == RawEnd::Close && answer.body.is_empty() => {
            "a raw response without bytes that closes is the kind `drop`"
        }
        _ if fault
            .share
            .is_some_and(|it| it.is_nan() || it <= 0.0 || it > 1.0) =>
        {
            "`share` must be above 0 and at most 1"
        }
        _ if fault.times == Some(0) => "`times` must be at least 1; omit it for every call",
        _ => return Ok(()),
    };
    Err(EmulatorError::new(message))
}

/// The headers that the fault sets.
fn headers(fault: &Fault) -> Result<HeaderMap, EmulatorError> {
    let mut headers = HeaderMap::new();
    let mut set = |name: &str, value: &str| {
        headers.insert(header_name(name)?, header_value(value)?);
        Ok(())
    };
    match &fault.kind {
        FaultKind::WrongContentType => set("content-type", "text/plain")?,
        FaultKind::Redirect { location } => set("location", location)?,
        _ => {}
    }
    if let Some(content_type) = &fault.content_type {
        set("content-type", content_type)?;
    }
    for (name, value) in &fault.headers {
        set(name, value)?;
    }
    Ok(headers)
}

fn header_name(name: &str) -> Result<HeaderName, EmulatorError> {
    let framing = [
        header::CONTENT_LENGTH,
        header::TRANSFER_ENCODING,
        header::CONNECTION,
    ];
    match HeaderName::try_from(name) {
        Ok(name) if framing.contains(&name) => Err(EmulatorError::new(format!(
            "the header `{name}` cannot be set; use the kinds `truncated`, `oversized` or `drop`"
        ))),
        Ok(name) => Ok(name),
        Err(_) => Err(EmulatorError::new(format!("{name:?} is no header name"))),
    }
}

fn header_value(value: &str) -> Result<HeaderValue, EmulatorError> {
    HeaderValue::try_from(value)
        .map_err(|_| EmulatorError::new(format!("{value:?} is no header value")))
}
