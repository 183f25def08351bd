//! Two ways to run rows: as time goes by, and on a clock that waits for them.

use std::time::{Duration, Instant};

use idsync_emulator::Emulator;
use tokio::task::{JoinSet, yield_now};
use tokio::time::{advance, timeout};

use super::outcome::outcomes;
use super::row::{OPERATIONS, Row, asked};

/// No row may take longer, however slow the machine is.
const HANG: Duration = Duration::from_mins(1);

/// Runs the rows side by side, and fails with all that is not as they say.
pub(crate) async fn check(rows: Vec<Row>) {
    let mut running = JoinSet::new();
    for row in rows {
        running.spawn(problems(row));
    }
    let problems = running.join_all().await.concat();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Runs rows on a clock that stands still until all requests of a round have arrived, and then moves by `pause`. How fast the
/// machine is makes no difference.
pub(crate) async fn check_over(pause: Duration, rows: Vec<Row>) {
    let mut problems = Vec::new();
    for row in rows {
        problems.extend(problems_over(&row, pause).await);
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// What is not as the row says.
async fn problems(row: Row) -> Vec<String> {
    let session = row.session().await;
    match timeout(HANG, outcomes(&session)).await {
        Ok(seen) => row.differences(&session, seen),
        Err(_) => vec![format!("{}: hangs", row.name)],
    }
}

/// The same on a paused clock.
async fn problems_over(row: &Row, pause: Duration) -> Vec<String> {
    let session = row.session().await;
    let passing = pass(&session.emulator, row.requests, pause);
    let both = async { tokio::join!(outcomes(&session), passing) };
    match timeout(HANG, both).await {
        Ok((seen, Ok(()))) => row.differences(&session, seen),
        Ok((_, Err(problem))) => vec![format!("{}: {problem}", row.name)],
        Err(_) => vec![format!("{}: hangs", row.name)],
    }
}

/// Lets `pause` pass whenever each operation has been asked for once more, `rounds` times.
async fn pass(emulator: &Emulator, rounds: u64, pause: Duration) -> Result<(), String> {
    let began = Instant::now();
    for round in 1..=rounds {
        // Always ready to go on, this keeps the paused clock from moving by itself.
        while !OPERATIONS.iter().all(|it| asked(emulator, *it) >= round) {
            if began.elapsed() > HANG {
                return Err(format!("round {round} of the requests does not arrive"));
            }
            yield_now().await;
        }
        advance(pause).await;
    }
    Ok(())
}
