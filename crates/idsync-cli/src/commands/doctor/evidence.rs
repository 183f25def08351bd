//! What the responses of the services say about each inference.

use std::collections::{BTreeMap, BTreeSet};

use idsync::dataarts::{ClusterType, SchedulePeriod, ScheduleStatus, SyncStatus, Task};
use idsync::dws::{IdentitySourceType, Record, RecordStatus};
use idsync::{Error, Service};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::assumptions::{Assumption, Pages, Responses, SmallPage, Verification};
use crate::output::text::counted;

/// What was observed, if something was: whether the inference holds, and the evidence.
type Finding = Option<(Verification, String)>;

/// Most characters of a value that is not documented.
const MAX_VALUE: usize = 40;

/// The longest time from the start of a run to its log text: the limit of a run, and some minutes more.
const MAX_RUN: SignedDuration = SignedDuration::from_mins(35);

/// The offset from UTC of the times in log texts, in hours.
const LOG_OFFSET: i64 = 8;

/// Every inference, with what `responses` say about it at the time `now`.
pub(super) fn assumptions(responses: &Responses, now: Timestamp) -> Vec<Assumption> {
    let findings = [
        paging(responses),
        times(responses, now),
        values(responses),
        vec![
            (
                "dataarts.sharing",
                "workspaces of one instance have tasks in common".to_owned(),
                sharing(&responses.tasks),
            ),
            (
                "mrs.is_synchronizing",
                "MRS reports `is_synchronizing` as true or false".to_owned(),
                flags(&responses.flags),
            ),
        ],
    ];
    let findings = findings.into_iter().flatten();
    let assumption = |(name, statement, finding): Entry| {
        let (result, evidence) =
            finding.unwrap_or_else(|| (Verification::NotSeen, why_not_seen(name, responses)));
        Assumption {
            name,
            statement,
            result,
            evidence,
        }
    };
    findings.map(assumption).collect()
}

/// Name and statement of an inference, and what was observed.
type Entry = (&'static str, String, Finding);

/// Why nothing was observed: the error of a call without its message, or that there is too little to see.
fn why_not_seen(name: &str, responses: &Responses) -> String {
    let of_service = |service: Service| name.starts_with(service.as_str());
    let mut errors = responses.errors.iter();
    match errors.find(|(service, _)| of_service(*service)) {
        Some((_, error)) => {
            let status = error.status().map(|status| format!(" {status}"));
            let code = error.code().map(|code| format!(" {code}"));
            let details = [status, code].into_iter().flatten().collect::<String>();
            format!("a call failed: {}{details}", error.kind().as_str())
        }
        None => "nothing that was read shows it".to_owned(),
    }
}

fn finding(holds: bool, evidence: String) -> Finding {
    let result = if holds {
        Verification::Confirmed
    } else {
        Verification::Contradicted
    };
    Some((result, evidence))
}

fn paging(responses: &Responses) -> Vec<Entry> {
    let tasks = responses.tasks.iter().find(|pages| pages.small.is_some());
    let records = responses.records.iter().find(|pages| pages.small.is_some());
    let task = |task: &Task| task.id.clone();
    let record = |record: &Record| record.id.clone();
    let small_of = |pages: &Pages<Task>| begin(pages, pages.small.as_ref()?, task);
    vec![
        (
            "dataarts.offset_unit",
            "`offset` counts tasks, not pages".to_owned(),
            tasks
                .and_then(small_of)
                .and_then(|(begin, evidence)| finding(begin == Some(2), evidence)),
        ),
        (
            "dataarts.offset_rounding",
            "an `offset` that is no multiple of `limit` may be rounded down to one".to_owned(),
            tasks
                .and_then(|pages| begin(pages, pages.odd.as_ref()?, task))
                .filter(|(begin, _)| *begin == Some(0))
                .and_then(|(_, evidence)| finding(true, evidence)),
        ),
        (
            "dataarts.total",
            "`total` is the number of all tasks, not of those on the page".to_owned(),
            tasks.and_then(total),
        ),
        (
            "dws.offset_unit",
            "`offset` counts pages, not records".to_owned(),
            records
                .and_then(|pages| begin(pages, pages.small.as_ref()?, record))
                .and_then(|(begin, evidence)| finding(begin == Some(2), evidence)),
        ),
        (
            "dws.total",
            "`count` is the number of all records, not of those on the page".to_owned(),
            records.and_then(total),
        ),
        (
            "dws.order",
            "records are listed by `start_time`, newest first".to_owned(),
            order(&responses.records),
        ),
    ]
}

/// Which item of the list the small page begins with, counted from 0; none if it is empty. Nothing if the list has changed
/// meanwhile, or its items have no ids.
fn begin<T>(
    pages: &Pages<T>,
    small: &SmallPage<T>,
    id: impl Fn(&T) -> Option<String>,
) -> Option<(Option<usize>, String)> {
    let request = format!("with a limit of 2 and an offset of {}", small.offset);
    let Some(item) = small.page.items().first() else {
        return Some((None, format!("{request}, the page was empty")));
    };
    let wanted = Some(id(item)?);
    let place = pages
        .first
        .items()
        .iter()
        .position(|item| id(item) == wanted)?;
    let evidence = format!(
        "{request}, the page began with item {} of the list",
        place + 1
    );
    Some((Some(place), evidence))
}

/// Whether the total of a small page is that of the whole list.
fn total<T>(pages: &Pages<T>) -> Finding {
    let small = &pages.small.as_ref()?.page;
    let listed = pages.first.len() as u64;
    let (Some(of_small), Some(of_first)) = (small.total(), pages.first.total()) else {
        return finding(false, "no total is reported".to_owned());
    };
    let is_whole = listed < u64::from(pages.limit);
    let holds = of_small == of_first && of_small >= listed && (!is_whole || of_small == listed);
    let evidence = format!(
        "{of_first} on a page of {listed}, and {of_small} on a page of {}",
        small.len()
    );
    finding(holds, evidence)
}

/// The order of the longest list.
fn order(lists: &[Pages<Record>]) -> Finding {
    let list = lists.iter().max_by_key(|pages| pages.first.len())?;
    let times: Vec<_> = list
        .first
        .items()
        .iter()
        .filter_map(|it| it.start_time)
        .collect();
    if times.first() == times.last() {
        return None;
    }
    let evidence = |order| format!("{} come {order}", counted(times.len(), "record"));
    if times.is_sorted_by(|one, next| one >= next) {
        finding(true, evidence("newest first"))
    } else if times.is_sorted() {
        finding(false, evidence("oldest first"))
    } else {
        finding(false, evidence("in no order of their times"))
    }
}

fn times(responses: &Responses, now: Timestamp) -> Vec<Entry> {
    let tasks = || responses.tasks.iter().flat_map(|pages| pages.first.items());
    let records = responses
        .records
        .iter()
        .flat_map(|pages| pages.first.items());
    let task_times = tasks().flat_map(|it| [it.sync_time, it.create_time, it.update_time]);
    let record_times = records.flat_map(|it| [it.start_time, it.end_time]);
    let task_errors = responses
        .tasks
        .iter()
        .flat_map(|pages| pages.first.errors());
    let record_errors = responses
        .records
        .iter()
        .flat_map(|pages| pages.first.errors());
    vec![
        (
            "dataarts.time_unit",
            "`sync_time`, `create_time` and `update_time` are milliseconds since 1970, in UTC"
                .to_owned(),
            time_unit(task_times.flatten(), task_errors, now),
        ),
        (
            "dws.time_unit",
            "`start_time` and `end_time` are milliseconds since 1970, in UTC".to_owned(),
            time_unit(record_times.flatten(), record_errors, now),
        ),
        (
            "dataarts.time_zone",
            "the times in `sync_msg` are in UTC+8".to_owned(),
            log_zone(tasks()),
        ),
        (
            "dataarts.sync_time",
            "`sync_time` is when the last run started, before its log text was written".to_owned(),
            run_start(tasks()),
        ),
    ]
}

/// Whether most times lie between 2000 and an hour after `now`: another unit gives another century.
fn time_unit<'a>(
    times: impl Iterator<Item = Timestamp>,
    errors: impl Iterator<Item = &'a Error>,
    now: Timestamp,
) -> Finding {
    let year_2000 = Timestamp::from_second(946_684_800).ok()?;
    let latest = now.saturating_add(SignedDuration::from_hours(1)).ok()?;
    let (plausible, others): (Vec<_>, Vec<_>) =
        times.partition(|time| (year_2000..=latest).contains(time));
    let is_time = |error: &&Error| error.path().is_some_and(|path| path.ends_with("_time"));
    let unreadable = errors.filter(is_time).count();
    let implausible = others.len() + unreadable;
    if plausible.len() + implausible == 0 {
        return None;
    }
    let evidence = format!(
        "{} between 2000 and now, {} outside, {unreadable} not readable",
        counted(plausible.len(), "time"),
        others.len()
    );
    finding(plausible.len() > implausible, evidence)
}

/// By how much the time at the beginning of a log text, read as UTC, is later than `sync_time`.
fn log_delay(task: &Task) -> Option<SignedDuration> {
    let (stamp, _) = task
        .sync_msg
        .as_deref()?
        .trim_start()
        .strip_prefix('[')?
        .split_once(']')?;
    let stamp: DateTime = stamp.parse().ok()?;
    let stamp = stamp.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some(stamp.duration_since(task.sync_time?))
}

/// The hours by which log texts are ahead of UTC, each with how many texts show it; a run takes less than an hour.
fn log_zone<'a>(tasks: impl Iterator<Item = &'a Task>) -> Finding {
    let mut offsets = BTreeMap::<i64, usize>::new();
    for delay in tasks.filter_map(log_delay) {
        let hours = (delay + SignedDuration::from_mins(1)).as_hours();
        if delay - SignedDuration::from_hours(hours) <= MAX_RUN {
            *offsets.entry(hours).or_default() += 1;
        }
    }
    if offsets.is_empty() {
        return None;
    }
    let texts =
        |(hours, count): (&i64, &usize)| format!("{} in UTC{hours:+}", counted(*count, "log text"));
    let evidence = offsets.iter().map(texts).collect::<Vec<_>>().join(", ");
    finding(offsets.keys().eq([&LOG_OFFSET]), evidence)
}

/// Whether log texts are written after `sync_time`, within the time that a run may take.
fn run_start<'a>(tasks: impl Iterator<Item = &'a Task>) -> Finding {
    let zone = SignedDuration::from_hours(LOG_OFFSET);
    let delays = tasks.filter_map(log_delay).map(|delay| delay - zone);
    let delays: Vec<_> = delays.collect();
    let (first, last) = (delays.iter().min()?, delays.iter().max()?);
    let holds = first.is_positive() && *last <= MAX_RUN;
    let texts = counted(delays.len(), "log text");
    let (first, last) = (first.as_secs(), last.as_secs());
    finding(
        holds,
        format!("{texts} written {first} to {last} s after `sync_time`, read in UTC+8"),
    )
}

fn values(responses: &Responses) -> Vec<Entry> {
    let tasks = || responses.tasks.iter().flat_map(|pages| pages.first.items());
    let records = || {
        responses
            .records
            .iter()
            .flat_map(|pages| pages.first.items())
    };
    vec![
        values_of(
            "dataarts.sync_status",
            tasks().map(|it| it.sync_status.as_ref().map(SyncStatus::as_str)),
            SyncStatus::KNOWN.iter().map(SyncStatus::as_str),
        ),
        values_of(
            "dataarts.schedule_status",
            tasks().map(|it| it.schedule_status.as_ref().map(ScheduleStatus::as_str)),
            ScheduleStatus::KNOWN.iter().map(ScheduleStatus::as_str),
        ),
        values_of(
            "dataarts.schedule_period",
            tasks().map(|it| it.schedule_period.as_ref().map(SchedulePeriod::as_str)),
            SchedulePeriod::KNOWN.iter().map(SchedulePeriod::as_str),
        ),
        values_of(
            "dataarts.cluster_type",
            tasks().map(|it| it.cluster_type.as_ref().map(ClusterType::as_str)),
            ClusterType::KNOWN.iter().map(ClusterType::as_str),
        ),
        values_of(
            "dws.status",
            records().map(|it| it.status.as_ref().map(RecordStatus::as_str)),
            RecordStatus::KNOWN.iter().map(RecordStatus::as_str),
        ),
        values_of(
            "dws.identity_source_type",
            records().map(|it| {
                it.identity_source_type
                    .as_ref()
                    .map(IdentitySourceType::as_str)
            }),
            IdentitySourceType::KNOWN
                .iter()
                .map(IdentitySourceType::as_str),
        ),
    ]
}

/// Whether every value that was seen is known.
fn values_of<'a>(
    name: &'static str,
    seen: impl Iterator<Item = Option<&'a str>>,
    known: impl Iterator<Item = &'static str>,
) -> Entry {
    let known: Vec<_> = known.collect();
    let mut counts = BTreeMap::<&str, usize>::new();
    for value in seen.flatten() {
        *counts.entry(value).or_default() += 1;
    }
    let field = name.split_once('.').map_or(name, |(_, field)| field);
    let statement = format!("`{field}` has the values {}", known.join(", "));
    let evidence = counts
        .iter()
        .map(|(value, count)| format!("{} {count}×", harmless(value)));
    let evidence = evidence.collect::<Vec<_>>().join(", ");
    let holds = counts.keys().all(|value| known.contains(value));
    let found = (!counts.is_empty())
        .then(|| finding(holds, evidence))
        .flatten();
    (name, statement, found)
}

/// A value that may be anything, in a form that names nobody.
fn harmless(value: &str) -> String {
    let is_word = value.len() <= MAX_VALUE
        && value
            .chars()
            .all(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '-' | ' '));
    if is_word {
        value.to_owned()
    } else {
        format!("a value of {}", counted(value.chars().count(), "character"))
    }
}

/// Whether two workspaces whose tasks belong to the same instance have tasks in common.
fn sharing(workspaces: &[Pages<Task>]) -> Finding {
    let mut instances = BTreeMap::<&str, Vec<BTreeSet<&str>>>::new();
    for pages in workspaces {
        let tasks = pages.first.items();
        let ids = tasks.iter().filter_map(|task| task.id.as_deref());
        if let Some(instance) = tasks.first().and_then(|task| task.instance_id.as_deref()) {
            instances.entry(instance).or_default().push(ids.collect());
        }
    }
    let workspaces = instances.into_values().find(|of| of.len() > 1)?;
    let [one, other, ..] = workspaces.as_slice() else {
        return None;
    };
    let (common, one, other) = (one.intersection(other).count(), one.len(), other.len());
    let evidence = format!("{one} and {other} tasks in two workspaces, {common} in both");
    finding(common > 0, evidence)
}

fn flags(flags: &[Option<bool>]) -> Finding {
    let count = |wanted| flags.iter().filter(|flag| **flag == wanted).count();
    let [yes, no, missing] = [Some(true), Some(false), None].map(count);
    let evidence = format!("true {yes}×, false {no}×, null or missing {missing}×");
    (!flags.is_empty()).then(|| finding(yes + no > 0, evidence))?
}
