//! Sums up the runs of a DWS identity source, one record after another: the list is never held as a whole.
//!
//! `cargo run -p idsync --example stream_records` needs no account: it starts an emulator.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example prints its results"
)]

use std::error::Error;

use idsync::{Client, Credentials};
use idsync_emulator::Emulator;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let emulator = Emulator::builder().records(25_000).start().await?;
    let ready = emulator.ready();
    let client = Client::builder()
        .endpoint(&ready.url)
        .project_id(&ready.project_id)
        .credentials(Credentials::access_key(&ready.ak, &ready.sk))
        .build()?;

    let cluster = ready.clusters.dws[0].as_str();
    // Two pages are requested while the one before them is processed.
    let mut records = client.dws().sync_records(cluster).prefetch(2).items();
    let (mut runs, mut added, mut deleted) = (0_u64, 0, 0);
    while let Some(record) = records.next().await {
        match record {
            Ok(record) => {
                runs += 1;
                added += record.add_count.unwrap_or_default();
                deleted += record.delete_count.unwrap_or_default();
            }
            // One record that cannot be read costs that record, not the list.
            Err(error) if error.path().is_some() => eprintln!("left out: {error}"),
            Err(error) => return Err(error.into()),
        }
    }
    println!("{runs} runs added {added} users and groups and deleted {deleted}");
    Ok(())
}
