//! The work done with reqwest and serde alone: no signature, no retry, no paging but a loop. What is left is the least that a
//! client in Rust can cost.

use std::error::Error;
use std::time::Instant;

use futures_util::{StreamExt, TryStreamExt, stream};
use idsync_speed::{AT_ONCE, Job, Workload, done};
use reqwest::Client;
use serde::Deserialize;
use serde::de::DeserializeOwned;

const PAGE: usize = 1000;

/// A record with the fields that a program would look at, as plain as can be.
#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "decoding them is the work")]
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

#[derive(Debug, Deserialize)]
struct Records {
    sync_records: Vec<Record>,
    count: usize,
}

#[derive(Debug, Deserialize)]
struct Syncing {
    is_synchronizing: Option<bool>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let job = Job::from_command_line()?;
    // The way that is taken by idsync too, so that both have the same cryptography linked in.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().no_proxy().build()?;
    let started = Instant::now();
    let items = match job.workload {
        Workload::Records => records(&client, &job).await?,
        Workload::Syncing => syncing(&client, &job, 1).await?,
        Workload::SyncingAtOnce => syncing(&client, &job, AT_ONCE).await?,
    };
    done(items, started)
}

async fn get<T: DeserializeOwned>(client: &Client, url: &str) -> Result<T, Box<dyn Error>> {
    let answer = client.get(url).send().await?.error_for_status()?;
    Ok(serde_json::from_slice(&answer.bytes().await?)?)
}

async fn records(client: &Client, job: &Job) -> Result<usize, Box<dyn Error>> {
    let (mut items, mut page) = (0, 0);
    loop {
        let url = format!(
            "{}/v1/{}/clusters/{}/db-manager/sync-records?limit={PAGE}&offset={page}",
            job.url, job.project_id, job.cluster_id
        );
        let records: Records = get(client, &url).await?;
        let with_start = records
            .sync_records
            .iter()
            .filter(|record| record.start_time.is_some());
        items += with_start.count();
        page += 1;
        if records.sync_records.is_empty() || page * PAGE >= records.count {
            return Ok(items);
        }
    }
}

async fn syncing(client: &Client, job: &Job, at_once: usize) -> Result<usize, Box<dyn Error>> {
    let url = format!(
        "{}/v2/{}/clusters/{}/iam-sync",
        job.url, job.project_id, job.cluster_id
    );
    let answers = stream::repeat_with(|| get::<Syncing>(client, &url));
    let answers = answers.take(job.count).buffered(at_once);
    answers
        .try_fold(0, async |items, answer| {
            Ok(items + usize::from(answer.is_synchronizing.is_some()))
        })
        .await
}
