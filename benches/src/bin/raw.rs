//! The work by hand: reqwest, serde and a signature.

use idsync_benches::{Call, arguments, http_client, signed_headers};
use serde::Deserialize;

#[derive(Deserialize)]
struct Flag {
    is_synchronizing: Option<bool>,
}

#[derive(Deserialize)]
struct Records {
    sync_records: Vec<Record>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "read, as a caller would have them")]
struct Record {
    id: Option<String>,
    identity_source_id: Option<String>,
    identity_source_type: Option<String>,
    start_time: Option<i64>,
    end_time: Option<i64>,
    add_count: Option<i64>,
    update_count: Option<i64>,
    delete_count: Option<i64>,
    failed_count: Option<i64>,
    status: Option<String>,
    fail_reason: Option<String>,
}

#[derive(Deserialize)]
struct Tasks {
    tasks: Vec<Task>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "read, as a caller would have them")]
struct Task {
    id: Option<String>,
    project_id: Option<String>,
    domain_id: Option<String>,
    instance_id: Option<String>,
    data_connection_workspace: Option<String>,
    cluster_type: Option<String>,
    data_connection_id: Option<String>,
    data_connection_name: Option<String>,
    cluster_id: Option<String>,
    cluster_name: Option<String>,
    schedule_start_hour: Option<i64>,
    schedule_end_hour: Option<i64>,
    schedule_period: Option<String>,
    schedule_interval: Option<i64>,
    schedule_status: Option<String>,
    sync_status: Option<String>,
    sync_msg: Option<String>,
    sync_time: Option<i64>,
    create_time: Option<i64>,
    create_user: Option<String>,
    update_time: Option<i64>,
    update_user: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (operation, base, calls) = arguments()?;
    let http = http_client()?;
    let host = base.trim_start_matches("http://").to_owned();
    for _ in 0..calls {
        let (path, query) = operation.target();
        let mut url: reqwest::Url = format!("{base}{path}").parse()?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut request = http.get(url);
        for (name, value) in signed_headers(operation, &host) {
            request = request.header(name, value);
        }
        let body = request.send().await?.error_for_status()?.bytes().await?;
        let read = match operation {
            Call::Flag => {
                usize::from(serde_json::from_slice::<Flag>(&body)?.is_synchronizing == Some(false))
            }
            Call::Records => serde_json::from_slice::<Records>(&body)?.sync_records.len(),
            Call::Tasks => serde_json::from_slice::<Tasks>(&body)?.tasks.len(),
        };
        assert!(read > 0);
    }
    Ok(())
}
