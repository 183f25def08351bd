//! The metadata service of a cloud server: what it asks for, and what it gives.

use idsync_emulator::*;
use jiff::{SignedDuration, Timestamp};

use crate::client::{Reply, Request};

const TTL: &str = "X-Metadata-Token-Ttl-Seconds";

async fn token(emulator: &Emulator, ttl: &str) -> Reply {
    let request = Request::new(emulator, "PUT", "/meta-data/latest/api/token");
    request.header(TTL, ttl).send().await
}

async fn key(emulator: &Emulator, token: &str) -> Reply {
    let request = Request::get(emulator, "/openstack/latest/securitykey");
    request.header("X-Metadata-Token", token).send().await
}

#[tokio::test]
async fn with_a_token_the_temporary_key_is_valid_for_an_hour() {
    let start: Timestamp = "2026-11-22T06:00:00Z".parse().unwrap();
    let emulator = Emulator::builder().start_time(start).start().await.unwrap();
    let token = String::from_utf8(token(&emulator, "21600").await.body).unwrap();
    let reply = key(&emulator, &token).await;
    let credential = &reply.json()["credential"];
    assert_eq!(credential["access"], TEMPORARY_ACCESS_KEY);
    assert_eq!(credential["secret"], TEMPORARY_SECRET_KEY);
    assert_eq!(credential["securitytoken"], SECURITY_TOKEN);
    let end: Timestamp = credential["expires_at"].as_str().unwrap().parse().unwrap();
    let hour = SignedDuration::from_hours(1);
    assert!(end >= start + hour && end < start + hour * 2, "{end}");
}

#[tokio::test]
async fn a_key_needs_a_token_and_a_token_needs_a_valid_lifetime() {
    let emulator = Emulator::builder().start().await.unwrap();
    assert_eq!(key(&emulator, "guessed").await.status, 401);
    for ttl in ["0", "21601", "-1", "soon"] {
        assert_eq!(token(&emulator, ttl).await.status, 400, "{ttl}");
    }
    let untold = Request::new(&emulator, "PUT", "/meta-data/latest/api/token");
    assert_eq!(untold.send().await.status, 400);
}

#[tokio::test]
async fn the_token_is_masked_in_the_journal() {
    let emulator = Emulator::builder().start().await.unwrap();
    key(&emulator, "METADATASECRET").await;
    let seen = format!("{:?}", emulator.requests());
    assert!(
        seen.contains("x-metadata-token") && !seen.contains("METADATASECRET"),
        "{seen}"
    );
}
