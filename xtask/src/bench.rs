//! The same work with idsync, with plain reqwest and serde, and with the official SDKs for Go and Python, against one emulator.
//!
//! Every contestant is a process of its own that reads from an emulator in another process; contestants take turns, so that
//! what else goes on on the machine meets all of them. Linux only: time and memory are read from `/proc`.

mod contestant;
mod run;
mod table;

use std::path::Path;

use self::contestant::Contestant;
use self::run::{Figures, Job};
use self::table::Table;
use crate::emulator::{self, Emulator};
use crate::tools::{Failure, Toolbox};

/// How much work is done.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Records to read, a thousand a page.
    pub records: u32,
    /// Calls of the flag of an MRS cluster.
    pub calls: u32,
    /// How often each contestant has its turn.
    pub turns: u32,
}

/// Lets all contestants do all the work; gives the table of medians.
///
/// # Errors
///
/// [`Failure`] if something cannot be built, or a contestant does not read everything.
pub fn run(root: &Path, size: Size) -> Result<String, Failure> {
    let program = emulator::build(root, true)?;
    let contestants = contestant::build(root, &Toolbox::of(root))?;
    let records = size.records.to_string();
    let emulator = Emulator::start(&program, &["--auth", "off", "--records", &records])?;
    let mut table = Table::default();
    for (workload, cluster, count) in [
        ("records", "/clusters/dws/0", size.records),
        ("syncing", "/clusters/mrs/0", size.calls),
        ("syncing-at-once", "/clusters/mrs/0", size.calls),
    ] {
        let job = Job {
            workload,
            cluster: emulator.told(cluster),
            count,
        };
        let turns = take_turns(&emulator, &contestants, &job, size.turns)?;
        table.add(&format!("{workload}, {count}"), &contestants, &turns);
    }
    Ok(table.to_string())
}

/// For each contestant the figures of its turns.
fn take_turns(
    emulator: &Emulator,
    contestants: &[Contestant],
    job: &Job<'_>,
    turns: u32,
) -> Result<Vec<Vec<Figures>>, Failure> {
    let mut figures = vec![Vec::new(); contestants.len()];
    for _ in 0..turns.max(1) {
        for (contestant, figures) in contestants.iter().zip(&mut figures) {
            figures.push(run::measured(contestant, emulator, job)?);
        }
    }
    Ok(figures)
}
