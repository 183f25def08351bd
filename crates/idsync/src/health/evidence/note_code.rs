//! The findings that a reader should know of beside a verdict, by name.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use crate::open_words;

/// What was found, though it has no bearing on the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(transform = open_words)]
#[non_exhaustive]
pub enum NoteCode {
    /// DWS has no records: its identity sources are off, or have never run.
    NoRecords,
    /// MRS is not copying IAM users, which says nothing of how the last time went.
    IamSyncIdle,
    /// MRS left the flag out of its answer.
    IamSyncUnreported,
    /// DataArts Studio says that a run is in progress and the cluster's service says none is, or the reverse.
    SourcesDisagree,
    /// A source could not be asked, or not all of its answer could be read.
    SourceUnavailable,
    /// The newest ended run of an identity source deleted more identities than
    /// [`Rules::mass_deletion`](crate::health::Rules::mass_deletion).
    MassDeletion,
    /// A reason that does not count, by an [`IgnoreRule`](crate::health::IgnoreRule).
    ReasonIgnored,
}

impl NoteCode {
    /// Every code.
    pub const ALL: [Self; 7] = [
        Self::NoRecords,
        Self::IamSyncIdle,
        Self::IamSyncUnreported,
        Self::SourcesDisagree,
        Self::SourceUnavailable,
        Self::MassDeletion,
        Self::ReasonIgnored,
    ];

    /// The word for it in outputs, such as `no_records`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoRecords => "no_records",
            Self::IamSyncIdle => "iam_sync_idle",
            Self::IamSyncUnreported => "iam_sync_unreported",
            Self::SourcesDisagree => "sources_disagree",
            Self::SourceUnavailable => "source_unavailable",
            Self::MassDeletion => "mass_deletion",
            Self::ReasonIgnored => "reason_ignored",
        }
    }
}

impl fmt::Display for NoteCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed_and_written_by_its_word() {
        for code in NoteCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
        let schema = schemars::schema_for!(NoteCode).to_value();
        let mut keys = ["oneOf", "x-extensible-enum"].into_iter();
        let listed = keys.find_map(|key| schema[key].as_array()).unwrap();
        assert_eq!(listed.len(), NoteCode::ALL.len());
    }
}
