//! Which clusters a sweep asks when the budget does not allow all.

use std::cmp::Reverse;
use std::time::Duration;

use jiff::Timestamp;

/// So many requests in so much time, for the user of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// At least 1.
    pub requests: usize,
    /// Longer than zero.
    pub per: Duration,
}

impl Budget {
    /// The requests of one interval.
    pub(crate) fn in_interval(self, interval: Duration) -> f64 {
        let share = interval.as_secs_f64() / self.per.as_secs_f64();
        let requests = u32::try_from(self.requests).map_or(f64::MAX, f64::from);
        (requests * share).min(requests)
    }
}

/// What decides when a cluster is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// In trouble, or running: its verdict may change soon.
    pub(crate) is_unwell: bool,
    /// Whether its task has changed since the last sweep.
    pub(crate) is_changed: bool,
    /// When its service was last asked.
    pub(crate) tried_at: Option<Timestamp>,
}

/// Chooses at most `most` candidates, by their positions: unwell ones first, then changed ones, then the longest unasked.
///
/// Half of the places go to the longest unasked whatever they are: a fleet with much trouble is otherwise never seen whole.
pub(crate) fn choose(candidates: &[Candidate], most: usize) -> Vec<usize> {
    let mut chosen: Vec<_> = candidates.iter().enumerate().collect();
    if candidates.len() > most {
        chosen.sort_by_key(|(_, one)| {
            let is_needy = (one.is_unwell, one.is_changed);
            (Reverse(is_needy), one.tried_at)
        });
        let mut by_age = chosen.split_off(most.div_ceil(2));
        by_age.sort_by_key(|(_, one)| one.tried_at);
        by_age.truncate(most / 2);
        chosen.append(&mut by_age);
    }
    chosen.into_iter().map(|(position, _)| position).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(is_unwell: bool, is_changed: bool, tried: Option<i64>) -> Candidate {
        Candidate {
            is_unwell,
            is_changed,
            tried_at: tried.map(|second| Timestamp::from_second(second).unwrap()),
        }
    }

    #[test]
    fn unwell_clusters_come_first_then_changed_ones_then_the_longest_unasked() {
        let candidates = [
            candidate(false, false, Some(1)),
            candidate(false, true, Some(9)),
            candidate(true, false, Some(9)),
            candidate(false, false, None),
            candidate(false, false, Some(5)),
        ];
        assert_eq!(choose(&candidates, 9), [0, 1, 2, 3, 4]);
        assert_eq!(choose(&candidates, 1), [2]);
        assert_eq!(choose(&candidates, 3), [2, 1, 3]);
        assert_eq!(choose(&candidates, 0), [0_usize; 0]);
    }

    #[test]
    fn every_cluster_is_asked_in_the_end_although_most_are_unwell() {
        let mut candidates: Vec<_> = (0..100)
            .map(|number| candidate(number < 90, false, Some(0)))
            .collect();
        for sweep in 1..=30 {
            for position in choose(&candidates, 10) {
                candidates[position].tried_at = Some(Timestamp::from_second(sweep).unwrap());
            }
        }
        let forgotten = candidates
            .iter()
            .filter(|one| one.tried_at == Some(Timestamp::UNIX_EPOCH));
        assert_eq!(forgotten.count(), 0);
    }

    #[test]
    fn an_interval_has_its_share_of_the_budget() {
        let budget = Budget {
            requests: 200,
            per: Duration::from_mins(5),
        };
        assert!((budget.in_interval(Duration::from_mins(1)) - 40.0).abs() < 1e-9);
        assert!((budget.in_interval(Duration::from_hours(1)) - 200.0).abs() < 1e-9);
    }
}
