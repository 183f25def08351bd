//! A world, and a run of the command in it.

use std::collections::HashMap;
use std::process::{Command, Stdio};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::server;

/// The present of every world: 14:00 in UTC+8.
pub(crate) const NOW: &str = "2026-11-22T06:00:00Z";

/// The project that worlds belong to unless they name another.
pub(crate) const PROJECT: &str = "p1";

/// Every verdict that is not healthy, for `--fail-on`.
pub(crate) const UNWELL: &str = "failing,stuck,overdue,partial,unknown,never_run,running";

/// The response for one workspace or cluster.
#[derive(Clone)]
pub(crate) enum Answer {
    /// A list, in pages.
    Items(Vec<Value>),
    /// A status and a body as they are.
    Raw(u16, String),
}

/// The answers by `project/workspace` or `project/cluster`, and the arguments of the command.
#[derive(Clone, Default)]
pub(crate) struct World {
    pub(crate) answers: HashMap<String, Answer>,
    arguments: Vec<String>,
    files: Vec<(&'static str, String)>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A workspace `w` with tasks; each DWS cluster has no records, each MRS cluster is idle.
    pub(crate) fn of_tasks<const N: usize>(tasks: [Value; N]) -> Self {
        Self::new().workspace("w", tasks)
    }

    /// A DWS cluster `c` that is named, with records.
    pub(crate) fn of_records(records: impl IntoIterator<Item = Value>) -> Self {
        Self::new()
            .argument("--cluster dws:c")
            .records("c", records)
    }

    pub(crate) fn workspace(mut self, id: &str, tasks: impl IntoIterator<Item = Value>) -> Self {
        let tasks: Vec<_> = tasks.into_iter().collect();
        for task in &tasks {
            let idle = match task["cluster_type"].as_str() {
                Some("MRS") => Answer::Raw(200, r#"{"is_synchronizing":false}"#.into()),
                _ => Answer::Items(Vec::new()),
            };
            let cluster = task["cluster_id"].as_str().unwrap_or_default();
            let key = format!("{PROJECT}/{cluster}");
            self.answers.entry(key).or_insert(idle);
        }
        self.argument(&format!("--workspace {id}"))
            .with(id, Answer::Items(tasks))
    }

    pub(crate) fn records(self, cluster: &str, records: impl IntoIterator<Item = Value>) -> Self {
        self.with(cluster, Answer::Items(records.into_iter().collect()))
    }

    /// Sets the response for a workspace or cluster.
    pub(crate) fn raw(self, id: &str, status: u16, body: &str) -> Self {
        self.with(id, Answer::Raw(status, body.to_owned()))
    }

    pub(crate) fn with(mut self, id: &str, answer: Answer) -> Self {
        let key = if id.contains('/') {
            id.to_owned()
        } else {
            format!("{PROJECT}/{id}")
        };
        self.answers.insert(key, answer);
        self
    }

    /// Adds arguments of `status`, separated by blanks.
    pub(crate) fn argument(mut self, arguments: &str) -> Self {
        let arguments = arguments.split_whitespace().map(str::to_owned);
        self.arguments.extend(arguments);
        self
    }

    /// Adds a file; `{file}` in an argument is its path, and `{url}` in the text the address of the services.
    pub(crate) fn file(mut self, flag: &'static str, text: &str) -> Self {
        self.files.push((flag, text.to_owned()));
        self
    }

    /// Runs `status -o json` with `--fail-on`.
    pub(crate) fn check(&self, fail_on: &str) -> Outcome {
        let url = server::serve(self);
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_idsync"));
        command
            .args("status -o json --retries 0 --fail-on".split(' '))
            .args([fail_on, "--endpoint", &url])
            .args(&self.arguments)
            .env_clear()
            .env("IDSYNC_NO_METADATA", "1")
            .env("IDSYNC_CLOCK", format!("{url}/_emulator/clock"))
            .env("HUAWEICLOUD_SDK_AK", "AKEXAMPLE")
            .env("HUAWEICLOUD_SDK_SK", "an-example-secret")
            .stdin(Stdio::null());
        let is_fleet = self.files.iter().any(|(flag, _)| *flag == "--fleet");
        if !is_fleet {
            command.env("HUAWEICLOUD_SDK_PROJECT_ID", PROJECT);
        }
        for (flag, text) in &self.files {
            let path = folder.path().join(flag.trim_start_matches('-'));
            std::fs::write(&path, text.replace("{url}", &url)).unwrap();
            command.arg(flag).arg(path);
        }
        Outcome::of(&command.output().unwrap())
    }

    /// Runs it with `--fail-on`, and checks exit code and verdict.
    #[track_caller]
    pub(crate) fn gives(&self, fail_on: &str, code: i32, verdict: &str) -> Outcome {
        let outcome = self.check(fail_on);
        let got = (outcome.code, outcome.verdict());
        assert_eq!(got, (Some(code), verdict), "{outcome:#?}");
        outcome
    }
}

/// Checks each of the named worlds with `--fail-on`, and shows the outcomes that are not right.
#[track_caller]
pub(crate) fn expect(worlds: &[(&str, World)], fail_on: &str, is_right: impl Fn(&Outcome) -> bool) {
    let outcomes = worlds
        .iter()
        .map(|(name, world)| (name, world.check(fail_on)));
    let wrong: Vec<_> = outcomes.filter(|(_, outcome)| !is_right(outcome)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The outcome of a run.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    /// The report, or stderr if there is none.
    pub(crate) report: Value,
}

impl Outcome {
    fn of(output: &std::process::Output) -> Self {
        Self {
            code: output.status.code(),
            report: serde_json::from_slice(&output.stdout)
                .unwrap_or_else(|_| json!(String::from_utf8_lossy(&output.stderr))),
        }
    }

    pub(crate) fn verdict(&self) -> &str {
        self.report["verdict"].as_str().unwrap_or("none")
    }

    /// The codes of all reasons, of clusters and of the report.
    pub(crate) fn reasons(&self) -> Vec<&str> {
        self.codes("reasons")
    }

    /// The codes of all notes.
    pub(crate) fn notes(&self) -> Vec<&str> {
        self.codes("notes")
    }

    fn codes(&self, list: &str) -> Vec<&str> {
        let clusters = self.report["clusters"].as_array().into_iter().flatten();
        let findings = clusters.chain([&self.report]).map(|owner| &owner[list]);
        let findings = findings.filter_map(Value::as_array).flatten();
        findings
            .filter_map(|finding| finding["code"].as_str())
            .collect()
    }
}

/// The epoch milliseconds of a time before the present, such as `-2h`.
fn at(offset: &str) -> i64 {
    let now: Timestamp = NOW.parse().unwrap();
    let ago: SignedDuration = offset.trim_start_matches('-').parse().unwrap();
    (now - ago).as_millisecond()
}

/// A task of cluster `c` that succeeded at `time`, without a schedule.
pub(crate) fn task(cluster_type: &str, time: &str) -> Value {
    json!({
        "id": "t", "cluster_id": "c", "cluster_name": "orders", "cluster_type": cluster_type,
        "sync_status": "SYNC_SUCCESS", "sync_time": at(time), "sync_msg": "",
        "schedule_status": "NOT_SCHEDULE", "create_time": at("-2400h"), "update_time": at("-2400h"),
    })
}

/// A run of identity source `source` that succeeded after half a minute.
pub(crate) fn record(source: &str, start: &str) -> Value {
    json!({
        "id": format!("{source}{start}"), "identity_source_id": source, "identity_source_type": "ldap",
        "start_time": at(start), "end_time": at(start) + 30_000, "status": "FINISHED",
        "add_count": 1, "update_count": 0, "delete_count": 0, "failed_count": 0, "fail_reason": null,
    })
}

/// The same with other fields.
pub(crate) fn changed(mut value: Value, fields: Value) -> Value {
    let fields: Map<_, _> = fields.as_object().cloned().unwrap_or_default();
    value.as_object_mut().unwrap().extend(fields);
    value
}
