//! What the benchmarks share: the bodies that are served, and the request that is sent by hand.

use std::fmt::Write as _;

use idsync::dataarts::{ClusterType, SyncStatus, Task};
use idsync::dws::Record;
use idsync::health::{ClusterObservation, Reading};
use idsync::signing::{Request, sign};
use jiff::Timestamp;
use serde::Deserialize;

/// The time at which clusters are judged.
pub const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);
/// A failure text with a job that says why.
pub const FAILURE: &str = r#"[2026-11-20 10:25:50] ===> submit job:[{"job_id":"17","status":"FAILED","message":"ERROR: role "iam_group_risk" cannot be dropped because some objects depend on it"}]"#;
/// The access key of every request.
pub const ACCESS_KEY: &str = "AKEXAMPLE00000000001";
/// Its secret.
pub const SECRET_KEY: &str = "skexample0000000000000000000000000000001";
/// The project of every request.
pub const PROJECT: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
/// The cluster of every request.
pub const CLUSTER: &str = "5f6a7b8c-9d0e-4f1a-8b2c-3d4e5f6a7b8c";
/// The workspace of every request.
pub const WORKSPACE: &str = "f7bc8f2a0a1b2c3d4e5f60718293a4b5";

/// The three operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// The flag of MRS.
    Flag,
    /// A page of 1000 records of DWS.
    Records,
    /// A page of 100 tasks of DataArts Studio.
    Tasks,
}

impl Call {
    /// The operation by its name on the command line.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "flag" => Some(Self::Flag),
            "records" => Some(Self::Records),
            "tasks" => Some(Self::Tasks),
            _ => None,
        }
    }

    /// The path and the query of its request.
    pub fn target(self) -> (String, &'static [(&'static str, &'static str)]) {
        match self {
            Self::Flag => (format!("/v2/{PROJECT}/clusters/{CLUSTER}/iam-sync"), &[]),
            Self::Records => (
                format!("/v1/{PROJECT}/clusters/{CLUSTER}/db-manager/sync-records"),
                &[("limit", "1000"), ("offset", "0")],
            ),
            Self::Tasks => (
                format!("/v1/{PROJECT}/security/member-sync-tasks"),
                &[("limit", "100"), ("offset", "0")],
            ),
        }
    }

    /// The body of its answer: 26 bytes, about 300 KB, about 100 KB.
    pub fn body(self) -> String {
        match self {
            Self::Flag => r#"{"is_synchronizing":false}"#.to_owned(),
            Self::Records => format!(
                r#"{{"count":1000,"sync_records":[{}]}}"#,
                list(1000, record)
            ),
            Self::Tasks => format!(r#"{{"total":100,"tasks":[{}]}}"#, list(100, task)),
        }
    }
}

fn list(count: usize, item: fn(usize) -> String) -> String {
    let items: Vec<_> = (0..count).map(item).collect();
    items.join(",")
}

fn record(number: usize) -> String {
    let start = 1_790_000_000_000 - 600_000 * number;
    let (end, added) = (start + 38_000, number % 7);
    let source = ["ldap", "oneaccess"][number % 2];
    format!(
        r#"{{"id":"{number:08x}-9d0e-4f1a-8b2c-3d4e5f6a7b8c","identity_source_id":"{source}-8301-4c9a-b0c0-186bb824e8c0","identity_source_type":"{source}","start_time":{start},"end_time":{end},"add_count":{added},"update_count":0,"delete_count":0,"failed_count":0,"status":"FINISHED","fail_reason":null}}"#
    )
}

fn task(number: usize) -> String {
    let mut log = String::new();
    for job in 0..4 {
        let _ = write!(
            log,
            "[2026-11-20 10:25:5{job}] ===> job {number}-{job} of the synchronization was submitted and has ended well; "
        );
    }
    let time = 1_790_000_000_000 - 3_600_000 * number;
    format!(
        r#"{{"id":"{number:032x}","project_id":"{PROJECT}","domain_id":"d4e5f60718293a4b5c6d7e8f90a1b2c3","instance_id":"c3d4e5f60718293a4b5c6d7e8f90a1b2","data_connection_workspace":"{WORKSPACE}","cluster_type":"DWS","data_connection_id":"{number:032x}","data_connection_name":"connection-{number}","cluster_id":"{number:08x}-9d0e-4f1a-8b2c-3d4e5f6a7b8c","cluster_name":"cluster-{number}","schedule_start_hour":0,"schedule_end_hour":23,"schedule_period":"HOUR","schedule_interval":4,"schedule_status":"SCHEDULING","sync_status":"SYNC_SUCCESS","sync_msg":"{log}","sync_time":{time},"create_time":{time},"create_user":"operator","update_time":{time},"update_user":"operator"}}"#
    )
}

/// The headers of a signed request of `operation` to `host`, built by hand.
pub fn signed_headers(operation: Call, host: &str) -> Vec<(&'static str, String)> {
    let (path, query) = operation.target();
    let date = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let mut headers = vec![
        ("content-type", "application/json".to_owned()),
        ("host", host.to_owned()),
        ("x-project-id", PROJECT.to_owned()),
        ("x-sdk-date", date),
    ];
    if operation == Call::Tasks {
        headers.push(("workspace", WORKSPACE.to_owned()));
    }
    let plain: Vec<_> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let request = Request {
        method: "GET",
        path: &path,
        query,
        headers: &plain,
        body: b"",
    };
    let authorization = sign(&request, ACCESS_KEY, SECRET_KEY).authorization;
    headers.push(("authorization", authorization));
    headers
}

/// The records of a page.
#[derive(Debug, Deserialize)]
pub struct Records {
    /// All of them.
    pub sync_records: Vec<Record>,
}

/// The tasks of a page.
#[derive(Debug, Deserialize)]
pub struct Tasks {
    /// All of them.
    pub tasks: Vec<Task>,
}

/// Observations of `count` clusters with one task each, of which every fifth failed.
///
/// # Errors
///
/// The error of decoding the tasks.
pub fn clusters(count: usize) -> serde_json::Result<Vec<ClusterObservation>> {
    let tasks = serde_json::from_str::<Tasks>(&Call::Tasks.body())?.tasks;
    let cluster = |number: usize| {
        let mut task = tasks[number % tasks.len()].clone();
        if number.is_multiple_of(5) {
            task.sync_status = Some(SyncStatus::SyncFail);
        }
        ClusterObservation::new(format!("cluster-{number}"))
            .with_type(ClusterType::Dws)
            .with_tasks(Reading::Read(vec![task]))
    };
    Ok((0..count).map(cluster).collect())
}

/// A client of reqwest, as a program without the facade would build it.
///
/// # Errors
///
/// What reqwest reports.
pub fn http_client() -> reqwest::Result<reqwest::Client> {
    // Without a provider reqwest cannot be built; one that is already there is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build()
}

/// The operation, the base URL and the number of calls from the command line: `PROGRAM OPERATION URL CALLS`.
///
/// # Errors
///
/// A text that says how to call the program.
pub fn arguments() -> Result<(Call, String, u32), String> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [operation, url, calls] = arguments.as_slice() else {
        return Err("usage: PROGRAM flag|records|tasks URL CALLS".to_owned());
    };
    let operation = Call::named(operation).ok_or("the operation is flag, records or tasks")?;
    let calls = calls.parse().map_err(|_| "CALLS is a number")?;
    Ok((operation, url.clone(), calls))
}
