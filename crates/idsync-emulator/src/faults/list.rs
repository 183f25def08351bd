//! The faults in force, and which of them applies to a call.

use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::{HeaderMap, HeaderName, HeaderValue, header};

use super::{Fault, FaultKind, RawEnd};
use crate::clock::ServiceTime;
use crate::error::EmulatorError;
use crate::ids::mix;
use crate::routes::Operation;

/// Most scripted faults in force at a time.
const MAX_FAULTS: usize = 200;

/// What a fault may look at in a call.
#[derive(Clone, Debug, Default)]
pub(crate) struct FaultTarget {
    pub(crate) operation: Option<Operation>,
    pub(crate) project_id: Option<String>,
    pub(crate) workspace: Option<String>,
    pub(crate) cluster_id: Option<String>,
}

/// A fault of a scenario, and when it is in force: milliseconds after the start of the clock.
#[derive(Clone, Debug)]
pub(crate) struct TimedFault {
    pub(crate) fault: Fault,
    pub(crate) period: Range<i64>,
}

/// What one call gets.
#[derive(Clone, Debug)]
pub(crate) struct FaultAction {
    pub(crate) kind: FaultKind,
    pub(crate) headers: HeaderMap,
}

/// The faults in the order in which they were added, those of the scenario last. The first that applies to a call decides.
#[derive(Debug)]
pub(crate) struct FaultList {
    seed: u64,
    initial: Faults,
    current: Mutex<Faults>,
}

#[derive(Clone, Debug, Default)]
struct Faults {
    scripted: Vec<ActiveFault>,
    of_scenario: Vec<ActiveFault>,
}

impl FaultList {
    /// Starts with these faults. Which calls a share picks follows from the seed.
    ///
    /// # Errors
    ///
    /// If one of them cannot be carried out.
    pub(crate) fn new(
        seed: u64,
        scripted: Vec<Fault>,
        of_scenario: Vec<TimedFault>,
    ) -> Result<Self, EmulatorError> {
        let always = |fault| ActiveFault::new(fault, i64::MIN..i64::MAX, seed);
        // Each of a scenario draws its share by itself, or all would pick the same calls.
        let seeds = (1..).map(|n| mix(seed, n));
        let timed = of_scenario.into_iter().zip(seeds);
        let timed = timed.map(|(timed, seed)| ActiveFault::new(timed.fault, timed.period, seed));
        let initial = Faults {
            scripted: scripted.into_iter().map(always).collect::<Result<_, _>>()?,
            of_scenario: timed.collect::<Result<_, _>>()?,
        };
        Ok(Self {
            seed,
            current: Mutex::new(initial.clone()),
            initial,
        })
    }

    /// Puts the faults of the start in force again, and no other.
    pub(crate) fn reset(&self) {
        self.current().clone_from(&self.initial);
    }

    /// # Errors
    ///
    /// If it cannot be carried out, or there are too many.
    pub(crate) fn add(&self, fault: Fault) -> Result<(), EmulatorError> {
        let active = ActiveFault::new(fault, i64::MIN..i64::MAX, self.seed)?;
        let mut current = self.current();
        if current.scripted.len() >= MAX_FAULTS {
            let message = format!("at most {MAX_FAULTS} faults are in force; clear some first");
            return Err(EmulatorError::new(message));
        }
        current.scripted.push(active);
        Ok(())
    }

    /// Removes all faults but those of the scenario.
    pub(crate) fn clear(&self) {
        self.current().scripted.clear();
    }

    /// The scripted faults still in force, with the number of calls that each still applies to.
    pub(crate) fn list(&self) -> Vec<Fault> {
        let current = self.current();
        let faults = current.scripted.iter();
        faults.map(|active| active.fault.clone()).collect()
    }

    /// Counts the call for the faults that apply to it, and gives what the first of them does.
    pub(crate) fn apply(&self, call: &FaultTarget, time: ServiceTime) -> Option<FaultAction> {
        let passed = time.now_ms.saturating_sub(time.started_ms);
        let mut current = self.current();
        let Faults {
            scripted,
            of_scenario,
        } = &mut *current;
        let mut faults = scripted.iter_mut().chain(of_scenario.iter_mut());
        let action = faults.find_map(|active| active.apply(call, passed));
        scripted.retain(|active| active.fault.times != Some(0));
        action
    }

    fn current(&self) -> MutexGuard<'_, Faults> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A fault that was checked, with its counters.
#[derive(Clone, Debug)]
struct ActiveFault {
    fault: Fault,
    period: Range<i64>,
    headers: HeaderMap,
    seed: u64,
    /// Calls that the share was drawn for.
    drawn: u64,
}

impl ActiveFault {
    fn new(fault: Fault, period: Range<i64>, seed: u64) -> Result<Self, EmulatorError> {
        fault.check()?;
        let mut headers = HeaderMap::new();
        for (name, value) in &fault.headers {
            headers.insert(header_name(name)?, header_value(value)?);
        }
        match &fault.kind {
            FaultKind::ContentType(value) => {
                headers.insert(header::CONTENT_TYPE, header_value(value)?);
            }
            FaultKind::Redirect(value) => {
                headers.insert(header::LOCATION, header_value(value)?);
            }
            _ => {}
        }
        Ok(Self {
            fault,
            period,
            headers,
            seed,
            drawn: 0,
        })
    }

    fn applies(&self, call: &FaultTarget, passed: i64) -> bool {
        let fits =
            |wanted: &Option<String>, given: &Option<String>| wanted.is_none() || wanted == given;
        let filter = &self.fault.filter;
        self.period.contains(&passed)
            && (self.fault.operation.is_none() || self.fault.operation == call.operation)
            && fits(&filter.project_id, &call.project_id)
            && fits(&filter.workspace, &call.workspace)
            && fits(&filter.cluster_id, &call.cluster_id)
    }

    fn apply(&mut self, call: &FaultTarget, passed: i64) -> Option<FaultAction> {
        if !self.applies(call, passed) {
            return None;
        }
        if self.fault.after > 0 {
            self.fault.after -= 1;
            return None;
        }
        if !self.drawn_by_share() {
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

    fn drawn_by_share(&mut self) -> bool {
        let Some(share) = self.fault.share else {
            return true;
        };
        self.drawn += 1;
        // The upper 32 bits are exact in a double.
        let draw = u32::try_from(mix(self.seed, self.drawn) >> 32).unwrap_or(u32::MAX);
        f64::from(draw) < share * 4_294_967_296.0
    }
}

impl Fault {
    fn check(&self) -> Result<(), EmulatorError> {
        let refuse = |message: &str| Err(EmulatorError::new(message));
        match &self.kind {
            FaultKind::Status { status, .. } if !(200..=599).contains(status) => {
                return refuse(&format!(
                    "`status` is a number from 200 to 599, not {status}"
                ));
            }
            FaultKind::Raw(_) if !self.headers.is_empty() => {
                return refuse("a raw answer has no headers but those in its bytes");
            }
            FaultKind::Raw(answer) if answer.end == RawEnd::Repeat("".into()) => {
                return refuse("`repeat_hex` is empty; use the end `stall` to send no more");
            }
            FaultKind::Raw(answer) if answer.end == RawEnd::Close && answer.bytes.is_empty() => {
                return refuse("a raw answer without bytes that closes is the kind `drop`");
            }
            _ => {}
        }
        if let Some(share) = self.share
            && !(share > 0.0 && share <= 1.0)
        {
            return refuse(&format!("`share` is above 0 and at most 1, not {share}"));
        }
        if self.times == Some(0) {
            return refuse("`times` is at least 1; leave it out for every call");
        }
        Ok(())
    }
}

fn header_name(name: &str) -> Result<HeaderName, EmulatorError> {
    let framing = [
        header::CONTENT_LENGTH,
        header::TRANSFER_ENCODING,
        header::CONNECTION,
    ];
    match HeaderName::try_from(name) {
        Ok(name) if framing.contains(&name) => Err(EmulatorError::new(format!(
            "the header `{name}` frames the message; use the kinds `truncated`, `oversized` or `drop`"
        ))),
        Ok(name) => Ok(name),
        Err(_) => Err(EmulatorError::new(format!(
            "{name:?} cannot be the name of a header"
        ))),
    }
}

fn header_value(value: &str) -> Result<HeaderValue, EmulatorError> {
    HeaderValue::try_from(value)
        .map_err(|_| EmulatorError::new(format!("{value:?} cannot be the value of a header")))
}

#[cfg(test)]
mod tests {
    use super::super::RawAnswer;
    use super::*;

    const START: ServiceTime = ServiceTime {
        started_ms: 0,
        now_ms: 0,
    };

    fn list(faults: Vec<Fault>) -> FaultList {
        FaultList::new(1, faults, Vec::new()).unwrap()
    }

    fn call(operation: Operation, cluster_id: &str) -> FaultTarget {
        FaultTarget {
            operation: Some(operation),
            cluster_id: Some(cluster_id.to_owned()),
            ..FaultTarget::default()
        }
    }

    fn struck(faults: &FaultList, calls: usize) -> usize {
        let call = call(Operation::Records, "c");
        (0..calls)
            .filter(|_| faults.apply(&call, START).is_some())
            .count()
    }

    #[test]
    fn a_fault_applies_to_its_operation_and_cluster_only() {
        let fault = Fault::on(Operation::Records, FaultKind::Drop).at_cluster("c");
        let faults = list(vec![fault]);
        assert!(
            faults
                .apply(&call(Operation::Records, "c"), START)
                .is_some()
        );
        assert!(
            faults
                .apply(&call(Operation::Records, "d"), START)
                .is_none()
        );
        assert!(
            faults
                .apply(&call(Operation::Syncing, "c"), START)
                .is_none()
        );
    }

    #[test]
    fn calls_are_let_through_first_and_struck_so_many_times() {
        let faults = list(vec![Fault::everywhere(FaultKind::Drop).after(2).times(3)]);
        assert_eq!(struck(&faults, 4), 2);
        assert_eq!(
            faults.list()[0],
            Fault::everywhere(FaultKind::Drop).times(1)
        );
        assert_eq!(struck(&faults, 9), 1);
        assert_eq!(faults.list(), []);
        faults.reset();
        assert_eq!(struck(&faults, 9), 3);
    }

    #[test]
    fn a_share_picks_about_that_many_calls() {
        let faults = list(vec![Fault::everywhere(FaultKind::Drop).share(0.2)]);
        let count = struck(&faults, 1_000);
        assert!((150..250).contains(&count), "{count}");
    }

    #[test]
    fn more_faults_than_the_limit_are_refused_until_some_are_cleared() {
        let faults = list(Vec::new());
        for _ in 0..MAX_FAULTS {
            faults.add(Fault::everywhere(FaultKind::Drop)).unwrap();
        }
        assert!(faults.add(Fault::everywhere(FaultKind::Drop)).is_err());
        faults.clear();
        assert!(faults.add(Fault::everywhere(FaultKind::Drop)).is_ok());
    }

    #[test]
    fn a_fault_that_cannot_be_carried_out_is_refused() {
        let raw = |bytes: &'static str, end| FaultKind::Raw(RawAnswer::new(bytes).then(end));
        let cases = [
            (Fault::everywhere(FaultKind::status(199)), "200 to 599"),
            (Fault::everywhere(FaultKind::Drop).share(0.0), "`share`"),
            (
                Fault::everywhere(FaultKind::Drop).share(f64::NAN),
                "`share`",
            ),
            (Fault::everywhere(FaultKind::Drop).times(0), "`times`"),
            (Fault::everywhere(FaultKind::Html).header("a b", "c"), "a b"),
            (
                Fault::everywhere(FaultKind::Html).header("a", "\n"),
                "value",
            ),
            (
                Fault::everywhere(FaultKind::Html).header("Content-Length", "1"),
                "frames",
            ),
            (Fault::everywhere(FaultKind::Redirect("\n".into())), "value"),
            (Fault::everywhere(raw("", RawEnd::Close)), "drop"),
            (
                Fault::everywhere(raw("", RawEnd::Repeat("".into()))),
                "stall",
            ),
            (
                Fault::everywhere(raw("x", RawEnd::Close)).header("a", "b"),
                "headers",
            ),
        ];
        for (fault, part) in cases {
            let error = list(Vec::new()).add(fault).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
