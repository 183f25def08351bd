//! The scale on which health is judged.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every source was read and understood, the last runs succeeded, and none is late.
    Healthy,
    /// A run is in progress, and not for too long.
    Running,
    /// Nothing has run yet.
    NeverRun,
    /// Something that bears on the health is not known.
    Unknown,
    /// The last run ended, but failed on some identities.
    Partial,
    /// A run that was due did not take place.
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
    /// An error of kind `InvalidInput` that lists the words, for any other text.
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
