//! The control paths.

use idsync_emulator::*;
use jiff::Timestamp;
use serde_json::Value;

use crate::client::{Request, get, syncing};

#[tokio::test]
async fn requests_are_listed_in_order_with_their_statuses_and_without_secrets_until_they_are_cleared()
 {
    let emulator = Emulator::builder().start().await.unwrap();
    let ready = emulator.ready();
    let signed = syncing(&emulator).signed(&ready.ak, &ready.sk, Timestamp::now());
    signed.send().await;
    syncing(&emulator).with_token(&emulator).send().await;
    get(&emulator, "/v9/x?y=%20").await;

    let reply = get(&emulator, "/_emulator/requests").await;
    let text = String::from_utf8(reply.body.clone()).unwrap();
    for secret in [&ready.ak, &ready.sk, &ready.token] {
        assert!(!text.contains(secret.as_str()));
    }
    let seen = reply.json();
    let requests = seen["requests"].as_array().unwrap();
    let statuses: Vec<&Value> = requests.iter().map(|seen| &seen["status"]).collect();
    assert_eq!(statuses, [200, 200, 404]);
    assert_eq!((&seen["total"], &seen["unknown"]), (&3.into(), &1.into()));
    assert_eq!(seen["operations"]["syncing"], 2);
    assert_eq!(requests[2]["query"], "y=%20");

    let clear = Request::new(&emulator, "DELETE", "/_emulator/requests");
    clear.send().await;
    assert_eq!(emulator.requests(), []);
    assert_eq!(emulator.request_counts().total, 0);
}

#[tokio::test]
async fn a_body_that_declares_too_much_is_refused_before_it_arrives() {
    let emulator = Emulator::builder().start().await.unwrap();
    let request = Request::new(&emulator, "POST", "/v3/auth/tokens");
    let reply = request.header("content-length", "99999999999").send().await;
    assert_eq!(reply.status, 413);
}
