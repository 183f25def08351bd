//! A synchronization record of DWS.

use idsync_api::dws::enums::{IdentitySourceType, RecordStatus};
use idsync_api::dws::types;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::{BadField, FromWire, count, instant};

/// One run of an identity source of a DWS cluster.
///
/// Fields are named as on the wire; one that the service left out or set to null is `None`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Record {
    /// The id of the record.
    pub id: Option<String>,
    /// The identity source that ran.
    pub identity_source_id: Option<String>,
    /// What the identity source is. The values `ldap` and `oneaccess` are inferred from the SDKs.
    pub identity_source_type: Option<IdentitySourceType>,
    /// When the run started.
    pub start_time: Option<Timestamp>,
    /// When the run ended; not set while it runs (inferred).
    pub end_time: Option<Timestamp>,
    /// How many identities the run added.
    pub add_count: Option<u64>,
    /// How many identities the run updated.
    pub update_count: Option<u64>,
    /// How many identities the run deleted.
    pub delete_count: Option<u64>,
    /// How many identities the run failed on.
    pub failed_count: Option<u64>,
    /// How the run stands. The values are inferred from the SDKs: the page names none.
    pub status: Option<RecordStatus>,
    /// Why the run failed.
    pub fail_reason: Option<String>,
}

impl FromWire<types::IdentitySourceSyncRecordVo> for Record {
    fn from_wire(wire: types::IdentitySourceSyncRecordVo) -> Result<Self, BadField> {
        Ok(Self {
            id: wire.id,
            identity_source_id: wire.identity_source_id,
            identity_source_type: wire.identity_source_type,
            start_time: instant("start_time", wire.start_time)?,
            end_time: instant("end_time", wire.end_time)?,
            add_count: count("add_count", wire.add_count)?,
            update_count: count("update_count", wire.update_count)?,
            delete_count: count("delete_count", wire.delete_count)?,
            failed_count: count("failed_count", wire.failed_count)?,
            status: wire.status,
            fail_reason: wire.fail_reason,
        })
    }
}
