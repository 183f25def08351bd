//! Reads a list that others may change meanwhile: pages ahead, progress, and a place to go on from.
//!
//! `cargo run -p idsync --example read_list` needs no account: it reads from an emulator of its own.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example talks to its reader"
)]

use std::error::Error;

use idsync::paging::Position;
use idsync::{Client, Credentials};
use idsync_emulator::Emulator;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let emulator = Emulator::builder().records(2_500).start().await?;
    let ready = emulator.ready();
    let client = Client::builder()
        .endpoint(&ready.url)
        .project_id(&ready.project_id)
        .credentials(Credentials::access_key(&ready.ak, &ready.sk))
        .build()?;
    let cluster = ready.clusters.dws[0].as_str();

    // The first pages only, and where the list goes on behind them.
    let first = client.dws().sync_records(cluster).limit(200).max_items(400);
    let mut pages = first.pages();
    let mut kept = None;
    while let Some(page) = pages.try_next().await? {
        kept = page.next_position();
    }
    let kept = serde_json::to_string(&kept)?;
    println!("left at {kept}");

    // The rest, perhaps in another process: four pages on their way at once.
    let mut records = client.dws().sync_records(cluster);
    if let Some(position) = serde_json::from_str::<Option<Position>>(&kept)? {
        records = records.resume(position);
    }
    let mut records = records
        .prefetch(4)
        .on_page(|progress| eprintln!("{} of {:?} items", progress.items, progress.total))
        .items();
    let mut failed = 0;
    while let Some(record) = records.try_next().await? {
        failed += u64::from(record.fail_reason.is_some());
    }
    println!("{failed} of the runs in the rest of the list failed");

    // All of it, certain of every record that was there throughout, whatever happens meanwhile.
    let mut records = client.dws().sync_records(cluster).confirmed().items();
    let mut count = 0;
    while records.try_next().await?.is_some() {
        count += 1;
    }
    println!("{count} runs in all");
    Ok(())
}
