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

    fn tally(sent: u64, struck: u64) -> Tally {
        Tally {
            sent,
            struck,
            ..Tally::default()
        }
    }

    #[test]
    fn wrong_answers_and_a_wrong_share_of_faults_are_problems() {
        assert_eq!(tally(10_000, 500).problems(), Vec::<String>::new());
        assert_eq!(tally(10_000, 5_000).problems().len(), 1);
        assert_eq!(tally(10, 0).problems().len(), 1);
        let mut wrong = tally(10_000, 500);
        wrong.note("not JSON".to_owned());
        assert_eq!(wrong.problems().len(), 2);
    }
}
