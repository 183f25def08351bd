//! The control paths.

use idsync_emulator::*;
use jiff::Timestamp;

use crate::client::{Request, exchange, syncing};

#[tokio::test]
async fn health_has_the_scenario() {
    let emulator = Emulator::builder().start().await.unwrap();
    let health = Request::get(&emulator, "/_emulator/health")
        .send()
        .await
        .json();
    assert_eq!(
        (&health["status"], &health["scenario"]),
        (&"ok".into(), &"demo".into())
    );
    assert_eq!(health["auth"], "strict");
    assert!(health["now"].as_str().unwrap().parse::<Timestamp>().is_ok());
}

#[tokio::test]
async fn requests_are_listed_in_order_with_their_statuses_and_without_secrets() {
    let emulator = Emulator::builder().start().await.unwrap();
    let ready = emulator.ready();
    syncing(&emulator)
        .signed(&ready.ak, &ready.sk, Timestamp::now())
        .send()
        .await;
    syncing(&emulator).with_token(&emulator).send().await;
    Request::get(&emulator, "/v9/x?y=%20").send().await;

    let reply = Request::get(&emulator, "/_emulator/requests").send().await;
    let text = String::from_utf8(reply.body.clone()).unwrap();
    for secret in [&ready.ak, &ready.sk, &ready.token] {
        assert!(!text.contains(secret.as_str()));
    }
    let seen = reply.json();
    let statuses: Vec<u64> = seen["requests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|seen| seen["status"].as_u64().unwrap())
        .collect();
    assert_eq!(statuses, [200, 200, 404]);
    assert_eq!((&seen["total"], &seen["unknown"]), (&3.into(), &1.into()));
    assert_eq!(seen["operations"]["syncing"], 2);
    assert_eq!(seen["requests"][2]["query"], "y=%20");
}

#[tokio::test]
async fn the_journal_can_be_cleared() {
    let emulator = Emulator::builder().start().await.unwrap();
    syncing(&emulator).send().await;
    Request::new(&emulator, "DELETE", "/_emulator/requests")
        .send()
        .await;
    assert_eq!(emulator.requests(), []);
    assert_eq!(emulator.request_counts().total, 0);
}

#[tokio::test]
async fn an_unknown_control_path_or_method_is_refused_with_what_exists() {
    let emulator = Emulator::builder().start().await.unwrap();
    for (method, path) in [
        ("GET", "/_emulator/tea"),
        ("PUT", "/_emulator/faults"),
        ("POST", "/_emulator/tea"),
    ] {
        let reply = Request::new(&emulator, method, path).send().await;
        assert_eq!(reply.status, 404, "{method} {path}");
        assert!(
            reply.json()["error"]
                .as_str()
                .unwrap()
                .contains("/_emulator/faults")
        );
    }
}

#[tokio::test]
async fn malformed_and_oversized_requests_do_not_stop_it() {
    let emulator = Emulator::builder().start().await.unwrap();
    let address = emulator.url().strip_prefix("http://").unwrap();
    let huge_header = format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "a".repeat(1_000_000));
    let huge_body =
        "POST /v3/auth/tokens HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999\r\n\r\n";
    let garbage: [&[u8]; 5] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET /v3/\xff\xfe HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nbad header\r\n\r\n",
        huge_header.as_bytes(),
        huge_body.as_bytes(),
    ];
    for bytes in garbage {
        if let Some(reply) = exchange(address, bytes).await {
            assert!((400..500).contains(&reply.status), "{reply:?}");
        }
    }
    assert_eq!(
        Request::get(&emulator, "/_emulator/health")
            .send()
            .await
            .status,
        200
    );
}
