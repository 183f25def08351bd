//! How the runs of a series go, one after the other.

/// Outcomes in the order of the runs.
#[derive(Clone, Debug)]
pub(crate) struct Script<T> {
    steps: Vec<Step<T>>,
    then: Then,
}

#[derive(Clone, Debug)]
struct Step<T> {
    outcome: T,
    /// How many runs there are up to the last one that goes this way.
    until: u64,
}

/// What comes after the last outcome of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// The first, and so on.
    Repeat,
    /// The last, for good.
    KeepLast,
}

impl<T> Script<T> {
    /// Every run goes the same way.
    pub(crate) fn always(outcome: T) -> Self {
        Self::new([(outcome, 1)], Then::KeepLast)
    }

    /// Outcomes with how many runs in a row go that way.
    pub(crate) fn new(outcomes: impl IntoIterator<Item = (T, u64)>, then: Then) -> Self {
        let counted = outcomes.into_iter().scan(0_u64, |until, (outcome, times)| {
            *until = until.saturating_add(times);
            Some(Step {
                outcome,
                until: *until,
            })
        });
        Self {
            steps: counted.collect(),
            then,
        }
    }

    /// How the run of a number goes, from 0; `None` only if the script is empty.
    pub(crate) fn outcome(&self, number: u64) -> Option<&T> {
        let length = self.steps.last()?.until;
        let number = match self.then {
            Then::Repeat => number.checked_rem(length)?,
            Then::KeepLast => number.min(length.checked_sub(1)?),
        };
        let at = self.steps.partition_point(|step| step.until <= number);
        self.steps.get(at).map(|step| &step.outcome)
    }

    /// The number of the first run that is `wanted`.
    pub(crate) fn first(&self, wanted: impl Fn(&T) -> bool) -> Option<u64> {
        self.first_in_a_row(1, wanted)
    }

    /// The number of the run that is the `count`th in a row to be `wanted`.
    pub(crate) fn first_in_a_row(&self, count: u64, wanted: impl Fn(&T) -> bool) -> Option<u64> {
        let (mut number, mut row) = (0_u64, 0_u64);
        // A row that ends at all begins within the first round, and has `count` runs after as many rounds.
        for round in 0..=count {
            for (outcome, times) in self.rows() {
                if !wanted(outcome) {
                    row = 0;
                } else if row.saturating_add(times) >= count {
                    return Some(number + (count - row) - 1);
                } else {
                    row += times;
                }
                number = number.saturating_add(times);
            }
            if self.then == Then::KeepLast && round == 0 {
                let last = self.steps.last().filter(|step| wanted(&step.outcome))?;
                return Some(last.until + (count - row) - 1);
            }
        }
        None
    }

    fn rows(&self) -> impl Iterator<Item = (&T, u64)> {
        let starts = std::iter::once(0).chain(self.steps.iter().map(|step| step.until));
        let steps = self.steps.iter().zip(starts);
        steps.map(|(step, start)| (&step.outcome, step.until - start))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(script: &Script<char>, runs: u64) -> String {
        (0..runs).filter_map(|n| script.outcome(n)).collect()
    }

    #[test]
    fn outcomes_come_as_often_as_they_are_told_and_again_or_stay() {
        let outcomes = [('a', 2), ('b', 1)];
        let repeated = Script::new(outcomes, Then::Repeat);
        assert_eq!(said(&repeated, 8), "aabaabaa");
        let kept = Script::new(outcomes, Then::KeepLast);
        assert_eq!(said(&kept, 6), "aabbbb");
        assert_eq!(said(&Script::always('c'), 3), "ccc");
    }

    proptest! {
        #[test]
        fn a_row_is_found_where_counting_finds_it(
            outcomes in prop::collection::vec((prop::bool::ANY, 1_u64..6), 1..6),
            repeat in prop::bool::ANY,
            count in 1_u64..12,
        ) {
            let then = if repeat { Then::Repeat } else { Then::KeepLast };
            let script = Script::new(outcomes, then);
            let mut row = 0;
            let counted = (0..500).find(|number| {
                row = if *script.outcome(*number).unwrap() { row + 1 } else { 0 };
                row == count
            });
            prop_assert_eq!(script.first_in_a_row(count, |failed| *failed), counted);
        }
    }
}
