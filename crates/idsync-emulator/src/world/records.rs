//! The records of a DWS cluster: those of its identity source, and generated ones from before.

use std::borrow::Cow;

use serde::Serialize;

use super::history::{Entry, History};
use super::{Placed, Window, World};
use crate::clock::Time;
use crate::ids::{mix, uuid};
use crate::scenario::{ClusterType, Ending, Moment, SourceType, days, minutes};

/// The answer of the record operation. The page does not tell whether `count` means all records or those given: all (inferred).
#[derive(Debug, Serialize)]
pub(crate) struct RecordPage {
    pub(crate) sync_records: Vec<RecordBody>,
    pub(crate) count: u64,
}

/// A record. Times are milliseconds since the epoch.
#[derive(Debug, Serialize)]
pub(crate) struct RecordBody {
    id: String,
    identity_source_id: String,
    identity_source_type: &'static str,
    start_time: i64,
    end_time: Option<i64>,
    add_count: u32,
    update_count: u32,
    delete_count: u32,
    failed_count: u32,
    status: Cow<'static, str>,
    fail_reason: Option<Cow<'static, str>>,
}

impl RecordBody {
    fn new(entry: Entry<'_>, placed: &Placed) -> Self {
        let ending = entry.ending.into_owned();
        Self {
            id: entry.id,
            identity_source_id: placed.identity_source_id.clone(),
            identity_source_type: entry.source_type.as_str(),
            start_time: entry.started,
            end_time: entry.ended,
            add_count: ending.added,
            update_count: ending.updated,
            delete_count: ending.deleted,
            failed_count: ending.failed,
            status: ending.status,
            fail_reason: ending.fail_reason,
        }
    }
}

impl World {
    /// One page of the records of a DWS cluster; `None` if there is no such cluster.
    pub(crate) fn records(
        &self,
        cluster_id: &str,
        window: Window,
        time: Time,
    ) -> Option<RecordPage> {
        let placed = self.placed(cluster_id)?;
        if placed.cluster.kind != ClusterType::Dws {
            return None;
        }
        let history = History::of(&placed, time);
        let count = self.record_count(&placed, &history);
        let end = window.skip.saturating_add(window.take).min(count);
        let entries =
            (window.skip..end).filter_map(|place| match place.checked_sub(history.count()) {
                None => history.nth(place),
                Some(n) => Some(self.generated(&placed, n, time)),
            });
        Some(RecordPage {
            sync_records: entries
                .map(|entry| RecordBody::new(entry, &placed))
                .collect(),
            count,
        })
    }

    pub(super) fn record_count(&self, placed: &Placed, history: &History<'_>) -> u64 {
        match self.first_dws_records {
            Some(count) if self.is_first_dws(&placed.cluster_id) => count,
            _ => history.count(),
        }
    }

    /// A run from before those of the scenario: the larger `n`, the longer ago, five minutes apart.
    fn generated(&self, placed: &Placed, n: u64, time: Time) -> Entry<'static> {
        let draw = mix(self.records_salt, n);
        let count = |shift: u32| u32::from(u8::try_from(draw >> shift & 0x0f).unwrap_or(0));
        let ending = match draw % 50 {
            0 => Ending::failed("LDAP search timed out after 30 s"),
            _ => Ending::finished().counts(count(8), count(16), count(24)),
        };
        let before = i64::try_from(n)
            .unwrap_or(i64::MAX)
            .saturating_mul(minutes(5));
        let started = Moment::Ago(days(30).saturating_add(before)).at(time);
        Entry {
            id: uuid(!placed.salt, n),
            source_type: SourceType::Ldap,
            started,
            ended: ending.lasts.map(|lasts| started.saturating_add(lasts)),
            ending: Cow::Owned(ending),
        }
    }
}
