//! Starting, the ready line, and stopping.

use std::time::{Duration, Instant};

use idsync_emulator::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::{open, syncing};

fn address(emulator: &Emulator) -> String {
    emulator.url().strip_prefix("http://").unwrap().to_owned()
}

#[tokio::test]
async fn debug_output_shows_no_secret() {
    let emulator = Emulator::builder().start().await.unwrap();
    let (ready, builder) = (emulator.ready(), Emulator::builder());
    let text = format!("{emulator:?} {ready:?} {builder:?}");
    assert!(text.contains(emulator.url()));
    for secret in [SECRET_KEY, TEMPORARY_SECRET_KEY, PASSWORD, &ready.token] {
        assert!(!text.contains(secret));
    }
}

#[tokio::test]
async fn after_stopping_or_dropping_it_no_connection_is_accepted() {
    for stop in [true, false] {
        let emulator = Emulator::builder().start().await.unwrap();
        let address = address(&emulator);
        if stop {
            emulator.stop().await;
            assert!(TcpStream::connect(&address).await.is_err());
            continue;
        }
        drop(emulator);
        while TcpStream::connect(&address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn stopping_does_not_wait_for_an_answer_that_is_held_back() {
    let fault = Fault::everywhere(FaultKind::delay(Duration::from_hours(1)));
    let emulator = open(Emulator::builder().fault(fault)).await;
    let call = tokio::spawn(syncing(&emulator).send());
    while emulator.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    emulator.stop().await;
    assert_eq!(call.await.unwrap().status, 200);
}

#[tokio::test]
async fn stopping_does_not_wait_for_connections_that_are_kept_open() {
    let emulator = Emulator::builder().start().await.unwrap();
    let mut kept = TcpStream::connect(address(&emulator)).await.unwrap();
    let request = b"GET /_emulator/health HTTP/1.1\r\nhost: x\r\n\r\n";
    kept.write_all(request).await.unwrap();
    let answered = kept.read(&mut [0; 1_024]).await.unwrap();
    assert!(answered > 0);

    let before = Instant::now();
    emulator.stop().await;
    assert!(before.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn a_port_that_is_taken_is_an_error_that_names_it() {
    let first = Emulator::builder().start().await.unwrap();
    let taken = address(&first);
    let second = Emulator::builder().listen(taken.parse().unwrap());
    let error = second.start().await.unwrap_err().to_string();
    assert!(error.contains(&taken), "{error}");
}

#[tokio::test]
async fn ten_thousand_tasks_and_a_million_records_stay_out_of_the_ready_line() {
    let builder = Emulator::builder().tasks(10_000).records(1_000_000);
    let emulator = builder.start().await.unwrap();
    let ready = serde_json::to_string(emulator.ready()).unwrap();
    assert!(ready.len() < 8_192, "{}", ready.len());
}
