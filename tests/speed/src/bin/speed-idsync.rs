//! The work done with idsync.

use std::error::Error;
use std::time::Instant;

use futures_util::{StreamExt, TryStreamExt, stream};
use idsync::{Client, Credentials};
use idsync_speed::{AT_ONCE, Job, Workload, done};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let job = Job::from_command_line()?;
    let client = Client::builder()
        .endpoint(&job.url)
        .project_id(job.project_id.as_str())
        .credentials(Credentials::access_key(&job.ak, &job.sk))
        .build()?;
    let started = Instant::now();
    let items = match job.workload {
        Workload::Records => records(&client, &job).await?,
        Workload::Syncing => syncing(&client, &job, 1).await?,
        Workload::SyncingAtOnce => syncing(&client, &job, AT_ONCE).await?,
    };
    done(items, started)
}

async fn records(client: &Client, job: &Job) -> Result<usize, idsync::Error> {
    let cluster = job.cluster_id.as_str();
    let mut records = client.dws().sync_records(cluster).limit(1000).items();
    let mut items = 0;
    while let Some(record) = records.try_next().await? {
        items += usize::from(record.start_time.is_some());
    }
    Ok(items)
}

async fn syncing(client: &Client, job: &Job, at_once: usize) -> Result<usize, idsync::Error> {
    let mrs = client.mrs();
    let flags = stream::repeat_with(|| mrs.is_synchronizing(job.cluster_id.as_str()));
    let answers = flags.take(job.count).buffered(at_once);
    answers
        .try_fold(0, async |items, flag| {
            Ok(items + usize::from(flag.is_some()))
        })
        .await
}
