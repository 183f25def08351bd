//! `cargo bench -p idsync-benches`: signing, decoding a page, diagnosis and judging.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark fails by panicking"
)]

use divan::{Bencher, black_box};
use idsync::health::{Diagnosis, Rules, judge};
use idsync_benches::{Call, NOW, Records, Tasks, clusters, signed_headers};

fn main() {
    divan::main();
}

#[divan::bench]
fn sign() -> Vec<(&'static str, String)> {
    signed_headers(black_box(Call::Records), "localhost")
}

#[divan::bench]
fn decode_1000_records(bencher: Bencher<'_, '_>) {
    let body = Call::Records.body();
    bencher.bench(|| serde_json::from_str::<Records>(&body).unwrap().sync_records);
}

#[divan::bench]
fn decode_100_tasks(bencher: Bencher<'_, '_>) {
    let body = Call::Tasks.body();
    bencher.bench(|| serde_json::from_str::<Tasks>(&body).unwrap().tasks);
}

/// One text of each kind: a class that is recognised first, one that is recognised last, and none.
#[divan::bench(args = [
    "ERROR: role \"etl\" cannot be dropped because some objects depend on it\n  Detail: owner of table t",
    "[2026-11-22 10:00:00] ===> Submit job failed:[{\"message\":\"ldap_bind failed\",\"status\":\"FAILED\"}]",
    "[2026-11-22 10:00:00] ===> Submit job failed:[{\"message\":\"not recognised\",\"status\":\"FAILED\"}]",
])]
fn diagnose(text: &str) -> Option<Diagnosis> {
    Diagnosis::of(black_box(text))
}

#[divan::bench]
fn judge_10000_clusters(bencher: Bencher<'_, '_>) {
    let clusters = clusters(10_000).unwrap();
    bencher.bench(|| judge(None, &clusters, Vec::new(), &Rules::default(), NOW));
}
