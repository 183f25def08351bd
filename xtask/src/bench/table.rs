//! The medians of all turns, side by side.

use std::fmt::{self, Write as _};

use super::{Contestant, Figures};

/// A table that grows by one workload at a time.
#[derive(Debug, Default)]
pub(super) struct Table(String);

impl Table {
    /// Adds the turns of a workload, in the order of the contestants; factors are those of the first.
    pub(super) fn add(&mut self, title: &str, contestants: &[Contestant], turns: &[Vec<Figures>]) {
        // Writing to a string has no way to fail.
        let _ = writeln!(
            self.0,
            "{title:<24} {:>9} {:>6} {:>9} {:>6} {:>9} {:>11}",
            "WALL", "", "CPU", "", "MEMORY", "SERVER CPU"
        );
        let medians: Vec<_> = turns.iter().map(|turns| medians(turns)).collect();
        let Some(first) = medians.first().copied() else {
            return;
        };
        for (contestant, median) in contestants.iter().zip(medians) {
            let _ = writeln!(
                self.0,
                "  {:<22} {:>7.3} s {:>5.2}× {:>7.2} s {:>5.2}× {:>5.1} MiB {:>9.2} s",
                contestant.name,
                median.wall,
                median.wall / first.wall,
                median.processor,
                median.processor / first.processor,
                median.memory,
                median.emulator,
            );
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn medians(turns: &[Figures]) -> Figures {
    let of = |figure: fn(&Figures) -> f64| median(turns.iter().map(figure).collect());
    Figures {
        wall: of(|turn| turn.wall),
        processor: of(|turn| turn.processor),
        memory: of(|turn| turn.memory),
        emulator: of(|turn| turn.emulator),
    }
}

/// The value in the middle; the lower one of two.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len().saturating_sub(1) / 2;
    values.get(middle).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slow_turn_does_not_move_the_median() {
        assert_eq!(median(vec![3.0, 1.0, 900.0]).to_string(), "3");
        assert_eq!(median(vec![2.0, 1.0]).to_string(), "1");
    }
}
