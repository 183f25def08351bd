//! Runs rows, on the real clock or on a paused one.

use std::time::{Duration, Instant};

use tokio::task::{JoinSet, yield_now};
use tokio::time::{advance, timeout};

use super::outcome::outcomes;
use super::row::{OPERATIONS, Row};
use crate::session::Session;

/// The time limit of a row.
const HANG: Duration = Duration::from_mins(1);

/// Runs the rows concurrently, and fails with all differences.
pub(crate) async fn check(rows: Vec<Row>) {
    let mut running = JoinSet::new();
    for row in rows {
        running.spawn(problems(row));
    }
    let problems = running.join_all().await.concat();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Runs rows on a paused clock, which advances by `pause` when all requests of a round have arrived.
pub(crate) async fn check_over(pause: Duration, rows: Vec<Row>) {
    let mut problems = Vec::new();
    for row in rows {
        problems.extend(problems_over(&row, pause).await);
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// The differences from the row.
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
    let passing = pass(&session, row.requests, pause);
    let both = async { tokio::join!(outcomes(&session), passing) };
    match timeout(HANG, both).await {
        Ok((seen, Ok(()))) => row.differences(&session, seen),
        Ok((_, Err(problem))) => vec![format!("{}: {problem}", row.name)],
        Err(_) => vec![format!("{}: hangs", row.name)],
    }
}

/// Advances the clock by `pause` when each operation has got one more request, `rounds` times.
async fn pass(session: &Session, rounds: u64, pause: Duration) -> Result<(), String> {
    let began = Instant::now();
    for round in 1..=rounds {
        // A task that is always ready keeps the paused clock from advancing by itself.
        while !OPERATIONS.iter().all(|it| session.count(*it) >= round) {
            if began.elapsed() > HANG {
                return Err(format!("round {round} of the requests does not arrive"));
            }
            yield_now().await;
        }
        advance(pause).await;
    }
    Ok(())
}
