//! Does one piece of work several times, for an instruction counter: `instructions WORK TIMES`.

use std::hint::black_box;

use idsync::health::{Diagnosis, Rules, judge};
use idsync_benches::{Call, FAILURE, NOW, Records, Tasks, clusters, signed_headers};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [work, times] = arguments.as_slice() else {
        return Err("usage: instructions sign|records|tasks|judge|diagnose TIMES".into());
    };
    let body = Call::named(work).map_or_else(String::new, Call::body);
    let clusters = clusters(1000)?;
    for _ in 0..times.parse::<u32>()? {
        match work.as_str() {
            "sign" => drop(black_box(signed_headers(Call::Records, "localhost"))),
            "records" => drop(black_box(serde_json::from_str::<Records>(&body)?)),
            "tasks" => drop(black_box(serde_json::from_str::<Tasks>(&body)?)),
            "judge" => drop(black_box(judge(
                None,
                &clusters,
                Vec::new(),
                &Rules::default(),
                NOW,
            ))),
            "diagnose" => drop(black_box(Diagnosis::of(black_box(FAILURE)))),
            work => return Err(format!("there is no work {work:?}").into()),
        }
    }
    Ok(())
}
