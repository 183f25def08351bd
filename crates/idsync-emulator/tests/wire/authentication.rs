//! Credentials that are accepted, and errors for the rest.

use idsync_emulator::*;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::client::{Reply, Request, syncing};

async fn emulator() -> Emulator {
    Emulator::builder().start().await.unwrap()
}

fn assert_refused(reply: &Reply, code: &str, part: &str) {
    assert_eq!((reply.status, reply.error_code().as_str()), (401, code));
    let message = reply.error_message();
    assert!(message.contains(part), "{message}");
    assert_eq!(
        reply.json()["request_id"].as_str(),
        reply.header("x-request-id")
    );
}

#[tokio::test]
async fn a_request_signed_with_the_key_of_the_ready_line_is_accepted() {
    let emulator = emulator().await;
    let ready = emulator.ready();
    let reply = syncing(&emulator)
        .signed(&ready.ak, &ready.sk, Timestamp::now())
        .send()
        .await;
    assert_eq!(
        (reply.status, reply.json()),
        (200, json!({"is_synchronizing": false}))
    );
}

#[tokio::test]
async fn the_error_for_a_wrong_secret_has_the_canonical_request_and_no_secret() {
    let emulator = emulator().await;
    let reply = syncing(&emulator)
        .signed(ACCESS_KEY, "wrong", Timestamp::now())
        .send()
        .await;
    assert_refused(
        &reply,
        "APIGW.0301",
        "verify aksk signature fail, canonicalRequest:GET\n/v2/",
    );
    assert!(!reply.error_message().contains(SECRET_KEY));
}

#[tokio::test]
async fn an_unknown_access_key_is_repeated_as_the_gateway_does() {
    let emulator = emulator().await;
    let reply = syncing(&emulator)
        .signed("NOBODY", SECRET_KEY, Timestamp::now())
        .send()
        .await;
    assert_refused(&reply, "APIGW.0301", "ak:NOBODY,err:ak not exist");
}

#[tokio::test]
async fn a_date_may_be_fifteen_minutes_off_and_not_more() {
    // The clock runs on from here, so the limits are approached from the side that time moves away from.
    let start: Timestamp = "2026-05-01T10:00:00Z".parse().unwrap();
    let emulator = Emulator::builder().start_time(start).start().await.unwrap();
    let signed = |seconds| {
        let at = start + SignedDuration::from_secs(seconds);
        syncing(&emulator).signed(ACCESS_KEY, SECRET_KEY, at).send()
    };
    assert_eq!(signed(900).await.status, 200);
    assert_eq!(signed(-840).await.status, 200);
    assert_refused(&signed(-901).await, "APIGW.0301", "signature expired");
    assert_refused(&signed(960).await, "APIGW.0301", "signature expired");
}

#[tokio::test]
async fn a_temporary_key_needs_its_security_token() {
    let emulator = emulator().await;
    let signed = |request: Request| {
        request
            .signed(TEMPORARY_ACCESS_KEY, TEMPORARY_SECRET_KEY, Timestamp::now())
            .send()
    };
    let with_token = |token| syncing(&emulator).header("x-security-token", token);
    assert_eq!(signed(with_token(SECURITY_TOKEN)).await.status, 200);
    assert_refused(
        &signed(with_token("another")).await,
        "APIGW.0301",
        "X-Security-Token",
    );
    assert_refused(
        &signed(syncing(&emulator)).await,
        "APIGW.0301",
        "X-Security-Token",
    );
}

#[tokio::test]
async fn missing_and_unknown_credentials_are_refused() {
    let emulator = emulator().await;
    assert_refused(&syncing(&emulator).send().await, "APIGW.0301", "neither");
    let basic = syncing(&emulator)
        .header("authorization", "Basic dTpw")
        .send()
        .await;
    assert_refused(&basic, "APIGW.0301", "SDK-HMAC-SHA256");
    let unknown = syncing(&emulator)
        .header("x-auth-token", "MIIF")
        .send()
        .await;
    assert_refused(&unknown, "APIGW.0307", "token must be updated");
}

#[tokio::test]
async fn with_authentication_off_credentials_are_not_checked() {
    let emulator = Emulator::builder().auth(Auth::Off).start().await.unwrap();
    assert_eq!(syncing(&emulator).send().await.status, 200);
    assert_eq!(
        syncing(&emulator)
            .header("authorization", "nonsense")
            .send()
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn another_project_is_forbidden() {
    let emulator = emulator().await;
    let path = format!("/v2/{}/clusters/c/iam-sync", "0".repeat(32));
    let reply = Request::get(&emulator, path)
        .with_token(&emulator)
        .send()
        .await;
    assert_eq!(
        (reply.status, reply.error_code().as_str()),
        (403, "APIGW.0302")
    );
}

fn login(password: &str, scope: &Value) -> String {
    let user = json!({"name": USER_NAME, "password": password, "domain": {"name": DOMAIN_NAME}});
    let identity = json!({"methods": ["password"], "password": {"user": user}});
    json!({"auth": {"identity": identity, "scope": scope}}).to_string()
}

async fn ask_token(emulator: &Emulator, body: String) -> Reply {
    Request::new(emulator, "POST", "/v3/auth/tokens?nocatalog=true")
        .body(body)
        .send()
        .await
}

#[tokio::test]
async fn a_token_for_user_and_password_is_accepted() {
    let emulator = emulator().await;
    let reply = ask_token(
        &emulator,
        login(PASSWORD, &json!({"project": {"name": REGION}})),
    )
    .await;
    assert_eq!(reply.status, 201);
    assert_eq!(reply.header("x-iam-trace-id"), reply.header("x-request-id"));
    let token = &reply.json()["token"];
    assert_eq!(token.get("catalog"), None, "the query says nocatalog");
    assert_eq!(token["project"]["id"], emulator.ready().project_id.as_str());
    let time = |name: &str| token[name].as_str().unwrap().parse::<Timestamp>().unwrap();
    let lifetime = time("expires_at").duration_since(time("issued_at"));
    assert_eq!(lifetime, SignedDuration::from_hours(24));
    assert_eq!(
        token["expires_at"].as_str().unwrap().len(),
        "2019-02-13T06:52:13.855000Z".len()
    );

    let issued = reply.header("x-subject-token").unwrap();
    assert_eq!(
        syncing(&emulator)
            .header("x-auth-token", issued)
            .send()
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_wrong_password_project_or_body_gets_no_token() {
    let emulator = emulator().await;
    let project = |name: &str| json!({"project": {"name": name}});
    let cases = [
        (login("wrong", &project(REGION)), 401),
        (login(PASSWORD, &project("mars-1")), 401),
        (login(PASSWORD, &json!({})), 400),
        (
            json!({"auth": {"identity": {"methods": ["totp"]}}}).to_string(),
            400,
        ),
        (format!("{{\"auth\": \"{PASSWORD}\""), 400),
    ];
    for (body, status) in cases {
        let reply = ask_token(&emulator, body).await;
        assert_eq!(
            (reply.status, reply.json()["error"]["code"].as_u64()),
            (status, Some(status.into()))
        );
        assert_eq!(reply.header("x-subject-token"), None);
        assert!(!String::from_utf8(reply.body).unwrap().contains(PASSWORD));
    }
}

#[tokio::test]
async fn the_project_of_a_region_is_found_by_its_name() {
    let emulator = emulator().await;
    let ask = |query: &str| {
        Request::get(&emulator, format!("/v3/projects?{query}"))
            .with_token(&emulator)
            .send()
    };
    let found = ask("name=cn-north-4").await.json();
    assert_eq!(
        found["projects"][0]["id"],
        emulator.ready().project_id.as_str()
    );
    assert_eq!(ask("name=cn-north-9").await.json()["projects"], json!([]));
    assert_eq!(ask("colour=red").await.status, 400);
    assert_eq!(
        Request::get(&emulator, "/v3/projects").send().await.status,
        401
    );
}
