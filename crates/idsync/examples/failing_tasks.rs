//! Lists the tasks that failed, and what to do about each.
//!
//! `cargo run -p idsync --example failing_tasks` needs no account: it starts an emulator.
#![allow(clippy::print_stdout, reason = "an example prints its results")]

use std::error::Error;

use idsync::dataarts::SyncStatus;
use idsync::health::Diagnosis;
use idsync::{Client, Credentials};
use idsync_emulator::Emulator;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let emulator = Emulator::builder().start().await?;
    let ready = emulator.ready();
    let client = Client::builder()
        .endpoint(&ready.url)
        .project_id(&ready.project_id)
        .credentials(Credentials::access_key(&ready.ak, &ready.sk))
        .build()?;

    let tasks = client.dataarts(ready.workspace.as_str()).tasks();
    let mut failed = tasks.sync_status(SyncStatus::SyncFail).items();
    while let Some(task) = failed.try_next().await? {
        let name = task
            .cluster_name
            .as_deref()
            .unwrap_or("a cluster without a name");
        match task.sync_msg.as_deref().and_then(Diagnosis::of) {
            Some(diagnosis) => println!("{name}: {}. {}", diagnosis.summary, diagnosis.hint),
            None => println!("{name}: the service gives no cause"),
        }
    }
    Ok(())
}
