//! The scale on which health is judged.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::Serialize;

use crate::Error;

/// How healthy a cluster, or all of them, is.
///
/// A worse verdict compares greater, so that the maximum of several is the one that counts.
///
/// ```
/// use idsync::health::Verdict;
///
/// assert!(Verdict::Failing > Verdict::Healthy);
/// assert_eq!("never_run".parse::<Verdict>()?, Verdict::NeverRun);
/// # Ok::<(), idsync::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The last run succeeded and the next is not late.
    Healthy,
    /// A run is in progress, and not for too long.
    Running,
    /// Nothing has run yet.
    NeverRun,
    /// Nothing is known that would allow another verdict.
    Unknown,
    /// The last run ended, but failed on some identities.
    Partial,
    /// A scheduled run did not take place.
    Overdue,
    /// A run is in progress for longer than one can take.
    Stuck,
    /// The last run failed.
    Failing,
}

impl Verdict {
    /// Every verdict, worst first.
    pub const ALL: [Self; 8] = [
        Self::Failing,
        Self::Stuck,
        Self::Overdue,
        Self::Partial,
        Self::Unknown,
        Self::NeverRun,
        Self::Running,
        Self::Healthy,
    ];

    /// The word for it in flags and outputs, such as `never_run`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Failing => "failing",
            Self::Stuck => "stuck",
            Self::Overdue => "overdue",
            Self::Partial => "partial",
            Self::Unknown => "unknown",
            Self::NeverRun => "never_run",
            Self::Running => "running",
            Self::Healthy => "healthy",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Verdict {
    type Err = Error;

    /// Reads the word for a verdict.
    ///
    /// # Errors
    ///
    /// A usage error that lists the words, for any other text.
    fn from_str(word: &str) -> Result<Self, Error> {
        let found = Self::ALL
            .into_iter()
            .find(|verdict| verdict.as_str() == word);
        found.ok_or_else(|| {
            let words = Self::ALL.map(Self::as_str).join(", ");
            Error::invalid_input(format!("{word:?} is not a verdict; give one of: {words}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_all_runs_from_worst_to_best() {
        assert!(Verdict::ALL.windows(2).all(|pair| pair[0] > pair[1]));
    }

    #[test]
    fn each_verdict_is_written_and_read_by_the_same_word() {
        for verdict in Verdict::ALL {
            assert_eq!(verdict.as_str().parse::<Verdict>().unwrap(), verdict);
            assert_eq!(serde_json::to_value(verdict).unwrap(), verdict.as_str());
        }
    }

    #[test]
    fn an_unknown_word_is_refused_with_the_list_of_words() {
        for word in ["", "Failing", "never-run", "ok"] {
            let error = word.parse::<Verdict>().unwrap_err().to_string();
            assert!(error.contains("failing, stuck, overdue"), "{error}");
        }
    }
}
