//! The evidence about each inference in the responses of the services.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use idsync::dataarts::{ClusterType, SchedulePeriod, ScheduleStatus, SyncStatus};
use idsync::dws::{IdentitySourceType, RecordStatus};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::assumptions::{Assumption, Listed, Pages, Responses, SMALL, Verification};
use crate::output::text::counted;

/// Whether the inference holds, and the evidence; none without evidence.
type Finding = Option<(bool, String)>;

/// Most characters of a value that is not documented.
const MAX_VALUE: usize = 40;

/// The longest time from the start of a run to its log text: the limit of a run, and some minutes more.
const MAX_RUN: SignedDuration = SignedDuration::from_mins(35);

/// The offset from UTC of the times in log texts, in hours.
const LOG_OFFSET: i64 = 8;

/// The inferences, one a line, each with its name.
const INFERENCES: &str = include_str!("inferences.txt");

/// Every inference, tested on `responses` at the time `now`.
pub(super) fn assumptions(responses: &Responses, now: Timestamp) -> Vec<Assumption> {
    let inferences = INFERENCES.lines().filter_map(|line| line.split_once(": "));
    let assumption = |(name, statement): (&'static str, &'static str)| {
        let (result, evidence) = match finding(name, responses, now) {
            Some((true, evidence)) => (Verification::Confirmed, evidence),
            Some((false, evidence)) => (Verification::Contradicted, evidence),
            None => (Verification::NotSeen, "no response has evidence".to_owned()),
        };
        Assumption {
            name,
            statement,
            result,
            evidence,
        }
    };
    inferences.map(assumption).collect()
}

fn finding(name: &str, responses: &Responses, now: Timestamp) -> Finding {
    let (service, subject) = name.split_once('.')?;
    let lists = match service {
        "dataarts" => &responses.tasks,
        _ => &responses.records,
    };
    match (service, subject) {
        ("dataarts", "offset_rounding") => {
            let (begin, evidence) = begin(lists, 1)?;
            (begin == Some(0)).then_some((true, evidence))
        }
        (_, "offset_unit") => {
            let (begin, evidence) = begin(lists, 0)?;
            Some((begin == Some(2), evidence))
        }
        (_, "total") => total(lists),
        (_, "order") => order(lists),
        (_, "time_unit") => time_unit(lists, now),
        (_, "time_zone") => log_zone(lists),
        (_, "sync_time") => run_start(lists),
        (_, "sharing") => sharing(lists),
        ("mrs", _) => flags(&responses.flags),
        (_, "sync_status") => values(lists, subject, SyncStatus::KNOWN),
        (_, "schedule_status") => values(lists, subject, ScheduleStatus::KNOWN),
        (_, "schedule_period") => values(lists, subject, SchedulePeriod::KNOWN),
        (_, "cluster_type") => values(lists, subject, ClusterType::KNOWN),
        (_, "status") => values(lists, subject, RecordStatus::KNOWN),
        _ => values(lists, subject, IdentitySourceType::KNOWN),
    }
}

fn items(lists: &[Pages]) -> impl Iterator<Item = &Value> {
    lists.iter().flat_map(|pages| &pages.first.items)
}

fn time(item: &Value, field: &str) -> Option<Timestamp> {
    item[field].as_str()?.parse().ok()
}

/// The list with small pages, and one of them with its offset.
fn compared(lists: &[Pages], index: usize) -> Option<(&Listed, &(u32, Listed))> {
    let mut lists = lists.iter();
    lists.find_map(|it| Some((&it.first, it.small.get(index)?)))
}

/// The index in the list of the first item of a small page; inner none if the page is empty. None if the list has changed
/// meanwhile, or its items have no ids.
fn begin(lists: &[Pages], index: usize) -> Option<(Option<usize>, String)> {
    let (list, (offset, small)) = compared(lists, index)?;
    let request = format!("with a limit of {SMALL} and an offset of {offset}, the page");
    let Some(item) = small.items.first() else {
        return Some((None, format!("{request} was empty")));
    };
    let id = item["id"].as_str()?;
    let place = list.items.iter().position(|item| item["id"] == id)?;
    let number = place + 1;
    let evidence = format!("{request} began with item {number} of the list");
    Some((Some(place), evidence))
}

/// Whether the total of a small page is that of the whole list.
fn total(lists: &[Pages]) -> Finding {
    let (list, (_, small)) = compared(lists, 0)?;
    let (Some(of_small), Some(of_list)) = (small.total, list.total) else {
        return Some((false, "no total is reported".to_owned()));
    };
    let listed = list.len as u64;
    let is_whole = listed < u64::from(list.limit);
    let holds = of_small == of_list && of_small >= listed && (!is_whole || of_small == listed);
    let (one, other) = (list.len, small.len);
    let evidence = format!("{of_list} on a page of {one}, and {of_small} on a page of {other}");
    Some((holds, evidence))
}

/// The order of the longest list.
fn order(lists: &[Pages]) -> Finding {
    let list = lists.iter().max_by_key(|pages| pages.first.len)?;
    let items = list.first.items.iter();
    let times: Vec<_> = items.filter_map(|item| time(item, "start_time")).collect();
    let is_falling = times.is_sorted_by(|one, next| one >= next);
    let order = match (is_falling, times.is_sorted()) {
        (true, true) => return None,
        (true, false) => "newest first",
        (false, true) => "oldest first",
        (false, false) => "in no order of their times",
    };
    let records = counted(times.len(), "record");
    Some((is_falling, format!("{records} come {order}")))
}

/// Whether most times lie between 2000 and an hour after `now`: another unit gives another century.
fn time_unit(lists: &[Pages], now: Timestamp) -> Finding {
    let fields = ["sync", "create", "update", "start", "end"].map(|it| format!("{it}_time"));
    let year_2000 = Timestamp::from_second(946_684_800).ok()?;
    let latest = now.saturating_add(SignedDuration::from_hours(1)).ok()?;
    let times = items(lists).flat_map(|item| fields.each_ref().map(|field| time(item, field)));
    let (plausible, others): (Vec<_>, Vec<_>) = times
        .flatten()
        .partition(|time| (year_2000..=latest).contains(time));
    let unreadable: usize = lists.iter().map(|pages| pages.first.unreadable_times).sum();
    let (plausible, others) = (plausible.len(), others.len());
    let times = counted(plausible, "time");
    let evidence =
        format!("{times} between 2000 and now, {others} outside, {unreadable} not readable");
    (plausible + others + unreadable > 0).then_some((plausible > others + unreadable, evidence))
}

/// By how much the time at the beginning of each log text, read as UTC, is later than `sync_time`.
fn log_delays(lists: &[Pages]) -> impl Iterator<Item = SignedDuration> {
    items(lists).filter_map(|task| {
        let text = task["sync_msg"].as_str()?.trim_start();
        let (stamp, _) = text.strip_prefix('[')?.split_once(']')?;
        let stamp: DateTime = stamp.parse().ok()?;
        let stamp = stamp.to_zoned(TimeZone::UTC).ok()?.timestamp();
        Some(stamp.duration_since(time(task, "sync_time")?))
    })
}

/// The hours by which log texts are ahead of UTC, each with how many texts show it; a run takes less than an hour.
fn log_zone(lists: &[Pages]) -> Finding {
    let mut offsets = BTreeMap::<i64, usize>::new();
    for delay in log_delays(lists) {
        let hours = (delay + SignedDuration::from_mins(1)).as_hours();
        if delay - SignedDuration::from_hours(hours) <= MAX_RUN {
            *offsets.entry(hours).or_default() += 1;
        }
    }
    let texts = offsets.iter().map(|(hours, count)| {
        let texts = counted(*count, "log text");
        format!("{texts} in UTC{hours:+}")
    });
    let evidence = texts.collect::<Vec<_>>().join(", ");
    (!offsets.is_empty()).then(|| (offsets.keys().eq([&LOG_OFFSET]), evidence))
}

/// Whether log texts are written after `sync_time`, within the time that a run may take.
fn run_start(lists: &[Pages]) -> Finding {
    let zone = SignedDuration::from_hours(LOG_OFFSET);
    let delays: Vec<_> = log_delays(lists).map(|delay| delay - zone).collect();
    let (first, last) = (delays.iter().min()?, delays.iter().max()?);
    let holds = first.is_positive() && *last <= MAX_RUN;
    let texts = counted(delays.len(), "log text");
    let (first, last) = (first.as_secs(), last.as_secs());
    let evidence = format!("{texts} written {first} to {last} s after `sync_time`, read in UTC+8");
    Some((holds, evidence))
}

/// Whether every value that was seen is known.
fn values(lists: &[Pages], field: &str, known: &[impl Display]) -> Finding {
    let known: Vec<_> = known.iter().map(ToString::to_string).collect();
    let mut counts = BTreeMap::<&str, usize>::new();
    for value in items(lists).filter_map(|item| item[field].as_str()) {
        *counts.entry(value).or_default() += 1;
    }
    let seen = counts.iter();
    let seen = seen.map(|(value, count)| format!("{} {count}×", harmless(value)));
    let seen = seen.collect::<Vec<_>>().join(", ");
    let holds = counts
        .keys()
        .all(|value| known.iter().any(|it| it == value));
    let evidence = format!("{seen}; known: {}", known.join(", "));
    (!counts.is_empty()).then_some((holds, evidence))
}

/// A value, or only its length if it could be an identity.
fn harmless(value: &str) -> String {
    let is_in_words = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '-' | ' ');
    if value.len() <= MAX_VALUE && value.chars().all(is_in_words) {
        return value.to_owned();
    }
    format!("a value of {}", counted(value.chars().count(), "character"))
}

/// Whether two workspaces whose tasks belong to the same instance have tasks in common.
fn sharing(workspaces: &[Pages]) -> Finding {
    let mut instances = BTreeMap::<&str, Vec<BTreeSet<&str>>>::new();
    for pages in workspaces {
        let tasks = &pages.first.items;
        let ids = tasks.iter().filter_map(|task| task["id"].as_str());
        if let Some(instance) = tasks.first().and_then(|task| task["instance_id"].as_str()) {
            instances.entry(instance).or_default().push(ids.collect());
        }
    }
    let workspaces = instances.into_values().find(|of| of.len() > 1)?;
    let [one, other, ..] = workspaces.as_slice() else {
        return None;
    };
    let (common, one, other) = (one.intersection(other).count(), one.len(), other.len());
    let evidence = format!("{one} and {other} tasks in two workspaces, {common} in both");
    Some((common > 0, evidence))
}

fn flags(flags: &[Option<bool>]) -> Finding {
    let count = |wanted| flags.iter().filter(|flag| **flag == wanted).count();
    let [yes, no, missing] = [Some(true), Some(false), None].map(count);
    let evidence = format!("true {yes}×, false {no}×, null or missing {missing}×");
    (!flags.is_empty()).then_some((yes + no > 0, evidence))
}
