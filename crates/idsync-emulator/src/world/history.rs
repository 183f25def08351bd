//! What a DWS cluster remembers of the runs of its identity source, as it stands at one moment.

use std::borrow::Cow;

use super::Placed;
use crate::clock::Time;
use crate::ids::uuid;
use crate::scenario::{Ending, IdentitySource, Passage, Records, Run, Runs, SourceType};

/// The scenario's records of one cluster.
#[derive(Debug)]
pub(super) struct History<'a> {
    records: Told<'a>,
    time: Time,
    salt: u64,
}

#[derive(Debug)]
enum Told<'a> {
    Held(&'a [Run]),
    Live(&'a IdentitySource, Runs<'a, Ending>),
}

/// One record, without the names of its cluster. Times are milliseconds since the epoch.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) id: String,
    pub(super) source_type: SourceType,
    pub(super) started: i64,
    /// `None` while the run goes on.
    pub(super) ended: Option<i64>,
    pub(super) ending: Cow<'a, Ending>,
}

impl<'a> History<'a> {
    pub(super) fn of(placed: &'a Placed, time: Time) -> Self {
        let records = match &placed.cluster.records {
            Records::Held(runs) => Told::Held(runs),
            Records::Live(source) => Told::Live(source, source.course.runs(time)),
        };
        Self {
            records,
            time,
            salt: placed.salt,
        }
    }

    pub(super) fn count(&self) -> u64 {
        match &self.records {
            Told::Held(runs) => runs.len() as u64,
            Told::Live(_, runs) => runs.count(),
        }
    }

    /// The record at a place of the list.
    pub(super) fn nth(&self, place: u64) -> Option<Entry<'a>> {
        match &self.records {
            Told::Held(runs) => {
                let run = runs.get(usize::try_from(place).ok()?)?;
                Some(self.held(run, place))
            }
            Told::Live(source, runs) if source.newest_first => {
                let number = runs.count().checked_sub(place.checked_add(1)?)?;
                Some(self.live(source, &runs.nth(number)?))
            }
            Told::Live(source, runs) => Some(self.live(source, &runs.nth(place)?)),
        }
    }

    /// Whether the newest run has not ended.
    pub(super) fn is_running(&self) -> bool {
        match &self.records {
            Told::Held(runs) => {
                let newest = runs.iter().max_by_key(|run| run.start.at(self.time));
                newest.is_some_and(|run| run.ending.status == Ending::RUNNING)
            }
            Told::Live(_, runs) => runs.last().is_some_and(|run| run.ended.is_none()),
        }
    }

    fn held(&self, run: &'a Run, place: u64) -> Entry<'a> {
        let started = run.start.at(self.time);
        Entry {
            id: self.id(place),
            source_type: run.source_type,
            started,
            ended: run.ending.lasts.map(|lasts| started.saturating_add(lasts)),
            ending: Cow::Borrowed(&run.ending),
        }
    }

    /// While a run goes on, nothing is told of how it will end (inferred).
    fn live(&self, source: &IdentitySource, run: &Passage<'a, Ending>) -> Entry<'a> {
        let ending = match run.ended {
            Some(_) => Cow::Borrowed(run.outcome),
            None => Cow::Owned(Ending::under_way()),
        };
        Entry {
            id: self.id(run.number),
            source_type: source.source_type,
            started: run.started,
            ended: run.ended,
            ending,
        }
    }

    fn id(&self, number: u64) -> String {
        uuid(self.salt, number.saturating_add(1))
    }
}
