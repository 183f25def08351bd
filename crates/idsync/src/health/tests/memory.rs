//! What is kept of each cluster while many are asked about.

use std::fmt::Write;

use allocation_counter::measure;
use idsync_emulator::{Emulator, Fault, FaultKind, Operation};
use tokio::runtime::{Builder, Runtime};

use crate::{Client, Credentials};

/// What one cluster may cost, its place in the report included; twenty records alone are more than this.
const BYTES_PER_CLUSTER: u64 = 3 * 1024;

/// Twenty runs, as the service writes them.
fn records() -> String {
    let mut records = String::new();
    for hour in 0..20_u64 {
        let comma = if hour > 0 { "," } else { "" };
        let start = 1_763_700_000_000 - hour * 3_600_000;
        let record = format!(
            r#"{comma}{{"id":"{hour:032}","identity_source_id":"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d","status":"FINISHED","start_time":{start},"end_time":{start},"add_count":3}}"#
        );
        records.write_str(&record).unwrap();
    }
    format!(r#"{{"sync_records":[{records}],"count":20}}"#)
}

/// The most memory that a check of so many generated clusters takes at once. The emulator runs in threads of its own,
/// which are not measured.
fn peak(clusters: u32) -> u64 {
    let elsewhere = Runtime::new().unwrap();
    let fault = Fault::on(Operation::Records, FaultKind::Body(records().into()));
    let emulator = Emulator::builder().tasks(clusters).fault(fault);
    let emulator = elsewhere.block_on(emulator.start()).unwrap();
    let ready = emulator.ready();
    let here = Builder::new_current_thread().enable_all().build().unwrap();
    let client = Client::builder()
        .endpoint(&ready.url)
        .project_id(&ready.project_id)
        .credentials(Credentials::access_key(&ready.ak, &ready.sk))
        .build()
        .unwrap();
    let taken = measure(|| {
        let check = client.health().workspace(&ready.workspace).check();
        let report = here.block_on(check).unwrap();
        assert!(report.clusters.len() >= clusters as usize && report.complete);
    });
    taken.bytes_max
}

#[test]
fn a_cluster_costs_its_place_in_the_report_and_not_its_records() {
    let (few, many) = (100, 500);
    let growth = peak(many).saturating_sub(peak(few)) / u64::from(many - few);
    assert!(growth <= BYTES_PER_CLUSTER, "{growth} bytes a cluster");
    assert!(
        growth >= 500,
        "{growth} bytes a cluster: is anything kept at all?"
    );
}
