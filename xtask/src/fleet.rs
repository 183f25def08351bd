//! A fleet of ten thousand clusters, judged in one run of `idsync status`: whole, rightly, and in little memory.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use serde_json::Value;

use crate::emulator::{self, Emulator};
use crate::proc_status;
use crate::tools::Failure;

/// The scenario that is played.
const SCENARIO: &str = "fleet-10k";

/// Memory that the command may take, in kilobytes.
const MOST: u64 = 100 * 1_024;

/// What came of one run.
#[derive(Debug)]
struct Run {
    report: Value,
    /// The most memory that it took, in kilobytes.
    memory: u64,
}

/// Judges the fleet and holds the report against what the emulator has planted; tells the figures.
///
/// # Errors
///
/// [`Failure`] with every difference if the report is not what was planted, or took too much memory.
pub fn check(root: &Path) -> Result<String, Failure> {
    let program = emulator::build(root, false)?;
    let emulator = Emulator::start(&program, &["--scenario", SCENARIO])?;
    let state = emulator.get("/_emulator/state?limit=1", &[])?;
    let begun = Instant::now();
    let run = judged(&program, &emulator)?;
    let told = format!(
        "{} clusters in {:.1} s, with at most {} kB: {}",
        state["total"],
        begun.elapsed().as_secs_f32(),
        run.memory,
        run.report["counts"]
    );
    let problems = problems(&run, &state);
    if problems.is_empty() {
        return Ok(told);
    }
    Err(Failure::new(format!("{told}\n{}", problems.join("\n"))))
}

/// Runs `idsync status` on everything that `emulator` has.
fn judged(program: &Path, emulator: &Emulator) -> Result<Run, Failure> {
    let mut command = Command::new(program);
    command.args(["status", "--output", "json"]);
    for (flag, value) in [
        ("--region", "/region"),
        ("--project-id", "/project_id"),
        ("--workspace", "/workspace"),
        ("--endpoint", "/url"),
    ] {
        command.args([flag, emulator.told(value)]);
    }
    let mut process = command
        .env_clear()
        .env("HUAWEICLOUD_SDK_AK", emulator.told("/ak"))
        .env("HUAWEICLOUD_SDK_SK", emulator.told("/sk"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| {
            Failure::new(format!("{} cannot be started: {error}", program.display()))
        })?;
    let read = read_to_end(&mut process);
    // Whatever was read, the process has to be waited for.
    let status = process.wait();
    let run = read?;
    match status {
        Ok(status) if status.success() => Ok(run),
        Ok(status) => Err(Failure::new(format!("idsync status ended with {status}"))),
        Err(error) => Err(Failure::new(format!("idsync status: {error}"))),
    }
}

/// Reads the report, and how much memory writing it took.
fn read_to_end(process: &mut Child) -> Result<Run, Failure> {
    let id = process.id();
    let failed = |error: &dyn std::fmt::Display| Failure::new(format!("idsync status: {error}"));
    let mut stdout = process.stdout.take().ok_or_else(|| failed(&"no stdout"))?;
    let mut memory = proc_status::size(id, "VmHWM")?;
    let (mut text, mut part) = (Vec::new(), [0; 16 * 1_024]);
    loop {
        let length = stdout.read(&mut part).map_err(|error| failed(&error))?;
        // It cannot end before its last part fits into the pipe, and a process that has ended tells nothing more.
        memory = proc_status::size(id, "VmHWM").unwrap_or(memory);
        match part.get(..length) {
            Some([]) | None => break,
            Some(part) => text.extend_from_slice(part),
        }
    }
    let report = serde_json::from_slice(&text).map_err(|error| failed(&error))?;
    Ok(Run { report, memory })
}

/// What is not as it should be.
fn problems(run: &Run, state: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    let mut hold = |what: &str, seen: &Value, planted: &Value| {
        if seen != planted {
            problems.push(format!("{what}: {seen} reported, {planted} planted"));
        }
    };
    let report = &run.report;
    hold("verdicts", &report["counts"], &state["planted"]);
    hold(
        "clusters",
        &distinct_clusters(report).into(),
        &state["total"],
    );
    hold("problems", &report["problems"], &Value::Array(Vec::new()));
    if run.memory > MOST {
        problems.push(format!("memory: {} kB, more than {MOST}", run.memory));
    }
    problems
}

fn distinct_clusters(report: &Value) -> usize {
    let clusters = report["clusters"].as_array();
    let ids = clusters.into_iter().flatten();
    ids.filter_map(|cluster| cluster["cluster_id"].as_str())
        .collect::<BTreeSet<_>>()
        .len()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn problems_of(report: Value, memory: u64) -> Vec<String> {
        let state = json!({"planted": {"healthy": 1, "failing": 1}, "total": 2});
        problems(&Run { report, memory }, &state)
    }

    #[test]
    fn a_report_of_what_was_planted_is_right() {
        let clusters = json!([{"cluster_id": "a"}, {"cluster_id": "b"}]);
        let report = json!({
            "counts": {"failing": 1, "healthy": 1}, "clusters": clusters, "problems": [],
        });
        assert_eq!(problems_of(report, MOST), Vec::<String>::new());
    }

    #[test]
    fn each_thing_that_is_wrong_is_told() {
        let clusters = json!([{"cluster_id": "a"}, {"cluster_id": "a"}]);
        let report = json!({
            "counts": {"failing": 0, "healthy": 2}, "clusters": clusters, "problems": [{}],
        });
        let told = problems_of(report, MOST + 1);
        let begins = ["verdicts", "clusters: 1", "problems", "memory"];
        assert_eq!(told.len(), begins.len(), "{told:?}");
        for (told, begin) in told.iter().zip(begins) {
            assert!(told.starts_with(begin), "{told}");
        }
    }
}
