//! What the contestants have in common: the job they are given, and how they tell that it is done.
//!
//! A contestant is any program that takes `WORKLOAD URL PROJECT_ID CLUSTER_ID AK SK COUNT`, does the work, prints one line of JSON
//! with the number of items it read, and stays until its stdin is closed, so that its use of memory can still be read.

use std::error::Error;
use std::io::{self, Read, Write};
use std::time::Instant;

/// How many calls are under way in the workload of that name.
pub const AT_ONCE: usize = 16;

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workload {
    /// Read every record of a DWS cluster, a thousand a page.
    Records,
    /// Ask for the flag of an MRS cluster so many times, one after another.
    Syncing,
    /// The same, [`AT_ONCE`] at a time.
    SyncingAtOnce,
}

/// One job, as it stands on the command line.
#[derive(Clone, Debug)]
pub struct Job {
    /// What to do.
    pub workload: Workload,
    /// Where all services are.
    pub url: String,
    /// The project of the cluster.
    pub project_id: String,
    /// The cluster.
    pub cluster_id: String,
    /// The access key.
    pub ak: String,
    /// The secret key.
    pub sk: String,
    /// How many calls to make where the workload does not tell.
    pub count: usize,
}

impl Job {
    /// Reads the command line.
    ///
    /// # Errors
    ///
    /// Which argument is missing or wrong.
    pub fn from_command_line() -> Result<Self, Box<dyn Error>> {
        let mut arguments = std::env::args().skip(1);
        let mut next = |name: &str| arguments.next().ok_or(format!("{name} is missing"));
        let workload = match next("WORKLOAD")?.as_str() {
            "records" => Workload::Records,
            "syncing" => Workload::Syncing,
            "syncing-at-once" => Workload::SyncingAtOnce,
            other => return Err(format!("there is no workload {other:?}").into()),
        };
        Ok(Self {
            workload,
            url: next("URL")?,
            project_id: next("PROJECT_ID")?,
            cluster_id: next("CLUSTER_ID")?,
            ak: next("AK")?,
            sk: next("SK")?,
            count: next("COUNT")?.parse()?,
        })
    }
}

/// Tells how many items were read since `started`, and waits to be dismissed.
///
/// # Errors
///
/// If nobody listens.
pub fn done(items: usize, started: Instant) -> Result<(), Box<dyn Error>> {
    let seconds = started.elapsed().as_secs_f64();
    writeln!(
        io::stdout(),
        "{}",
        serde_json::json!({"items": items, "seconds": seconds})
    )?;
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
