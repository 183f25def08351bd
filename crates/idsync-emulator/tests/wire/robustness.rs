//! Callers that are slow, greedy or strange: they get what they deserve, and all others go on being served.

use idsync_emulator::*;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::{Reply, Request, exchange, syncing, syncing_path};

async fn emulator() -> Emulator {
    let builder = Emulator::builder().auth(Auth::Off);
    builder.start().await.unwrap()
}

fn address(emulator: &Emulator) -> &str {
    emulator.url().strip_prefix("http://").unwrap()
}

/// Sends bytes, and reads until the emulator closes the connection.
async fn told(emulator: &Emulator, bytes: &[u8]) -> String {
    let mut connection = TcpStream::connect(address(emulator)).await.unwrap();
    connection.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

async fn assert_still_serves(emulator: &Emulator) {
    assert_eq!(syncing(emulator).send().await.status, 200);
}

#[tokio::test]
async fn a_body_without_end_is_cut_off() {
    let emulator = emulator().await;
    let mut connection = TcpStream::connect(address(&emulator)).await.unwrap();
    let head = b"POST /v3/auth/tokens HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
    connection.write_all(head).await.unwrap();
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x1_0000));
    let mut taken = 0_u32;
    while connection.write_all(chunk.as_bytes()).await.is_ok() {
        taken += 1;
        assert!(taken < 4_000, "250 MB were taken");
    }
    assert!(taken > 12 * 16, "12 MB are allowed");
    assert_still_serves(&emulator).await;
}

#[tokio::test]
async fn requests_sent_ahead_are_answered_in_order() {
    let emulator = emulator().await;
    let paths = ["/v3/projects", "/v9/x", "/_emulator/health", "/v3/projects"];
    let requests = paths.map(|path| format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n"));
    let last = "GET /v9/y HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let answers = told(&emulator, (requests.concat() + last).as_bytes()).await;
    let statuses: Vec<&str> = answers
        .split("HTTP/1.1 ")
        .skip(1)
        .map(|answer| &answer[..3])
        .collect();
    assert_eq!(statuses, ["200", "404", "200", "200", "404"]);
}

#[tokio::test]
async fn a_caller_of_http_1_0_is_answered_and_its_connection_closed() {
    let emulator = emulator().await;
    let path = syncing_path(&emulator, &emulator.ready().clusters.mrs[0]);
    let answer = told(&emulator, format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.0 200"), "{answer}");
    assert!(answer.ends_with("{\"is_synchronizing\":false}"), "{answer}");
}

#[tokio::test]
async fn a_target_may_name_the_host_as_for_a_proxy() {
    let emulator = Emulator::builder().start().await.unwrap();
    let path = syncing_path(&emulator, &emulator.ready().clusters.mrs[0]);
    let target = format!("http://elsewhere.example{path}");
    let reply = Request::get(&emulator, target).with_token(&emulator);
    assert_eq!(reply.send().await.status, 200);
}

#[tokio::test]
async fn a_caller_that_waits_to_be_told_to_continue_is_told() {
    let emulator = emulator().await;
    let mut connection = TcpStream::connect(address(&emulator)).await.unwrap();
    let head = b"POST /v3/auth/tokens HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\nconnection: close\r\n\r\n";
    connection.write_all(head).await.unwrap();
    let mut interim = [0; 25];
    connection.read_exact(&mut interim).await.unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    connection.write_all(b"{}").await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
}

#[tokio::test]
async fn heads_that_are_no_http_are_refused_or_dropped() {
    let emulator = emulator().await;
    let many = (0..200).fold(String::from("GET / HTTP/1.1\r\n"), |head, n| {
        head + &format!("x-{n}: 1\r\n")
    }) + "\r\n";
    let heads: [&[u8]; 9] = [
        b"GET /v3/projects?\xff\xfe HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        b"GET /v3/projects HTTP/9.9\r\n\r\n",
        b"GET /v3/projects\r\n\r\n",
        b"\r\n\r\n\r\n\0\0\0\0\r\n\r\n",
        b"G\xffT / HTTP/1.1\r\n\r\n",
        b"POST /v3/auth/tokens HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
        b"POST /v3/auth/tokens HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        b"POST /v3/auth/tokens HTTP/1.1\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\nzz\r\n",
        many.as_bytes(),
    ];
    for head in heads {
        let status = exchange(address(&emulator), head)
            .await
            .map(|reply: Reply| reply.status);
        assert!(
            status.is_none_or(|status| (400..=499).contains(&status) || status == 505),
            "{status:?} for {}",
            String::from_utf8_lossy(head)
        );
    }
    assert_still_serves(&emulator).await;
}

#[tokio::test]
async fn ten_thousand_idle_connections_leave_room_for_one_that_asks() {
    let emulator = emulator().await;
    let count = (descriptors() / 2).saturating_sub(200).min(10_000);
    let mut idle = Vec::new();
    for _ in 0..count {
        idle.push(TcpStream::connect(address(&emulator)).await.unwrap());
    }
    assert_still_serves(&emulator).await;
    assert!(emulator.connections().open >= count, "of {count}");
    drop(idle);
    assert_still_serves(&emulator).await;
}

/// How many files this process may open, after it has asked for as many as it can get; each connection takes two.
fn descriptors() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    let _ = setrlimit(Resource::Nofile, raised);
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}
