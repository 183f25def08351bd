//! The active faults, and which of them applies to a call.

use super::{Fault, FaultTarget};
use crate::clock::ServiceTime;
use crate::routes::Operation;
use crate::state::mix;

/// Maximum number of active faults, without those of the scenario.
const MAX_FAULTS: usize = 200;

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
        let applied = self.faults.iter_mut().find_map(|fault| {
            let is_waiting = fault.after > 0;
            let is_active = fault.period.as_ref().is_none_or(|it| it.contains(&passed));
            if !is_active || !fault.target.matches(call) {
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

impl FaultTarget {
    /// Whether a fault with this target applies to a call.
    fn matches(&self, call: &Self) -> bool {
        let is =
            |wanted: &Option<String>, found: &Option<String>| wanted.is_none() || wanted == found;
        (self.operation == Operation::Any || self.operation == call.operation)
            && is(&self.project_id, &call.project_id)
            && is(&self.workspace, &call.workspace)
            && is(&self.cluster_id, &call.cluster_id)
    }
}
