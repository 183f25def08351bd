//! Reads a part of a list, saves the position, and reads the rest later with pages fetched ahead.
//!
//! `cargo run -p idsync --example read_list` needs no account: it starts an emulator.
#![allow(clippy::print_stdout, reason = "an example prints its results")]

use std::error::Error;

use idsync::list::Position;
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
    let records = || client.dws().sync_records(ready.clusters.dws[0].as_str());

    // The first 450 records, and where the list continues after them.
    let mut first = records().limit(200).items();
    let mut failed = 0;
    for _ in 0..450 {
        let Some(record) = first.try_next().await? else {
            break;
        };
        failed += u64::from(record.fail_reason.is_some());
    }
    let Some(position) = first.position() else {
        println!("the list has no more than 450 records");
        return Ok(());
    };
    let saved = position.to_string();
    println!("left at {saved}");

    // The rest, perhaps in another process: four pages are requested at once.
    let position: Position = saved.parse()?;
    let mut rest = records().start_at(position).prefetch(4).items();
    while let Some(record) = rest.try_next().await? {
        failed += u64::from(record.fail_reason.is_some());
    }
    println!("{failed} runs failed");
    Ok(())
}
