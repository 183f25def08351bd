//! What can be listed, and its columns.

use anstyle::Style;
use idsync::dataarts::{ClusterType, SchedulePeriod, ScheduleStatus, Task};
use idsync::dws::{IdentitySourceType, Record};
use idsync::health::{ClusterObservation, Reading, Rules, judge_cluster};
use jiff::Timestamp;

use super::field::Fielded;
use super::style;
use super::table::{Cell, Column};
use super::time;

/// An item of a list that can be a row of a table.
pub(crate) trait Listed: Fielded {
    /// What the columns are.
    const COLUMNS: &'static [Column];

    /// What is said where there is no item.
    const NOTHING: &'static str;

    /// The cells, one for each column.
    fn row(&self, now: Timestamp) -> Vec<Cell>;
}

impl Listed for Task {
    const COLUMNS: &'static [Column] = &[
        Column::new("STATUS"),
        Column::new("CLUSTER"),
        Column::new("TYPE").dispensable(1),
        Column::new("LAST RUN").telling(1),
        Column::new("SCHEDULE").dispensable(2),
        Column::new("LOG"),
    ];

    const NOTHING: &'static str = "there are no such tasks";

    fn row(&self, now: Timestamp) -> Vec<Cell> {
        let status = self.sync_status.as_ref();
        let style = style::sync_status(status);
        vec![
            status.map_or_else(
                || Cell::or_none(None),
                |status| Cell::styled(status.as_str(), style),
            ),
            Cell::or_none(self.cluster_name.as_deref().or(self.cluster_id.as_deref())),
            Cell::or_none(self.cluster_type.as_ref().map(ClusterType::as_str)),
            time::relative(self.sync_time, now).into(),
            schedule(self).into(),
            log(self, now).into(),
        ]
    }
}

/// What the log of the last run comes down to, where it failed; else the log as it is.
fn log(task: &Task, now: Timestamp) -> String {
    let observation = ClusterObservation::default().with_tasks(Reading::Read(vec![task.clone()]));
    let diagnosis = judge_cluster(&observation, &Rules::default(), now).diagnosis;
    diagnosis.map_or_else(
        || task.sync_msg.clone().unwrap_or_default(),
        |diagnosis| diagnosis.summary,
    )
}

/// When runs are started: `off`, `every 4 h, 00–06`.
fn schedule(task: &Task) -> String {
    match &task.schedule_status {
        Some(ScheduleStatus::Scheduling) => {}
        Some(ScheduleStatus::NotSchedule) => return "off".to_owned(),
        Some(other) => return other.to_string(),
        None => return time::NONE.to_owned(),
    }
    let unit = task
        .schedule_period
        .as_ref()
        .map_or("?", |period| match period {
            SchedulePeriod::Minute => "min",
            SchedulePeriod::Hour => "h",
            other => other.as_str(),
        });
    let interval = task.schedule_interval.map_or_else(
        || "on".to_owned(),
        |interval| format!("every {interval} {unit}"),
    );
    match (task.schedule_start_hour, task.schedule_end_hour) {
        (Some(start), Some(end)) if start != end => format!("{interval}, {start:02}–{end:02}"),
        _ => interval,
    }
}

impl Listed for Record {
    const COLUMNS: &'static [Column] = &[
        Column::new("STATUS"),
        Column::new("SOURCE").dispensable(1),
        Column::new("STARTED").telling(1),
        Column::new("TOOK").dispensable(2),
        Column::new("ADDED").numeric().telling(3),
        Column::new("UPDATED").numeric().telling(4),
        Column::new("DELETED").numeric().telling(2),
        Column::new("FAILED").numeric(),
        Column::new("REASON"),
    ];

    const NOTHING: &'static str =
        "there are no records: the identity sources of the cluster are off, or have never run";

    fn row(&self, now: Timestamp) -> Vec<Cell> {
        let status = self.status.as_ref();
        let style = style::record_status(status);
        vec![
            status.map_or_else(
                || Cell::or_none(None),
                |status| Cell::styled(status.as_str(), style),
            ),
            Cell::or_none(
                self.identity_source_type
                    .as_ref()
                    .map(IdentitySourceType::as_str),
            ),
            time::relative(self.start_time, now).into(),
            time::between(self.start_time, self.end_time).into(),
            count(self.add_count, Style::new()),
            count(self.update_count, Style::new()),
            count(self.delete_count, Style::new()),
            count(self.failed_count, style::BAD),
            self.fail_reason.as_deref().unwrap_or_default().into(),
        ]
    }
}

/// A number; zero is faint, so that the others are seen.
fn count(number: Option<u64>, style: Style) -> Cell {
    match number {
        None => Cell::or_none(None),
        Some(0) => Cell::styled("0", style::FAINT),
        Some(number) => Cell::styled(&number.to_string(), style),
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
    fn a_schedule_is_told_in_words() {
        assert_eq!(
            scheduled(Some(4), Some("HOUR"), Some((0, 6))),
            "every 4 h, 00–06"
        );
        assert_eq!(
            scheduled(Some(30), Some("MINUTE"), Some((7, 7))),
            "every 30 min"
        );
        assert_eq!(scheduled(Some(1), Some("DAY"), None), "every 1 DAY");
        assert_eq!(scheduled(None, None, None), "on");
        assert_eq!(schedule(&Task::default()), "–");
    }

    #[test]
    fn a_row_has_a_cell_for_each_column_even_where_nothing_is_known() {
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(Task::default().row(now).len(), Task::COLUMNS.len());
        assert_eq!(Record::default().row(now).len(), Record::COLUMNS.len());
    }
}
