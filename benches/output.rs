//! `cargo bench -p idsync-cli`: the command prints 10,000 records in each form, from start to exit. The emulator that it reads
//! them from runs in the process of the benchmark.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark fails by panicking"
)]

use std::process::{Command, Stdio};
use std::sync::OnceLock;

use divan::Bencher;
use idsync_emulator::Emulator;
use tokio::runtime::Runtime;

static SERVICES: OnceLock<(Runtime, Emulator)> = OnceLock::new();

fn main() {
    let runtime = Runtime::new().unwrap();
    let emulator = Emulator::builder().records(10_000).start();
    let emulator = runtime.block_on(emulator).unwrap();
    SERVICES.set((runtime, emulator)).unwrap();
    divan::main();
}

#[divan::bench(args = ["table", "json", "ndjson", "csv", "yaml"])]
fn print_10000_records(bencher: Bencher<'_, '_>, form: &str) {
    let (_, emulator) = SERVICES.get().unwrap();
    let ready = emulator.ready();
    let cluster = &ready.clusters.dws[0];
    let mut command = Command::new(env!("CARGO_BIN_EXE_idsync"));
    command
        .args(["records", cluster, "--output", form])
        .env("IDSYNC_ENDPOINT", emulator.url())
        .env("HUAWEICLOUD_SDK_PROJECT_ID", &ready.project_id)
        .env("HUAWEICLOUD_SDK_AK", &ready.ak)
        .env("HUAWEICLOUD_SDK_SK", &ready.sk)
        .stdout(Stdio::null());
    bencher.bench_local(|| assert!(command.status().unwrap().success()));
}
