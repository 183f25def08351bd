//! The fields of each thing that is printed.

use idsync::dataarts::{ClusterType, SchedulePeriod, ScheduleStatus, SyncStatus, Task};
use idsync::doctor::Check;
use idsync::dws::{IdentitySourceType, Record, RecordStatus};
use idsync::health::ClusterHealth;

use super::field::{Field, Fielded};

impl Fielded for ClusterHealth {
    const FIELDS: &'static [Field<Self>] = &[
        Field::text("project_id", |cluster| cluster.project_id.as_deref()),
        Field::text("cluster_id", |cluster| cluster.cluster_id.as_deref()),
        Field::text("cluster_name", |cluster| cluster.cluster_name.as_deref()),
        Field::text("cluster_type", |cluster| {
            cluster.cluster_type.as_ref().map(ClusterType::as_str)
        }),
        Field::verdict("verdict", |cluster| cluster.verdict),
        Field::texts("reasons", |cluster| {
            each(&cluster.reasons, |reason| reason.code.to_string())
        }),
        Field::texts("reasons.message", |cluster| {
            each(&cluster.reasons, |reason| reason.message.clone())
        }),
        Field::texts("notes", |cluster| {
            each(&cluster.notes, |note| note.code.to_string())
        }),
        Field::texts("notes.message", |cluster| {
            each(&cluster.notes, |note| note.message.clone())
        }),
        Field::texts("diagnosis", |cluster| {
            each(&cluster.diagnosis, |diagnosis| diagnosis.class.to_string())
        }),
        Field::text("diagnosis.summary", |cluster| {
            cluster
                .diagnosis
                .as_ref()
                .map(|diagnosis| diagnosis.summary.as_str())
        }),
        Field::text("diagnosis.hint", |cluster| {
            cluster
                .diagnosis
                .as_ref()
                .map(|diagnosis| diagnosis.hint.as_str())
        }),
        Field::time("last_attempt_at", |cluster| cluster.last_attempt_at),
        Field::time("last_success_at", |cluster| cluster.last_success_at),
        Field::time("last_change_at", |cluster| cluster.last_change_at),
        Field::time("next_due_at", |cluster| cluster.next_due_at),
        Field::number("consecutive_failures", |cluster| {
            cluster.consecutive_failures.map(i128::from)
        }),
        Field::texts("tasks", |cluster| cluster.tasks.clone()),
    ];
}

impl Fielded for Task {
    const FIELDS: &'static [Field<Self>] = &[
        Field::text("id", |task| task.id.as_deref()),
        Field::text("project_id", |task| task.project_id.as_deref()),
        Field::text("domain_id", |task| task.domain_id.as_deref()),
        Field::text("instance_id", |task| task.instance_id.as_deref()),
        Field::text("data_connection_workspace", |task| {
            task.data_connection_workspace.as_deref()
        }),
        Field::text("cluster_type", |task| {
            task.cluster_type.as_ref().map(ClusterType::as_str)
        }),
        Field::text("data_connection_id", |task| {
            task.data_connection_id.as_deref()
        }),
        Field::text("data_connection_name", |task| {
            task.data_connection_name.as_deref()
        }),
        Field::text("cluster_id", |task| task.cluster_id.as_deref()),
        Field::text("cluster_name", |task| task.cluster_name.as_deref()),
        Field::number("schedule_start_hour", |task| {
            task.schedule_start_hour.map(i128::from)
        }),
        Field::number("schedule_end_hour", |task| {
            task.schedule_end_hour.map(i128::from)
        }),
        Field::text("schedule_period", |task| {
            task.schedule_period.as_ref().map(SchedulePeriod::as_str)
        }),
        Field::number("schedule_interval", |task| {
            task.schedule_interval.map(i128::from)
        }),
        Field::text("schedule_status", |task| {
            task.schedule_status.as_ref().map(ScheduleStatus::as_str)
        }),
        Field::text("sync_status", |task| {
            task.sync_status.as_ref().map(SyncStatus::as_str)
        }),
        Field::text("sync_msg", |task| task.sync_msg.as_deref()),
        Field::time("sync_time", |task| task.sync_time),
        Field::time("create_time", |task| task.create_time),
        Field::text("create_user", |task| task.create_user.as_deref()),
        Field::time("update_time", |task| task.update_time),
        Field::text("update_user", |task| task.update_user.as_deref()),
    ];
}

impl Fielded for Record {
    const FIELDS: &'static [Field<Self>] = &[
        Field::text("id", |record| record.id.as_deref()),
        Field::text("identity_source_id", |record| {
            record.identity_source_id.as_deref()
        }),
        Field::text("identity_source_type", |record| {
            record
                .identity_source_type
                .as_ref()
                .map(IdentitySourceType::as_str)
        }),
        Field::time("start_time", |record| record.start_time),
        Field::time("end_time", |record| record.end_time),
        Field::number("add_count", |record| record.add_count.map(i128::from)),
        Field::number("update_count", |record| record.update_count.map(i128::from)),
        Field::number("delete_count", |record| record.delete_count.map(i128::from)),
        Field::number("failed_count", |record| record.failed_count.map(i128::from)),
        Field::text("status", |record| {
            record.status.as_ref().map(RecordStatus::as_str)
        }),
        Field::text("fail_reason", |record| record.fail_reason.as_deref()),
    ];
}

impl Fielded for Check {
    const FIELDS: &'static [Field<Self>] = &[
        Field::text("name", |check| Some(&check.name)),
        Field::text("status", |check| Some(check.status.as_str())),
        Field::text("message", |check| Some(&check.message)),
        Field::text("advice", |check| check.advice.as_deref()),
    ];
}

fn each<'a, T: 'a>(
    items: impl IntoIterator<Item = &'a T>,
    part: impl Fn(&T) -> String,
) -> Vec<String> {
    items.into_iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use schemars::JsonSchema;

    use super::super::schema;
    use super::*;

    /// The names of the fields of `T` that JSON has at its top; each part of one follows it.
    fn names<T: Fielded>() -> Vec<&'static str> {
        let mut names = Vec::new();
        for field in T::FIELDS {
            match field.name.split_once('.') {
                Some((whole, _)) => assert_eq!(names.last(), Some(&whole), "{}", field.name),
                None => names.push(field.name),
            }
        }
        names
    }

    /// The names that JSON has, in their order.
    fn in_json<T: JsonSchema>() -> Vec<String> {
        let schema = schema::root::<T>().to_value();
        let required = schema["required"].as_array().unwrap();
        assert_eq!(
            required.len(),
            schema["properties"].as_object().unwrap().len()
        );
        required
            .iter()
            .map(|name| name.as_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn the_fields_are_those_of_json_in_their_order() {
        assert_eq!(names::<ClusterHealth>(), in_json::<ClusterHealth>());
        assert_eq!(names::<Task>(), in_json::<Task>());
        assert_eq!(names::<Record>(), in_json::<Record>());
        assert_eq!(names::<Check>(), in_json::<Check>());
    }
}
