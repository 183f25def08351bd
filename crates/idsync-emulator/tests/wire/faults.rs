//! Each kind of fault, as it is seen on the wire.

use std::io::ErrorKind;
use std::time::Duration;

use idsync_emulator::*;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::client::{Reply, Request, open, syncing};

const TRUE_BODY: &str = r#"{"is_synchronizing":false}"#;

async fn emulator_with(fault: Fault) -> Emulator {
    open(Emulator::builder().fault(fault)).await
}

async fn affected_by(kind: FaultKind) -> Reply {
    let emulator = emulator_with(Fault::on(Operation::Syncing, kind)).await;
    syncing(&emulator).send().await
}

#[tokio::test]
async fn a_status_comes_with_the_error_of_the_gateway_and_the_headers_of_the_fault() {
    let fault = Fault::on(Operation::Syncing, FaultKind::status(503)).header("Retry-After", "1");
    let reply = syncing(&emulator_with(fault).await).send().await;
    assert_eq!(
        (reply.status, reply.header("retry-after")),
        (503, Some("1"))
    );
    let request_id = reply.json()["request_id"].clone();
    assert_eq!(request_id.as_str(), reply.header("x-request-id"));
    let kind = FaultKind::status_with(502, "<h1>Bad Gateway</h1>");
    let fault = Fault::everywhere(kind).header("Content-Type", "text/html");
    let reply = syncing(&emulator_with(fault).await).send().await;
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (502, Some("text/html"))
    );
    assert_eq!(reply.body, b"<h1>Bad Gateway</h1>");
}

#[tokio::test]
async fn html_any_bytes_and_redirects_have_their_headers() {
    let location = "http://elsewhere.example/";
    for (kind, status, header, value, body) in [
        (
            FaultKind::Html,
            200,
            "content-type",
            "text/html",
            b"<!D".as_slice(),
        ),
        (
            FaultKind::body(vec![0xff, 0, b'{']),
            200,
            "content-type",
            "application/json",
            &[0xff, 0, b'{'],
        ),
        (
            FaultKind::redirect(location),
            302,
            "location",
            location,
            b"",
        ),
    ] {
        let reply = affected_by(kind).await;
        assert_eq!((reply.status, reply.header(header)), (status, Some(value)));
        assert!(reply.body.starts_with(body));
    }
}

#[tokio::test]
async fn a_truncated_answer_ends_before_the_length_it_declared() {
    let reply = affected_by(FaultKind::Truncated).await;
    let length = TRUE_BODY.len().to_string();
    assert_eq!(reply.header("content-length"), Some(length.as_str()));
    assert_eq!(reply.body, &TRUE_BODY.as_bytes()[..TRUE_BODY.len() / 2]);
}

#[tokio::test(start_paused = true)]
async fn a_delay_is_one_pause_and_a_drip_a_pause_for_each_byte() {
    let length = TRUE_BODY.len() as u64;
    for (kind, seconds) in [
        (FaultKind::delay(Duration::from_secs(90)), 90),
        (FaultKind::drip(Duration::from_secs(1)), length),
    ] {
        let before = tokio::time::Instant::now();
        let reply = affected_by(kind).await;
        assert_eq!(
            (reply.status, reply.body.as_slice()),
            (200, TRUE_BODY.as_bytes())
        );
        assert!(before.elapsed() >= Duration::from_secs(seconds));
    }
}

#[tokio::test]
async fn a_fault_is_set_listed_and_cleared_over_http() {
    let emulator = open(Emulator::builder()).await;
    let fault = json!({
        "operation": "syncing", "kind": "status", "status": 500, "body": "", "times": 5,
        "headers": {"X-Request-Id": "mine"},
    });
    let control = |method| Request::new(&emulator, method, "/_emulator/faults");
    let added = control("POST").body(fault.to_string()).send().await;
    assert_eq!(added.status, 201);

    let affected = syncing(&emulator).send().await;
    assert_eq!((affected.status, affected.body.len()), (500, 0));
    assert_eq!(affected.header("x-request-id"), Some("mine"));
    assert_eq!(control("GET").send().await.json()["faults"][0]["times"], 4);

    assert_eq!(control("DELETE").send().await.json(), json!({"faults": []}));
    assert_eq!(syncing(&emulator).send().await.status, 200);
}

fn raw(answer: RawAnswer) -> Fault {
    Fault::everywhere(FaultKind::Raw(answer))
}

/// What arrives until the connection ends, or how it ended.
async fn received(emulator: &Emulator) -> Result<Vec<u8>, ErrorKind> {
    let address = emulator.url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = b"GET /v2/p/clusters/c/iam-sync HTTP/1.1\r\nhost: h\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut bytes = Vec::new();
    let end = (&mut stream).take(1 << 20).read_to_end(&mut bytes).await;
    end.map(|_| bytes).map_err(|error| error.kind())
}

#[tokio::test]
async fn only_the_raw_bytes_are_sent_and_the_request_has_no_status() {
    let answer = |ms| {
        let answer = RawAnswer::new(&b"no \xff HTTP"[..]);
        raw(answer.every(Duration::from_millis(ms)))
    };
    let dropped = Fault::everywhere(FaultKind::Drop);
    for (fault, sent) in [(answer(0), true), (answer(1), true), (dropped, false)] {
        let emulator = emulator_with(fault).await;
        let expected = if sent { &b"no \xff HTTP"[..] } else { b"" };
        assert_eq!(received(&emulator).await.unwrap(), expected);
        let seen = &emulator.requests()[0];
        assert_eq!(
            (seen.operation, seen.status),
            (Some(Operation::Syncing), None)
        );
    }
}

#[tokio::test]
async fn a_connection_is_reset_or_filled_as_the_fault_says() {
    let reset = emulator_with(raw(RawAnswer::new("").then(RawEnd::Reset))).await;
    assert_eq!(received(&reset).await, Err(ErrorKind::ConnectionReset));
    let repeat = RawAnswer::new("a").then(RawEnd::Repeat("bc".into()));
    let endless = received(&emulator_with(raw(repeat)).await).await.unwrap();
    assert_eq!(endless.len(), 1 << 20);
    assert!(endless.starts_with(b"abcbcbc"));
}

#[tokio::test]
async fn a_stalled_connection_is_open_until_its_caller_closes_it() {
    let stall = RawAnswer::new("a").then(RawEnd::Stall);
    let emulator = emulator_with(raw(stall)).await;
    let silent = timeout(Duration::from_millis(50), received(&emulator)).await;
    assert!(silent.is_err());
    let closed = async {
        while emulator.connections().open > 0 {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(Duration::from_secs(10), closed).await.unwrap();
    assert_eq!(emulator.connections().accepted, 1);
}
