//! `idsync tasks`: the synchronization tasks of DataArts Studio.

use std::collections::HashSet;

use anstyle::Style;
use idsync::dataarts::{ClusterType, ListTasks, SchedulePeriod, ScheduleStatus, SyncStatus, Task};
use idsync::health::{ClusterObservation, Reading, Rules, judge_cluster};
use jiff::Timestamp;

use super::lists::{self, List};
use crate::args::{TargetArgs, TasksArgs, with};
use crate::clock;
use crate::connect::Connection;
use crate::errors::{CliError, Exit};
use crate::output::{ACTIVE, BAD, Cell, FAINT, GOOD, NONE, Output, Row, Times, WARNING};
use crate::targets::Targets;

/// Prints the tasks of one workspace, or those of a fleet, each once.
pub(super) async fn run(args: &TasksArgs, output: &Output) -> Result<Exit, CliError> {
    let mut requests = Vec::new();
    // The services of `--demo` run as long as it exists.
    let connection;
    let time = if let Some(path) = &args.fleet {
        let flags = TargetArgs {
            connection: args.connection.clone(),
            ..TargetArgs::default()
        };
        let time = clock::read().await?;
        for project in Targets::of_file(path, &flags)?.projects {
            let workspaces = project.workspaces.iter();
            requests.extend(workspaces.map(|id| project.client.dataarts(id).tasks()));
        }
        time
    } else {
        connection = Connection::open_one(&args.connection, output).await?;
        let workspace = connection.workspace(args.workspace.as_ref())?;
        requests.push(connection.client.dataarts(workspace).tasks());
        connection.time().await?
    };
    let list = List::new(output, &args.range, &args.view, time())?;
    let requests = requests.into_iter();
    let lists: Vec<_> = requests.map(|it| filtered(args, it).pages()).collect();
    let (is_fleet, since) = (lists.len() > 1, list.since);
    let mut ids = HashSet::new();
    let is_wanted = |task: &Task| {
        let id = task.id.as_ref().filter(|_| is_fleet);
        task.sync_time >= since && id.is_none_or(|id| ids.insert(id.clone()))
    };
    lists::print(list, lists, is_wanted, CliError::from).await
}

fn filtered(args: &TasksArgs, mut request: ListTasks) -> ListTasks {
    request = with(request, args.cluster_type.clone(), ListTasks::cluster_type);
    request = with(request, args.cluster_name.as_ref(), ListTasks::cluster_name);
    request = with(request, args.sync_status.clone(), ListTasks::sync_status);
    let status = args.schedule_status.clone();
    request = with(request, status, ListTasks::schedule_status);
    request = with(request, args.order_by.clone(), ListTasks::order_by);
    let ascending = (args.asc || args.desc).then_some(args.asc);
    request = with(request, ascending, ListTasks::ascending);
    request = with(request, args.range.page_size, ListTasks::limit);
    request.offset(args.range.offset.unwrap_or_default().into())
}

impl Row for Task {
    const FIELDS: &'static str = "id,project_id,domain_id,instance_id,data_connection_workspace,cluster_type,\
        data_connection_id,data_connection_name,cluster_id,cluster_name,schedule_start_hour,schedule_end_hour,\
        schedule_period,schedule_interval,schedule_status,sync_status,sync_msg,sync_time,create_time,create_user,\
        update_time,update_user";

    fn cells(&self, times: &Times) -> Vec<Cell> {
        let status = self.sync_status.as_ref();
        let name = self.cluster_name.as_deref().or(self.cluster_id.as_deref());
        let cluster_type = self.cluster_type.as_ref();
        vec![
            Cell::new("STATUS", status.map_or(NONE, SyncStatus::as_str))
                .style(status.map_or(FAINT, status_style)),
            Cell::new("CLUSTER", name.unwrap_or(NONE)),
            Cell::new("TYPE", cluster_type.map_or(NONE, ClusterType::as_str)).gives_way(45),
            Cell::new("LAST RUN", times.relative(self.sync_time)).gives_way(15),
            Cell::new("SCHEDULE", schedule(self)).gives_way(46),
            Cell::new("LOG", log(self, times.now)),
        ]
    }
}

fn status_style(status: &SyncStatus) -> Style {
    match status {
        SyncStatus::SyncFail => BAD,
        SyncStatus::SyncSuccess => GOOD,
        SyncStatus::Syncing => ACTIVE,
        SyncStatus::NotSync => FAINT,
        _ => WARNING,
    }
}

/// The diagnosis of a failed run, else the log as it is.
fn log(task: &Task, now: Timestamp) -> String {
    let observation = ClusterObservation::default().with_tasks(Reading::Read(vec![task.clone()]));
    let diagnosis = judge_cluster(&observation, &Rules::default(), now).diagnosis;
    let log = || task.sync_msg.clone().unwrap_or_default();
    diagnosis.map_or_else(log, |diagnosis| diagnosis.summary)
}

/// The schedule in words: `off`, `every 4 h, 00–06`.
fn schedule(task: &Task) -> String {
    match &task.schedule_status {
        Some(ScheduleStatus::Scheduling) => {}
        Some(ScheduleStatus::NotSchedule) => return "off".to_owned(),
        Some(other) => return other.to_string(),
        None => return NONE.to_owned(),
    }
    let unit = match &task.schedule_period {
        None => "?",
        Some(SchedulePeriod::Minute) => "min",
        Some(SchedulePeriod::Hour) => "h",
        Some(other) => other.as_str(),
    };
    let interval = task.schedule_interval;
    let interval = interval.map_or_else(|| "on".to_owned(), |n| format!("every {n} {unit}"));
    match (task.schedule_start_hour, task.schedule_end_hour) {
        (Some(start), Some(end)) if start != end => format!("{interval}, {start:02}–{end:02}"),
        _ => interval,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scheduled(
        interval: Option<i64>,
        period: Option<&str>,
        window: Option<(i64, i64)>,
    ) -> String {
        let mut task = Task::default();
        task.schedule_status = Some(ScheduleStatus::Scheduling);
        task.schedule_interval = interval;
        task.schedule_period = period.map(SchedulePeriod::from);
        task.schedule_start_hour = window.map(|(start, _)| start);
        task.schedule_end_hour = window.map(|(_, end)| end);
        schedule(&task)
    }

    #[test]
    fn a_schedule_is_shown_in_words() {
        for (interval, period, window, words) in [
            (Some(4), Some("HOUR"), Some((0, 6)), "every 4 h, 00–06"),
            (Some(30), Some("MINUTE"), Some((7, 7)), "every 30 min"),
            (Some(1), Some("DAY"), None, "every 1 DAY"),
            (None, None, None, "on"),
        ] {
            assert_eq!(scheduled(interval, period, window), words);
        }
        assert_eq!(schedule(&Task::default()), "–");
    }
}
