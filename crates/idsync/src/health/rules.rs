//! The settings of the judgement.

mod ignore;
mod settings;

use std::time::Duration;

use jiff::tz::{self, Offset};
use jiff::{SignedDuration, Timestamp};

pub use self::ignore::IgnoreRule;
pub use self::settings::RuleSettings;
use super::ReasonCode;

/// Where the judgement draws its lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    grace: Duration,
    longest_run: Duration,
    offset: Offset,
    mass_deletion: u64,
    ignore: Vec<IgnoreRule>,
}

impl Default for Rules {
    fn default() -> Self {
        const HALF_AN_HOUR: Duration = Duration::from_mins(30);
        Self {
            grace: HALF_AN_HOUR,
            longest_run: HALF_AN_HOUR,
            offset: tz::offset(8),
            mass_deletion: 100,
            ignore: Vec::new(),
        }
    }
}

impl Rules {
    /// The rules with every default.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how late a scheduled run may be before it counts as missed. Default: 30 minutes.
    #[must_use]
    pub fn with_grace(self, grace: Duration) -> Self {
        Self { grace, ..self }
    }

    /// Sets how long a run may take before it counts as stuck. Default: 30 minutes, the limit at which DataArts Studio
    /// stops a run.
    #[must_use]
    pub fn with_longest_run(self, longest_run: Duration) -> Self {
        Self {
            longest_run,
            ..self
        }
    }

    /// Sets the distance of the service's local time from UTC, in which its daily windows are written. Default: +8
    /// hours, inferred from the example of the reference page, whose log text and epoch time name the same run.
    #[must_use]
    pub fn with_offset(self, offset: Offset) -> Self {
        Self { offset, ..self }
    }

    /// Sets how many identities one run of an identity source may delete without a note. Default: 100.
    #[must_use]
    pub fn with_mass_deletion(self, identities: u64) -> Self {
        Self {
            mass_deletion: identities,
            ..self
        }
    }

    /// Adds what does not count. Default: everything counts.
    #[must_use]
    pub fn with_ignored(mut self, rules: impl IntoIterator<Item = IgnoreRule>) -> Self {
        self.ignore.extend(rules);
        self
    }

    /// How late a scheduled run may be before it counts as missed.
    pub fn grace(&self) -> Duration {
        self.grace
    }

    /// How long a run may take before it counts as stuck.
    pub fn longest_run(&self) -> Duration {
        self.longest_run
    }

    /// The distance of the service's local time from UTC.
    pub fn offset(&self) -> Offset {
        self.offset
    }

    /// How many identities one run of an identity source may delete without a note.
    pub fn mass_deletion(&self) -> u64 {
        self.mass_deletion
    }

    /// What does not count.
    pub fn ignored(&self) -> &[IgnoreRule] {
        &self.ignore
    }

    /// Whether the cluster with this id and name is left out as a whole.
    pub(super) fn leave_out(&self, id: Option<&str>, name: Option<&str>) -> bool {
        self.ignore.iter().any(|rule| rule.leaves_out(id, name))
    }

    /// Which reasons do not count for the cluster with this id and name.
    pub(super) fn silenced(&self, id: Option<&str>, name: Option<&str>) -> Vec<ReasonCode> {
        let rules = self.ignore.iter();
        rules.filter_map(|rule| rule.silenced(id, name)).collect()
    }

    /// Whether a run that started at `start` has gone on for longer than one may.
    pub(super) fn is_overrun(&self, start: Timestamp, now: Timestamp) -> bool {
        now.duration_since(start) > signed(self.longest_run)
    }

    /// Whether a run that was due at `due` should have taken place by now, the grace included.
    pub(super) fn is_missed(&self, due: Timestamp, now: Timestamp) -> bool {
        now.duration_since(due) > signed(self.grace)
    }
}

/// The same duration, or the longest one that has a sign: longer than all of time either way.
fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}
