//! What must come of a call, worked out from a list that was read without filters.

use serde_json::{Value, json};

use super::call::{Call, Operation};
use crate::emulator::Emulator;
use crate::tools::Failure;

/// Tasks on a page if no limit is given, as the emulator documents.
const TASKS_WITHOUT_LIMIT: usize = 10;

/// Records on a page if no limit is given (reference page).
const RECORDS_WITHOUT_LIMIT: usize = 1_000;

/// Everything that a call can see.
pub(super) struct Reference {
    whole: Value,
}

impl Reference {
    /// Reads it with a plain request that carries the token of the ready line.
    pub(super) fn read(emulator: &Emulator, call: &Call) -> Result<Self, Failure> {
        let project = emulator.told("/project_id");
        let workspace = [("workspace", emulator.told("/workspace"))];
        let of = |list: &str| emulator.told(&format!("/clusters/{list}/0"));
        let target = match call.operation {
            Operation::Tasks => format!("/v1/{project}/security/member-sync-tasks?limit=1000"),
            Operation::Records => format!(
                "/v1/{project}/clusters/{}/db-manager/sync-records",
                of("dws")
            ),
            Operation::Syncing => format!("/v2/{project}/clusters/{}/iam-sync", of("mrs")),
        };
        let whole = emulator.get(&target, &workspace)?;
        Ok(Self { whole })
    }

    /// The body that the call must get, without fields that are null: SDKs do not tell those from absent ones.
    pub(super) fn answer(&self, call: &Call) -> Value {
        without_nulls(match call.operation {
            Operation::Tasks => self.tasks(call),
            Operation::Records => self.records(call),
            Operation::Syncing => self.whole.clone(),
        })
    }

    /// Whether the parameters of the call make a difference to what it gets.
    pub(super) fn is_changed_by(&self, call: &Call) -> bool {
        let mut plain = call.clone();
        plain.parameters.clear();
        self.answer(call) != self.answer(&plain)
    }

    fn tasks(&self, call: &Call) -> Value {
        let mut tasks = self.items("tasks");
        for field in ["cluster_type", "sync_status", "schedule_status"] {
            if let Some(wanted) = call.text(field) {
                tasks.retain(|task| task[field] == wanted);
            }
        }
        if let Some(part) = call.text("cluster_name") {
            tasks.retain(|task| {
                task["cluster_name"]
                    .as_str()
                    .is_some_and(|name| name.contains(part))
            });
        }
        order(&mut tasks, call);
        let total = tasks.len();
        let limit = call.number("limit").unwrap_or(TASKS_WITHOUT_LIMIT);
        let first = call.number("offset").unwrap_or(0);
        let page: Vec<_> = tasks.into_iter().skip(first).take(limit).collect();
        json!({"total": total, "tasks": page})
    }

    fn records(&self, call: &Call) -> Value {
        let records = self.items("sync_records");
        let count = records.len();
        let limit = call.number("limit").unwrap_or(RECORDS_WITHOUT_LIMIT);
        let first = call.number("offset").unwrap_or(0) * limit;
        let page: Vec<_> = records.into_iter().skip(first).take(limit).collect();
        json!({"count": count, "sync_records": page})
    }

    fn items(&self, list: &str) -> Vec<Value> {
        self.whole[list].as_array().cloned().unwrap_or_default()
    }
}

fn order(tasks: &mut [Value], call: &Call) {
    match call.text("order_by") {
        Some("CLUSTER_NAME") => tasks.sort_by_key(|task| task["cluster_name"].to_string()),
        Some(field) => {
            let field = field.to_lowercase();
            // A task that never ran has no time, and comes first.
            tasks.sort_by_key(|task| task[&field].as_i64());
        }
        None => return,
    }
    if call.parameters.get("order_by_asc") == Some(&false.into()) {
        tasks.reverse();
    }
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let given = fields.into_iter().filter(|(_, value)| !value.is_null());
            given
                .map(|(name, value)| (name, without_nulls(value)))
                .collect()
        }
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}
