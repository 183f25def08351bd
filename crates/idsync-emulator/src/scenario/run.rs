//! The runs of a DWS identity source, which the service lists as records.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Course, Lasting, Moment};

/// How a run goes. Counts are numbers of users and groups.
#[derive(Clone, Debug)]
pub(crate) struct Ending {
    /// The status that it leaves behind.
    pub(crate) status: Cow<'static, str>,
    /// Milliseconds from start to end; `None` if it never ends.
    pub(crate) lasts: Option<i64>,
    pub(crate) added: u32,
    pub(crate) updated: u32,
    pub(crate) deleted: u32,
    pub(crate) failed: u32,
    pub(crate) fail_reason: Option<Cow<'static, str>>,
}

/// Where users come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SourceType {
    /// A directory.
    #[default]
    Ldap,
    /// OneAccess.
    OneAccess,
}

/// One run that stays as it is.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) source_type: SourceType,
    pub(crate) start: Moment,
    pub(crate) ending: Ending,
}

/// The records of a DWS cluster.
#[derive(Clone, Debug)]
pub(crate) enum Records {
    /// In the order in which the service lists them, which need not be by time.
    Held(Vec<Run>),
    /// One for each run of an identity source.
    Live(IdentitySource),
}

/// An identity source that runs by itself.
#[derive(Clone, Debug)]
pub(crate) struct IdentitySource {
    pub(crate) source_type: SourceType,
    pub(crate) course: Course<Ending>,
    /// Lists the newest run first, else last.
    pub(crate) newest_first: bool,
}

impl Ending {
    /// The status of a run that goes on.
    pub(crate) const RUNNING: &'static str = "RUNNING";
    /// The status of a run that ended well.
    pub(crate) const FINISHED: &'static str = "FINISHED";
    /// The status of a run that ended in an error.
    pub(crate) const FAILED: &'static str = "FAILED";

    /// Ends well and changes nothing.
    pub(crate) fn finished() -> Self {
        Self {
            status: Self::FINISHED.into(),
            lasts: Some(41_300),
            added: 0,
            updated: 0,
            deleted: 0,
            failed: 0,
            fail_reason: None,
        }
    }

    /// Ends in an error.
    pub(crate) fn failed(reason: &'static str) -> Self {
        Self {
            status: Self::FAILED.into(),
            lasts: Some(9_800),
            fail_reason: Some(reason.into()),
            ..Self::finished()
        }
    }

    /// Goes on.
    pub(crate) fn under_way() -> Self {
        Self {
            status: Self::RUNNING.into(),
            lasts: None,
            ..Self::finished()
        }
    }

    pub(crate) fn counts(mut self, added: u32, updated: u32, deleted: u32) -> Self {
        (self.added, self.updated, self.deleted) = (added, updated, deleted);
        self
    }

    pub(crate) fn with_failures(mut self, failed: u32) -> Self {
        self.failed = failed;
        self
    }
}

impl Lasting for Ending {
    fn lasts(&self) -> Option<i64> {
        self.lasts
    }
}

impl SourceType {
    /// The value on the wire.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Ldap => "ldap",
            Self::OneAccess => "oneaccess",
        }
    }
}

impl Run {
    /// A run that ended well and changed nothing.
    pub(crate) fn finished(ago: i64) -> Self {
        Self {
            source_type: SourceType::Ldap,
            start: Moment::Ago(ago),
            ending: Ending::finished(),
        }
    }

    /// A run that ended in an error.
    pub(crate) fn failed(ago: i64, reason: &'static str) -> Self {
        Self {
            ending: Ending::failed(reason),
            ..Self::finished(ago)
        }
    }

    /// A run that has not ended.
    pub(crate) fn running(start: Moment) -> Self {
        Self {
            start,
            ending: Ending::under_way(),
            ..Self::finished(0)
        }
    }

    pub(crate) fn status(mut self, status: &'static str) -> Self {
        self.ending.status = status.into();
        self
    }

    /// Takes the users from OneAccess instead of a directory.
    pub(crate) fn via_oneaccess(mut self) -> Self {
        self.source_type = SourceType::OneAccess;
        self
    }

    pub(crate) fn counts(mut self, added: u32, updated: u32, deleted: u32) -> Self {
        self.ending = self.ending.counts(added, updated, deleted);
        self
    }

    pub(crate) fn with_failures(mut self, failed: u32) -> Self {
        self.ending = self.ending.with_failures(failed);
        self
    }
}
