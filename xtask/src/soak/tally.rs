//! What callers have sent and got.

use std::fmt;

/// Wrong answers that are told in full.
const TOLD: usize = 10;

/// How many calls were made, and what came of them.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) sent: u64,
    /// Calls that a fault struck, as far as their answers show it.
    pub(super) struck: u64,
    wrong: Vec<String>,
    wrong_count: u64,
}

impl Tally {
    #[cfg(test)]
    pub(super) fn of(sent: u64, struck: u64) -> Self {
        Self {
            sent,
            struck,
            ..Self::default()
        }
    }

    /// Notes an answer that nothing explains.
    pub(super) fn note(&mut self, wrong: String) {
        self.wrong_count += 1;
        if self.wrong.len() < TOLD {
            self.wrong.push(wrong);
        }
    }

    pub(super) fn join(&mut self, other: Self) {
        self.sent += other.sent;
        self.struck += other.struck;
        self.wrong_count += other.wrong_count;
        self.wrong.extend(other.wrong);
        self.wrong.truncate(TOLD);
    }

    /// What should not have been: wrong answers, and faults that struck too often or too seldom.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = self.wrong.clone();
        if self.wrong_count > 0 {
            problems.push(format!("{} answers were wrong", self.wrong_count));
        }
        // Five in a hundred were asked for; chance moves that by little once there are thousands.
        if self.sent < 1_000 || !(3..=7).contains(&(self.struck * 100 / self.sent)) {
            problems.push(format!(
                "{} of {} calls were struck",
                self.struck, self.sent
            ));
        }
        problems
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sent, struck) = (self.sent, self.struck);
        write!(
            f,
            "{sent} requests sent, {struck} of them struck by a fault"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: [&str; 0] = [];

    #[test]
    fn a_share_of_faults_near_the_one_asked_for_is_no_problem() {
        for struck in [300, 500, 799] {
            assert_eq!(Tally::of(10_000, struck).problems(), NONE, "{struck}");
        }
    }

    #[test]
    fn faults_that_strike_too_seldom_or_too_often_are_a_problem() {
        for struck in [0, 299, 800, 10_000] {
            let expected = format!("{struck} of 10000 calls were struck");
            assert_eq!(Tally::of(10_000, struck).problems(), [expected]);
        }
    }

    #[test]
    fn too_few_calls_prove_nothing() {
        assert_eq!(Tally::of(1_000, 50).problems(), NONE);
        assert_eq!(
            Tally::of(999, 50).problems(),
            ["50 of 999 calls were struck"]
        );
        assert_eq!(Tally::of(0, 0).problems(), ["0 of 0 calls were struck"]);
    }

    #[test]
    fn every_wrong_answer_counts_and_the_first_are_told() {
        let mut tally = Tally::of(10_000, 500);
        for n in 0..TOLD + 5 {
            tally.note(format!("answer {n}"));
        }
        let problems = tally.problems();
        assert_eq!(problems.len(), TOLD + 1);
        assert_eq!(problems[0], "answer 0");
        assert_eq!(problems[TOLD], format!("{} answers were wrong", TOLD + 5));
    }

    #[test]
    fn what_callers_counted_is_added_up() {
        let mut one = Tally::of(6_000, 280);
        one.note("of one".to_owned());
        let mut other = Tally::of(4_000, 220);
        (0..TOLD).for_each(|n| other.note(format!("of another, {n}")));
        one.join(other);
        assert_eq!(
            one.to_string(),
            "10000 requests sent, 500 of them struck by a fault"
        );
        let problems = one.problems();
        assert_eq!((problems.len(), problems[0].as_str()), (TOLD + 1, "of one"));
        assert_eq!(problems[TOLD], format!("{} answers were wrong", TOLD + 1));
    }
}
