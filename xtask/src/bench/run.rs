//! One turn of one contestant, and what it cost.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::Instant;

use serde_json::Value;

use super::Contestant;
use crate::emulator::Emulator;
use crate::tools::Failure;

/// Clock ticks a second in `/proc`, which Linux has fixed for programs.
const TICKS: f64 = 100.0;

/// What is to be done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Job<'a> {
    pub(super) workload: &'static str,
    pub(super) cluster: &'a str,
    pub(super) count: u32,
}

/// What a turn cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Figures {
    /// From the first call to the last answer, in seconds, as the contestant tells.
    pub(super) wall: f64,
    /// Processor time of the whole process, start included, in seconds.
    pub(super) processor: f64,
    /// The most memory that it held, in MiB.
    pub(super) memory: f64,
    /// Processor time of the emulator meanwhile, in seconds.
    pub(super) emulator: f64,
}

/// Lets a contestant do the job.
///
/// # Errors
///
/// [`Failure`] if it fails, or read another number of items than there are.
pub(super) fn measured(
    contestant: &Contestant,
    emulator: &Emulator,
    job: &Job<'_>,
) -> Result<Figures, Failure> {
    let failed =
        |what: String| Failure::new(format!("{}: {}: {what}", contestant.name, job.workload));
    let told = |pointer| emulator.told(pointer);
    let before = processor_time(emulator.process_id())?;
    let mut command = contestant.command();
    command
        .args([job.workload, told("/url"), told("/project_id"), job.cluster])
        .args([told("/ak"), told("/sk"), &job.count.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let begun = Instant::now();
    let mut process = command.spawn().map_err(|error| failed(error.to_string()))?;
    let outcome = outcome(&mut process).map_err(&failed)?;
    let elapsed = begun.elapsed().as_secs_f64();
    let figures = Figures {
        wall: outcome["seconds"].as_f64().unwrap_or(elapsed),
        processor: processor_time(process.id())?,
        memory: peak_memory(process.id())?,
        emulator: processor_time(emulator.process_id())? - before,
    };
    drop(process.stdin.take());
    process.wait().map_err(|error| failed(error.to_string()))?;
    match outcome["items"].as_u64() {
        Some(items) if items == u64::from(job.count) => Ok(figures),
        items => Err(failed(format!("read {items:?} items of {}", job.count))),
    }
}

/// The line by which a contestant tells that it is done.
fn outcome(process: &mut Child) -> Result<Value, String> {
    let stdout = process.stdout.take().ok_or("has no stdout")?;
    let mut line = String::new();
    BufReader::new(stdout)
        .read_line(&mut line)
        .map_err(|error| error.to_string())?;
    serde_json::from_str(&line).map_err(|_| format!("ended without an outcome: {line:?}"))
}

fn processor_time(process: u32) -> Result<f64, Failure> {
    let path = format!("/proc/{process}/stat");
    let stat = read(&path)?;
    // The second field is the name in parentheses, which may hold blanks; user and system time are the 14th and 15th.
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: Vec<f64> = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse().ok())
        .collect();
    match ticks.as_slice() {
        [user, system] => Ok((user + system) / TICKS),
        _ => Err(Failure::new(format!("{path} is not as Linux has it"))),
    }
}

fn peak_memory(process: u32) -> Result<f64, Failure> {
    let path = format!("/proc/{process}/status");
    let status = read(&path)?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok())
        .map(|kibibytes| kibibytes / 1024.0)
        .ok_or_else(|| Failure::new(format!("{path} tells no VmHWM")))
}

fn read(path: &str) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| Failure::new(format!("{path}: {error}")))
}
