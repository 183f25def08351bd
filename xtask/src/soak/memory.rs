//! How much memory a process takes over time.

use std::fmt;
use std::thread;
use std::time::Duration;

use crate::tools::Failure;

/// Looks that are taken over the whole time.
const LOOKS: u32 = 60;

/// Growth that is no leak: buffers and tables that had not been full yet, in kilobytes.
const SLACK: u64 = 8 * 1_024;

/// Resident memory in kilobytes, in the order of time.
#[derive(Debug)]
pub(super) struct Memory(Vec<u64>);

impl Memory {
    /// Looks at a process again and again for so long.
    ///
    /// # Errors
    ///
    /// [`Failure`] if the process is gone, or the system does not tell: only Linux does.
    pub(super) fn watch(process: u32, time: Duration) -> Result<Self, Failure> {
        let looks = (0..LOOKS).map(|_| {
            thread::sleep(time / LOOKS);
            resident(process)
        });
        looks.collect::<Result<_, _>>().map(Self)
    }

    #[cfg(test)]
    pub(super) fn of(looks: Vec<u64>) -> Self {
        Self(looks)
    }

    /// The most in a part of the time.
    fn most(&self, part: std::ops::Range<usize>) -> u64 {
        let looks = self.0.get(part).unwrap_or_default();
        looks.iter().copied().max().unwrap_or_default()
    }

    /// The journal is full and everything has been asked for once in the first half; after that, nothing should grow.
    pub(super) fn problem(&self) -> Option<String> {
        let (half, end) = (self.0.len() / 2, self.0.len());
        let (first, second) = (self.most(0..half), self.most(half..end));
        (second > first + first / 10 + SLACK)
            .then(|| format!("memory grew from {first} to {second} kB in the second half"))
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (half, end) = (self.0.len() / 2, self.0.len());
        let (first, second) = (self.most(0..half), self.most(half..end));
        write!(
            f,
            "at most {first} kB in the first half, {second} kB in the second"
        )
    }
}

fn resident(process: u32) -> Result<u64, Failure> {
    let file = format!("/proc/{process}/status");
    let failed = |what: &str| Failure::new(format!("{file}: {what}"));
    let text = std::fs::read_to_string(&file).map_err(|error| failed(&error.to_string()))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let digits = line.and_then(|line| line.split_whitespace().next());
    let size = digits.and_then(|digits| digits.parse().ok());
    size.ok_or_else(|| failed("it does not tell the resident memory"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_that_grows_in_the_second_half_is_a_problem() {
        let flat = [vec![10_000; 30], vec![50_000; 60]].concat();
        assert_eq!(Memory(flat).problem(), None);
        let leak = (0..60).map(|look| 20_000 + look * 1_000).collect();
        assert!(Memory(leak).problem().is_some());
    }
}
