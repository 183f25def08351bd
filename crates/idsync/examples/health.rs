//! One verdict over all clusters of two workspaces, with custom rules.
//!
//! `cargo run -p idsync --example health` needs no account: it reads from an emulator that it starts.
#![allow(clippy::print_stdout, reason = "an example prints its results")]

use std::error::Error;
use std::time::Duration;

use idsync::health::{Rules, Verdict};
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

    let mut rules = Rules::new();
    rules.grace = Some(Duration::from_secs(60 * 60));
    let mut check = client.health().rules(rules);
    for workspace in emulator.workspaces() {
        check = check.workspace(workspace.as_str());
    }
    let report = check.check().await?;

    println!(
        "{} clusters, {} as a whole",
        report.clusters.len(),
        report.verdict
    );
    for cluster in &report.clusters {
        if cluster.verdict > Verdict::Running {
            let name = cluster.cluster_name.as_deref().unwrap_or("?");
            for reason in &cluster.reasons {
                println!("{name}: {}: {}", reason.verdict, reason.message);
            }
        }
    }
    // A service that could not be asked is part of the report, not a failure of it.
    for problem in &report.problems {
        println!("not known: {}", problem.error.message);
    }
    Ok(())
}
