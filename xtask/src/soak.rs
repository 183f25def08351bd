//! A long mixed load on an emulator that misbehaves on purpose while its clock runs: it must not misbehave otherwise.

mod caller;
mod memory;
mod tally;

use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use self::caller::Caller;
use self::memory::Memory;
use self::tally::Tally;
use crate::emulator::{self, Emulator};
use crate::http;
use crate::tools::Failure;

/// Threads that call at the same time.
const CALLERS: u64 = 4;

/// What goes wrong, each in one call of a hundred.
const FAULTS: [&str; 5] = ["status", "html", "half_json", "drop", "raw"];

/// What the load runs against: data enough for many pages, and an hour that passes in a minute.
const FLAGS: &[&str] = &[
    "--tasks",
    "2000",
    "--records",
    "20000",
    "--seed",
    "11",
    "--time-scale",
    "60",
];

/// Loads an emulator for so long; gives what was seen.
///
/// # Errors
///
/// [`Failure`] with what was seen if an answer was wrong, memory grew, or requests were not counted.
pub fn run(root: &Path, time: Duration) -> Result<String, Failure> {
    let program = emulator::build(root, false)?;
    let emulator = Arc::new(Emulator::start(&program, FLAGS)?);
    for kind in FAULTS {
        add_fault(&emulator, kind)?;
    }
    let end = Instant::now() + time;
    let callers: Vec<_> = (0..CALLERS)
        .map(|seed| {
            let mut caller = Caller::new(Arc::clone(&emulator), seed);
            thread::spawn(move || caller.call_until(end))
        })
        .collect();
    let memory = Memory::watch(emulator.process_id(), time)?;
    let mut tally = Tally::default();
    for caller in callers {
        let own = caller.join();
        tally.join(own.map_err(|_| Failure::new("a calling thread failed"))?);
    }
    verdict(&tally, &memory, counted(&emulator)?)
}

fn add_fault(emulator: &Emulator, kind: &str) -> Result<(), Failure> {
    let mut fault = json!({"operation": "any", "kind": kind, "share": 0.01});
    match kind {
        "status" => fault["status"] = 503.into(),
        "raw" => fault["end"] = "reset".into(),
        _ => {}
    }
    let url = format!("{}/_emulator/faults", emulator.told("/url"));
    http::json("POST", &url, &[], &fault.to_string()).map(|_| ())
}

/// How many requests the emulator says it has seen.
fn counted(emulator: &Emulator) -> Result<u64, Failure> {
    let seen = emulator.get("/_emulator/requests", &[])?;
    let total = seen.get("total").and_then(Value::as_u64);
    total.ok_or_else(|| Failure::new("the emulator does not tell how many requests it has seen"))
}

fn verdict(tally: &Tally, memory: &Memory, counted: u64) -> Result<String, Failure> {
    let mut problems = tally.problems();
    problems.extend(memory.problem());
    if counted != tally.sent {
        problems.push(format!(
            "{} requests were sent, but {counted} were seen",
            tally.sent
        ));
    }
    let told = format!("{tally}, {counted} seen; {memory}");
    if problems.is_empty() {
        return Ok(told);
    }
    Err(Failure::new(format!("{told}\n{}", problems.join("\n"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_that_was_sent_and_not_seen_fails_the_soak() {
        let tally = || Tally::of(10_000, 500);
        let flat = || Memory::of(vec![20_000; 60]);
        let told = verdict(&tally(), &flat(), 10_000).unwrap();
        assert!(told.contains("10000 seen"), "{told}");
        for counted in [9_999, 10_001] {
            let failure = verdict(&tally(), &flat(), counted).unwrap_err().to_string();
            assert!(
                failure.contains(&format!("but {counted} were seen")),
                "{failure}"
            );
        }
    }
}
