//! The faults in force, and which of them strikes a call.

use std::sync::{Mutex, PoisonError};

use http::{HeaderMap, HeaderName, HeaderValue, header};

use super::{Fault, FaultKind, InvalidFault};
use crate::ids::mix;
use crate::operation::Route;

/// Faults in the order in which they were added. The first that applies to a call strikes it.
#[derive(Debug)]
pub(crate) struct FaultPlan {
    seed: u64,
    first: Vec<Active>,
    active: Mutex<Vec<Active>>,
}

/// What one call gets.
#[derive(Clone, Debug)]
pub(crate) struct Strike {
    pub(crate) kind: FaultKind,
    pub(crate) headers: HeaderMap,
}

impl FaultPlan {
    /// Starts with these faults. What a share strikes follows from the seed.
    ///
    /// # Errors
    ///
    /// [`InvalidFault`] if one of them can not be carried out.
    pub(crate) fn new(seed: u64, faults: Vec<Fault>) -> Result<Self, InvalidFault> {
        let first: Vec<Active> = faults
            .into_iter()
            .map(Active::new)
            .collect::<Result<_, _>>()?;
        Ok(Self {
            seed,
            active: Mutex::new(first.clone()),
            first,
        })
    }

    /// Puts the faults of the start in force again, and no other.
    pub(crate) fn reset(&self) {
        self.active().clone_from(&self.first);
    }

    pub(crate) fn add(&self, fault: Fault) -> Result<(), InvalidFault> {
        let active = Active::new(fault)?;
        self.active().push(active);
        Ok(())
    }

    pub(crate) fn clear(&self) {
        self.active().clear();
    }

    /// The faults still in force, with the number of calls each still has to strike.
    pub(crate) fn list(&self) -> Vec<Fault> {
        self.active()
            .iter()
            .map(|active| active.fault.clone())
            .collect()
    }

    /// Counts the call for the faults that apply to it, and tells which one strikes.
    pub(crate) fn strike(&self, route: &Route) -> Option<Strike> {
        let mut faults = self.active();
        let strike = faults
            .iter_mut()
            .find_map(|active| active.strike(route, self.seed));
        faults.retain(|active| active.fault.times != Some(0));
        strike
    }

    fn active(&self) -> std::sync::MutexGuard<'_, Vec<Active>> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A fault that was checked, with its counters.
#[derive(Clone, Debug)]
struct Active {
    fault: Fault,
    headers: HeaderMap,
    /// Calls that the share was drawn for.
    drawn: u64,
}

impl Active {
    fn new(fault: Fault) -> Result<Self, InvalidFault> {
        check_ranges(&fault)?;
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
            headers,
            drawn: 0,
        })
    }

    fn applies(&self, route: &Route) -> bool {
        let operation = self
            .fault
            .operation
            .is_none_or(|operation| operation == route.operation);
        let cluster = self.fault.cluster_id.is_none() || self.fault.cluster_id == route.cluster_id;
        operation && cluster
    }

    fn strike(&mut self, route: &Route, seed: u64) -> Option<Strike> {
        if !self.applies(route) {
            return None;
        }
        if self.fault.after > 0 {
            self.fault.after -= 1;
            return None;
        }
        if !self.drawn_by_share(seed) {
            return None;
        }
        if let Some(times) = &mut self.fault.times {
            *times = times.checked_sub(1)?;
        }
        Some(self.as_strike())
    }

    fn drawn_by_share(&mut self, seed: u64) -> bool {
        let Some(share) = self.fault.share else {
            return true;
        };
        self.drawn += 1;
        // The upper 32 bits are exact in a double.
        let draw = u32::try_from(mix(seed, self.drawn) >> 32).unwrap_or(u32::MAX);
        f64::from(draw) < share * 4_294_967_296.0
    }

    fn as_strike(&self) -> Strike {
        Strike {
            kind: self.fault.kind.clone(),
            headers: self.headers.clone(),
        }
    }
}

fn check_ranges(fault: &Fault) -> Result<(), InvalidFault> {
    if let FaultKind::Status { status, .. } = fault.kind
        && !(200..=599).contains(&status)
    {
        return Err(InvalidFault::new(format!(
            "`status` is a number from 200 to 599, not {status}"
        )));
    }
    if let Some(share) = fault.share
        && !(share > 0.0 && share <= 1.0)
    {
        return Err(InvalidFault::new(format!(
            "`share` is above 0 and at most 1, not {share}"
        )));
    }
    if let FaultKind::Raw(answer) = &fault.kind {
        answer.check()?;
        if !fault.headers.is_empty() {
            return Err(InvalidFault::new(
                "a raw answer has no headers but those in its bytes; write them there",
            ));
        }
    }
    if fault.times == Some(0) {
        return Err(InvalidFault::new(
            "`times` is at least 1; leave it out for every call",
        ));
    }
    Ok(())
}

fn header_name(name: &str) -> Result<HeaderName, InvalidFault> {
    let framing = [
        header::CONTENT_LENGTH,
        header::TRANSFER_ENCODING,
        header::CONNECTION,
    ];
    match HeaderName::try_from(name) {
        Ok(name) if framing.contains(&name) => Err(InvalidFault::new(format!(
            "the header `{name}` frames the message; use the kinds `truncated`, `oversized` or `drop`"
        ))),
        Ok(name) => Ok(name),
        Err(_) => Err(InvalidFault::new(format!(
            "{name:?} can not be the name of a header"
        ))),
    }
}

fn header_value(value: &str) -> Result<HeaderValue, InvalidFault> {
    HeaderValue::try_from(value)
        .map_err(|_| InvalidFault::new(format!("{value:?} can not be the value of a header")))
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;
    use crate::faults::{RawAnswer, RawEnd};
    use crate::operation::Operation;

    fn plan(faults: impl IntoIterator<Item = Fault>) -> FaultPlan {
        let plan = FaultPlan::new(1, Vec::new()).unwrap();
        faults
            .into_iter()
            .for_each(|fault| plan.add(fault).unwrap());
        plan
    }

    fn syncing(cluster: &str) -> Route {
        Route::find(&Method::GET, &format!("/v2/p/clusters/{cluster}/iam-sync")).unwrap()
    }

    fn struck(plan: &FaultPlan, calls: usize) -> Vec<bool> {
        (0..calls)
            .map(|_| plan.strike(&syncing("c")).is_some())
            .collect()
    }

    #[test]
    fn a_counted_fault_strikes_so_often_and_is_gone() {
        let plan = plan([Fault::everywhere(FaultKind::Drop).times(2)]);
        assert_eq!(struck(&plan, 4), [true, true, false, false]);
        assert!(plan.list().is_empty());
    }

    #[test]
    fn calls_before_the_position_pass() {
        let plan = plan([Fault::everywhere(FaultKind::Drop).after(2).times(1)]);
        assert_eq!(struck(&plan, 4), [false, false, true, false]);
    }

    #[test]
    fn other_operations_and_clusters_are_spared() {
        let plan = plan([
            Fault::on(Operation::Records, FaultKind::Drop),
            Fault::everywhere(FaultKind::Drop).at_cluster("other"),
        ]);
        assert_eq!(struck(&plan, 1), [false]);
        assert!(plan.strike(&syncing("other")).is_some());
    }

    #[test]
    fn a_share_strikes_about_so_many_and_the_same_ones_for_a_seed() {
        let flaky = || plan([Fault::everywhere(FaultKind::Drop).share(0.2)]);
        let struck_calls = struck(&flaky(), 2_000);
        let count = struck_calls.iter().filter(|struck| **struck).count();
        assert!((340..460).contains(&count), "{count}");
        assert_eq!(struck_calls, struck(&flaky(), 2_000));
    }

    #[test]
    fn a_reset_brings_back_the_faults_of_the_start_with_their_counts() {
        let fault = Fault::everywhere(FaultKind::Drop).times(1);
        let plan = FaultPlan::new(1, vec![fault]).unwrap();
        assert_eq!(struck(&plan, 2), [true, false]);
        plan.add(Fault::everywhere(FaultKind::Html)).unwrap();
        plan.reset();
        assert_eq!(struck(&plan, 2), [true, false]);
    }

    #[test]
    fn what_can_not_be_carried_out_is_refused() {
        let refuse = |fault: Fault| FaultPlan::new(1, vec![fault]).unwrap_err().to_string();
        let any = || Fault::everywhere(FaultKind::Drop);
        assert!(refuse(Fault::everywhere(FaultKind::status(99))).contains("99"));
        assert!(refuse(any().share(f64::NAN)).contains("share"));
        assert!(refuse(any().share(0.0)).contains("share"));
        assert!(refuse(any().times(0)).contains("times"));
        assert!(refuse(any().header("a b", "1")).contains("a b"));
        assert!(refuse(any().header("x", "a\nb")).contains("value"));
        assert!(refuse(any().header("Content-Length", "3")).contains("truncated"));
        let raw = |answer| Fault::everywhere(FaultKind::Raw(answer));
        let repeat = |piece: &'static str| RawAnswer::new("x").then(RawEnd::Repeat(piece.into()));
        assert!(refuse(raw(repeat(""))).contains("stall"));
        assert!(refuse(raw(RawAnswer::new(""))).contains("drop"));
        assert!(refuse(raw(RawAnswer::new("x")).header("a", "1")).contains("headers"));
    }
}
