//! One run of a DWS identity source, which the service lists as a record.

use std::borrow::Cow;

use super::Moment;

/// How a run went. Counts are numbers of users and groups.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) source_type: &'static str,
    pub(crate) status: Cow<'static, str>,
    pub(crate) start: Moment,
    /// Milliseconds from start to end; `None` while it runs.
    pub(crate) lasted: Option<i64>,
    pub(crate) added: u32,
    pub(crate) updated: u32,
    pub(crate) deleted: u32,
    pub(crate) failed: u32,
    pub(crate) fail_reason: Option<Cow<'static, str>>,
}

impl Run {
    /// A run that ended well and changed nothing.
    pub(crate) fn finished(ago: i64) -> Self {
        Self {
            source_type: "ldap",
            status: "FINISHED".into(),
            start: Moment::Ago(ago),
            lasted: Some(41_300),
            added: 0,
            updated: 0,
            deleted: 0,
            failed: 0,
            fail_reason: None,
        }
    }

    /// A run that ended in an error.
    pub(crate) fn failed(ago: i64, reason: &'static str) -> Self {
        Self {
            status: "FAILED".into(),
            lasted: Some(9_800),
            fail_reason: Some(reason.into()),
            ..Self::finished(ago)
        }
    }

    /// A run that has not ended.
    pub(crate) fn running(start: Moment) -> Self {
        Self {
            status: "RUNNING".into(),
            start,
            lasted: None,
            ..Self::finished(0)
        }
    }

    pub(crate) fn status(mut self, status: &'static str) -> Self {
        self.status = status.into();
        self
    }

    /// Takes the users from OneAccess instead of a directory.
    pub(crate) fn via_oneaccess(mut self) -> Self {
        self.source_type = "oneaccess";
        self
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
