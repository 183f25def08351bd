//! Does one piece of work several times, for an instruction counter: `instructions sign|records|tasks TIMES`.

use std::hint::black_box;

use idsync::dataarts::Task;
use idsync::dws::Record;
use idsync_benches::{Operation, signed_headers};
use serde::Deserialize;

#[derive(Deserialize)]
struct Records {
    sync_records: Vec<Record>,
}

#[derive(Deserialize)]
struct Tasks {
    tasks: Vec<Task>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [work, times] = arguments.as_slice() else {
        return Err("usage: instructions sign|records|tasks TIMES".into());
    };
    let body = Operation::named(work).map(Operation::body);
    for _ in 0..times.parse::<u32>()? {
        match (work.as_str(), &body) {
            ("records", Some(body)) => {
                black_box(serde_json::from_str::<Records>(body)?.sync_records);
            }
            ("tasks", Some(body)) => {
                black_box(serde_json::from_str::<Tasks>(body)?.tasks);
            }
            _ => {
                black_box(signed_headers(Operation::Records, "localhost"));
            }
        }
    }
    Ok(())
}
