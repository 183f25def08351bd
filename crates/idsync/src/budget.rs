//! A bound on the retries of all calls together, so that an outage is not multiplied by its callers.

use std::sync::atomic::{AtomicU32, Ordering};

/// Retries that may be made in a row without any success between them.
const CAPACITY: u32 = 50;

/// Successes that earn one retry back: with a service that fails now and then, at most one request in eleven is a retry.
const SUCCESSES_PER_RETRY: u32 = 10;

/// How many retries are left; shared by the clones of a client.
///
/// Full at the start with 50 retries. Each retry takes one, each success gives a tenth of one back.
#[derive(Debug)]
pub(crate) struct RetryBudget {
    /// In tenths of a retry.
    left: AtomicU32,
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self {
            left: AtomicU32::new(CAPACITY * SUCCESSES_PER_RETRY),
        }
    }
}

impl RetryBudget {
    /// Takes one retry; `false` if none is left.
    pub(crate) fn take(&self) -> bool {
        self.change(|left| left.checked_sub(SUCCESSES_PER_RETRY))
    }

    /// Notes a success.
    pub(crate) fn earn(&self) {
        self.change(|left| (left < CAPACITY * SUCCESSES_PER_RETRY).then_some(left + 1));
    }

    /// Whether `next` had another value to put in place.
    fn change(&self, next: impl FnMut(u32) -> Option<u32>) -> bool {
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, next)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(budget: &RetryBudget) -> usize {
        std::iter::from_fn(|| budget.take().then_some(())).count()
    }

    #[test]
    fn fifty_retries_can_be_made_without_a_success() {
        assert_eq!(taken(&RetryBudget::default()), 50);
    }

    #[test]
    fn ten_successes_earn_one_retry_and_never_more_than_there_were() {
        let budget = RetryBudget::default();
        (0..1_000).for_each(|_| budget.earn());
        assert_eq!(taken(&budget), 50);
        (0..9).for_each(|_| budget.earn());
        assert_eq!(taken(&budget), 0);
        budget.earn();
        assert_eq!(taken(&budget), 1);
    }
}
