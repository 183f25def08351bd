//! A day, and whether the history has all of it.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::{MonitorError, Reader};

/// A sweep that began so long ago and is not stored never will be.
const LONGEST_SWEEP: SignedDuration = SignedDuration::from_hours(6);

/// A day in UTC.
#[derive(Clone, Copy, Debug)]
pub(super) struct Day {
    pub(super) date: Date,
    pub(super) began_at: Timestamp,
    /// The beginning of the next day.
    pub(super) ended_at: Timestamp,
}

impl Day {
    pub(super) fn new(date: Date) -> Result<Self, MonitorError> {
        let out_of_range =
            |error| MonitorError::caused(format!("{date} is not a day of a history"), error);
        let began_at = date.to_zoned(TimeZone::UTC).map_err(out_of_range)?;
        let next = date.tomorrow().map_err(out_of_range)?;
        let ended_at = next.to_zoned(TimeZone::UTC).map_err(out_of_range)?;
        Ok(Self {
            date,
            began_at: began_at.timestamp(),
            ended_at: ended_at.timestamp(),
        })
    }

    /// Refuses a day whose rows can still change, or some of whose rows were never there or are forgotten.
    pub(super) fn ensure_stored(
        &self,
        reader: &Reader,
        now: Timestamp,
    ) -> Result<(), MonitorError> {
        let Self {
            date,
            began_at,
            ended_at,
        } = *self;
        let refused = |why: String| {
            Err(MonitorError::new(format!(
                "{date} cannot be exported: {why}"
            )))
        };
        if now < ended_at {
            return refused(format!("it is not over before {ended_at}"));
        }
        let sql = "select min(started_at), (select min(first_seen) from cluster) from sweep";
        let kept = reader.query(sql, Vec::new(), |row| Ok((row.get(0)?, row.get(1)?)))?;
        let kept = kept.into_iter().next().unwrap_or_default();
        let (oldest, first_seen): (Option<Timestamp>, Option<Timestamp>) = kept;
        let Some(oldest) = oldest else {
            return refused("the history has no sweep".to_owned());
        };
        if oldest >= ended_at {
            return refused(format!("the history begins at {oldest}"));
        }
        // Clusters are kept for longer than sweeps, so this one was seen by a sweep that is forgotten.
        if oldest > began_at && first_seen.is_some_and(|seen| seen < oldest) {
            return refused(format!("the history only reaches back to {oldest}"));
        }
        let last_store = ended_at.saturating_add(LONGEST_SWEEP).unwrap_or(ended_at);
        if now < last_store && is_unfinished(reader, self)? {
            return refused(format!(
                "a sweep of that day may still be in progress; try again after the next sweep, or after {last_store}"
            ));
        }
        Ok(())
    }
}

/// Whether a shard that swept on the day has not stored a later sweep: sweeps of a shard are stored one after the other.
fn is_unfinished(reader: &Reader, day: &Day) -> Result<bool, MonitorError> {
    let sql =
        "select shard from sweep where started_at >= ?1 group by shard having max(started_at) < ?2";
    let values = vec![day.began_at.into(), day.ended_at.into()];
    let shards = reader.query(sql, values, |row| row.get::<String>(0))?;
    Ok(!shards.is_empty())
}
