//! `idsync doctor --assumptions`: which inferences about the services their real responses confirm.
//!
//! The reference pages do not state everything that this program relies on. Each inference is tested with a few small
//! requests. The report holds counts, documented values and time differences, but no identities, and is safe to share.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use idsync::dataarts::{ClusterType, SchedulePeriod, ScheduleStatus, SyncStatus, Task};
use idsync::dws::{IdentitySourceType, RecordStatus};
use idsync::list::Page;
use idsync::{Error, Service};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::check::{Line, render};
use super::services::clusters;
use crate::args::DoctorArgs;
use crate::connect::Connection;
use crate::errors::{CliError, Exit};
use crate::output::{BAD, FAINT, GOOD, Output, counted};
use crate::targets::nothing_to_check;

/// The name and version of the JSON form of an [`AssumptionReport`].
const SCHEMA: &str = "idsync.assumptions/v1";

/// Most clusters of one service that are called.
const MAX_CLUSTERS: usize = 5;

/// Items on the small page that is compared with the list.
const SMALL: u32 = 2;

/// Whether the responses of the services confirm each inference. Without accounts, projects, clusters or users.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AssumptionReport {
    /// The name and version of this form.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    /// The version of this program.
    version: &'static str,
    /// The inferences, by service.
    assumptions: Vec<Assumption>,
}

/// An inference, and the evidence about it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Assumption {
    /// The name of the inference, such as `dws.offset_unit`; the part before the dot is the service.
    name: &'static str,
    /// The inference.
    statement: &'static str,
    /// Whether the responses agree.
    result: Verification,
    /// The evidence.
    evidence: String,
}

/// Whether an inference holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verification {
    /// The responses agree with it.
    Confirmed,
    /// A response disagrees with it.
    Contradicted,
    /// No response has evidence about it.
    NotSeen,
}

/// Tests every inference, and prints the results.
pub(super) async fn run(args: &DoctorArgs, output: &Output) -> Result<Exit, CliError> {
    let connection = Connection::open_one(&args.connection, output).await?;
    let now = connection.time().await?;
    let (responses, mut errors) = Responses::read(args, &connection).await;
    if responses.tasks.is_empty() && responses.records.is_empty() && responses.flags.is_empty() {
        return Err(errors.pop().map_or_else(nothing_to_check, CliError::from));
    }
    for error in errors {
        output.fail(&error.into());
    }
    let report = AssumptionReport {
        schema: SCHEMA,
        version: env!("CARGO_PKG_VERSION"),
        assumptions: assumptions(&responses, now()),
    };
    let fields = "name,result,statement,evidence";
    let assumptions = &report.assumptions;
    output.print(&report, fields, assumptions, || text(assumptions, output))?;
    Ok(Exit::Done)
}

fn text(assumptions: &[Assumption], output: &Output) -> String {
    let looks = [
        (Verification::Confirmed, GOOD, "confirmed"),
        (Verification::Contradicted, BAD, "contradicted"),
        (Verification::NotSeen, FAINT, "not seen"),
    ];
    let of_result = |result| assumptions.iter().filter(move |it| it.result == result);
    let counts = looks.map(|(result, _, word)| format!("{} {word}", of_result(result).count()));
    let lines = assumptions.iter().flat_map(|it| {
        let looks = looks.iter().filter(|(result, ..)| *result == it.result);
        looks.map(|(_, style, word)| Line {
            heading: None,
            style: *style,
            word,
            name: it.name,
            message: it.statement,
            below: Some(&it.evidence),
        })
    });
    let lines: Vec<_> = lines.collect();
    let safe = "no accounts, projects, clusters or users: safe to share".to_owned();
    render(&lines, &[&counts[..], &[safe]].concat(), output)
}

/// The responses of the services.
#[derive(Default)]
struct Responses {
    /// The tasks of each workspace.
    tasks: Vec<Pages>,
    /// The records of each DWS cluster.
    records: Vec<Pages>,
    /// The flags of MRS clusters.
    flags: Vec<Option<bool>>,
}

/// The first page of a list, and small ones to compare it with, if it is long enough.
struct Pages {
    first: Listed,
    /// Each with its requested offset; the limit is [`SMALL`].
    small: Vec<(u32, Listed)>,
}

/// A page.
struct Listed {
    /// The items, as JSON.
    items: Vec<Value>,
    /// Number of items, including unreadable ones.
    len: usize,
    /// The requested limit.
    limit: u32,
    total: Option<u64>,
    /// Number of times that cannot be read.
    unreadable_times: usize,
}

impl Responses {
    /// Reads them; also gives the errors of calls that failed.
    async fn read(args: &DoctorArgs, connection: &Connection) -> (Self, Vec<Error>) {
        let client = &connection.client;
        let (mut responses, mut errors) = (Self::default(), Vec::new());
        for workspace in connection.workspaces(&args.workspace) {
            let tasks = client.dataarts(&workspace).tasks();
            let page = |limit, offset: u32| tasks.clone().limit(limit).offset(offset.into()).send();
            let pages = Pages::read(page, 100, &[SMALL, 1], &responses.tasks).await;
            errors.extend(pages.map(|pages| responses.tasks.push(pages)).err());
        }
        let tasks = items(&responses.tasks);
        let tasks: Vec<_> = tasks.filter_map(|it| Task::deserialize(it).ok()).collect();
        for cluster in clusters(&args.cluster, Service::Dws, &tasks, MAX_CLUSTERS) {
            let records = client.dws().sync_records(&cluster);
            let page = |limit, at: u32| records.clone().limit(limit).offset(at.into()).send();
            let pages = Pages::read(page, 1000, &[1], &responses.records).await;
            errors.extend(pages.map(|pages| responses.records.push(pages)).err());
        }
        for cluster in clusters(&args.cluster, Service::Mrs, &tasks, MAX_CLUSTERS) {
            let flag = client.mrs().is_synchronizing(&cluster).await;
            errors.extend(flag.map(|flag| responses.flags.push(flag)).err());
        }
        (responses, errors)
    }
}

impl Pages {
    /// The first page of at most `limit` items; also small ones at `offsets`, unless a list of `others` has some.
    async fn read<T: Serialize>(
        page: impl AsyncFn(u32, u32) -> Result<Page<T>, Error>,
        limit: u32,
        offsets: &[u32],
        others: &[Self],
    ) -> Result<Self, Error> {
        let first = Listed::new(&page(limit, 0).await?, limit);
        let mut small = Vec::new();
        // On a shorter list, the units of `offset` do not differ.
        let is_long = first.items.len() > SMALL as usize;
        if is_long && others.iter().all(|pages| pages.small.is_empty()) {
            for offset in offsets {
                let page = page(SMALL, *offset).await?;
                small.push((*offset, Listed::new(&page, SMALL)));
            }
        }
        Ok(Self { first, small })
    }
}

impl Listed {
    fn new<T: Serialize>(page: &Page<T>, limit: u32) -> Self {
        let items = page.items().iter();
        let items = items.filter_map(|item| serde_json::to_value(item).ok());
        let is_time = |error: &&Error| error.path().is_some_and(|path| path.ends_with("_time"));
        Self {
            items: items.collect(),
            len: page.len(),
            limit,
            total: page.total(),
            unreadable_times: page.errors().filter(is_time).count(),
        }
    }
}

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
fn assumptions(responses: &Responses, now: Timestamp) -> Vec<Assumption> {
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
    match subject {
        "offset_rounding" => {
            let (begin, evidence) = begin(lists, 1)?;
            (begin == Some(0)).then_some((true, evidence))
        }
        "offset_unit" => {
            let (begin, evidence) = begin(lists, 0)?;
            Some((begin == Some(2), evidence))
        }
        "total" => total(lists),
        "order" => order(lists),
        "time_unit" => time_unit(lists, now),
        "time_zone" => log_zone(lists),
        "sync_time" => run_start(lists),
        "sharing" => sharing(lists),
        "is_synchronizing" => flags(&responses.flags),
        "sync_status" => values(lists, subject, SyncStatus::KNOWN),
        "schedule_status" => values(lists, subject, ScheduleStatus::KNOWN),
        "schedule_period" => values(lists, subject, SchedulePeriod::KNOWN),
        "cluster_type" => values(lists, subject, ClusterType::KNOWN),
        "status" => values(lists, subject, RecordStatus::KNOWN),
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
    let evidence = format!("{request} began with item {} of the list", place + 1);
    Some((Some(place), evidence))
}

/// Whether the total of a small page is that of the whole list.
fn total(lists: &[Pages]) -> Finding {
    let (list, (_, small)) = compared(lists, 0)?;
    let (Some(of_small), Some(of_list)) = (small.total, list.total) else {
        return Some((false, "no total is reported".to_owned()));
    };
    let (one, other) = (list.len, small.len);
    let is_whole = one < list.limit as usize;
    let listed = one as u64;
    let holds = of_small == of_list && of_small >= listed && (!is_whole || of_small == listed);
    let evidence = format!("{of_list} on a page of {one}, and {of_small} on a page of {other}");
    Some((holds, evidence))
}

/// The order of the longest list.
fn order(lists: &[Pages]) -> Finding {
    let list = lists.iter().max_by_key(|pages| pages.first.len)?;
    let items = list.first.items.iter();
    let times: Vec<_> = items.filter_map(|item| time(item, "start_time")).collect();
    let is_falling = times.is_sorted_by(|one, next| one >= next);
    if is_falling && times.is_sorted() {
        return None;
    }
    let not = if is_falling { "" } else { "not " };
    let records = counted(times.len(), "record");
    Some((is_falling, format!("{records} come {not}newest first")))
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

/// The hours by which log texts are ahead of UTC; a run takes less than an hour.
fn log_zone(lists: &[Pages]) -> Finding {
    let hours = log_delays(lists).filter_map(|delay| {
        let hours = (delay + SignedDuration::from_mins(1)).as_hours();
        (delay - SignedDuration::from_hours(hours) <= MAX_RUN).then_some(hours)
    });
    let (offsets, evidence) = counts(hours, |hours| format!("UTC{hours:+}"))?;
    let holds = offsets.keys().eq([&LOG_OFFSET]);
    Some((holds, format!("log texts in {evidence}")))
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
    let seen = items(lists).filter_map(|item| item[field].as_str());
    let (seen, evidence) = counts(seen, |value| harmless(value))?;
    let mut values = seen.keys();
    let holds = values.all(|value| known.iter().any(|it| it == value));
    Some((holds, format!("{evidence}; known: {}", known.join(", "))))
}

/// Each value with how often it was seen, also in words; none if none was.
fn counts<T: Ord>(
    values: impl Iterator<Item = T>,
    shown: impl Fn(&T) -> String,
) -> Option<(BTreeMap<T, usize>, String)> {
    let mut counts = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    let parts = counts.iter();
    let parts = parts.map(|(value, count)| format!("{} {count}×", shown(value)));
    let parts = parts.collect::<Vec<_>>().join(", ");
    (!counts.is_empty()).then_some((counts, parts))
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
    let shown = |flag: &Option<bool>| match flag {
        Some(flag) => flag.to_string(),
        None => "null or missing".to_owned(),
    };
    let (seen, evidence) = counts(flags.iter().copied(), shown)?;
    Some((seen.keys().any(Option::is_some), evidence))
}
