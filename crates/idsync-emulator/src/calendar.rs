//! The faults of a scenario, each in force at its time. They are part of what is played: clearing the scripted faults leaves them.

use crate::clock::Time;
use crate::faults::{Fault, FaultPlan, InvalidFault, Strike};
use crate::ids::mix;
use crate::operation::Route;

/// A fault, and when it is in force.
#[derive(Clone, Debug)]
pub(crate) struct TimedFault {
    /// Where it names a cluster, it does so by the name in the scenario.
    pub(crate) fault: Fault,
    /// Milliseconds after the start of the clock.
    pub(crate) from: i64,
    /// Milliseconds after the start of the clock, exclusive; `None` stays in force.
    pub(crate) until: Option<i64>,
}

/// Faults with their counters. The first that is in force and applies to a call strikes it.
#[derive(Debug)]
pub(crate) struct Calendar {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    timed: TimedFault,
    /// Holds this fault alone.
    plan: FaultPlan,
}

impl TimedFault {
    /// In force from the start for good.
    pub(crate) fn always(fault: Fault) -> Self {
        Self {
            fault,
            from: 0,
            until: None,
        }
    }

    fn is_in_force(&self, time: Time) -> bool {
        let passed = time.now_ms.saturating_sub(time.started_ms);
        self.from <= passed && self.until.is_none_or(|until| passed < until)
    }
}

impl Calendar {
    /// # Errors
    ///
    /// [`InvalidFault`] if one of them can not be carried out.
    pub(crate) fn new(seed: u64, faults: Vec<TimedFault>) -> Result<Self, InvalidFault> {
        // Each draws its share by itself, or all would strike the same calls.
        let seeds = (1..).map(|n| mix(seed, n));
        let entries = faults.into_iter().zip(seeds).map(|(timed, seed)| {
            let plan = FaultPlan::new(seed, vec![timed.fault.clone()])?;
            Ok(Entry { timed, plan })
        });
        Ok(Self {
            entries: entries.collect::<Result<_, _>>()?,
        })
    }

    /// Counts the call for the faults that apply to it, and tells which one strikes.
    pub(crate) fn strike(&self, route: &Route, time: Time) -> Option<Strike> {
        let in_force = self
            .entries
            .iter()
            .filter(|entry| entry.timed.is_in_force(time));
        in_force
            .into_iter()
            .find_map(|entry| entry.plan.strike(route))
    }

    /// Puts all counters back.
    pub(crate) fn reset(&self) {
        self.entries.iter().for_each(|entry| entry.plan.reset());
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;
    use crate::faults::FaultKind;
    use crate::scenario::minutes;

    fn struck(calendar: &Calendar, minute: i64) -> bool {
        let route = Route::find(&Method::GET, "/v2/p/clusters/c/iam-sync").unwrap();
        let time = Time {
            started_ms: 7,
            now_ms: 7 + minutes(minute),
        };
        calendar.strike(&route, time).is_some()
    }

    #[test]
    fn a_fault_strikes_from_its_beginning_until_before_its_end() {
        let fault = TimedFault {
            fault: Fault::everywhere(FaultKind::Drop),
            from: minutes(10),
            until: Some(minutes(20)),
        };
        let calendar = Calendar::new(1, vec![fault]).unwrap();
        let seen: Vec<bool> = [0, 9, 10, 19, 20]
            .map(|minute| struck(&calendar, minute))
            .into();
        assert_eq!(seen, [false, false, true, true, false]);
    }

    #[test]
    fn counters_run_out_and_are_put_back_by_a_reset() {
        let fault = TimedFault::always(Fault::everywhere(FaultKind::Drop).times(1));
        let calendar = Calendar::new(1, vec![fault]).unwrap();
        assert_eq!(
            [0, 0].map(|minute| struck(&calendar, minute)),
            [true, false]
        );
        calendar.reset();
        assert!(struck(&calendar, 0));
    }
}
