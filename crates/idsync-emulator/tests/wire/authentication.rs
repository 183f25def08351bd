//! Credentials that are accepted, and errors for the rest.

use idsync_emulator::*;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::client::{Reply, Request, get, open, syncing};

async fn emulator() -> Emulator {
    Emulator::builder().start().await.unwrap()
}

fn with_temporary_key(request: Request) -> Request {
    request.signed(TEMPORARY_ACCESS_KEY, TEMPORARY_SECRET_KEY, Timestamp::now())
}

#[tokio::test]
async fn the_credentials_of_the_ready_line_and_a_temporary_key_are_accepted() {
    let emulator = emulator().await;
    let ready = emulator.ready();
    let with_security_token = syncing(&emulator).header("x-security-token", SECURITY_TOKEN);
    for request in [
        syncing(&emulator).signed(&ready.ak, &ready.sk, Timestamp::now()),
        syncing(&emulator).with_token(&emulator),
        with_temporary_key(with_security_token),
    ] {
        let reply = request.send().await;
        let expected = json!({"is_synchronizing": false});
        assert_eq!((reply.status, reply.json()), (200, expected));
    }
}

#[tokio::test]
async fn other_credentials_are_refused_with_the_reason_and_without_a_secret() {
    let emulator = emulator().await;
    let signed = |ak, sk| syncing(&emulator).signed(ak, sk, Timestamp::now());
    let with = |name, value| syncing(&emulator).header(name, value);
    let other_token = with("x-security-token", "another");
    for (request, code, part) in [
        (syncing(&emulator), "APIGW.0301", "neither"),
        (
            with("authorization", "Basic dTpw"),
            "APIGW.0301",
            "SDK-HMAC",
        ),
        (with("x-auth-token", "MIIF"), "APIGW.0307", "be updated"),
        (
            signed("NOBODY", SECRET_KEY),
            "APIGW.0301",
            "ak:NOBODY,err:ak not exist",
        ),
        (
            signed(ACCESS_KEY, "wrong"),
            "APIGW.0301",
            "fail, canonicalRequest:GET\n/v2/",
        ),
        (
            with_temporary_key(other_token),
            "APIGW.0301",
            "X-Security-Token",
        ),
        (
            with_temporary_key(syncing(&emulator)),
            "APIGW.0301",
            "X-Security-Token",
        ),
    ] {
        let reply = request.send().await;
        reply.assert_error(401, code, part);
        let request_id = reply.json()["request_id"].clone();
        assert_eq!(request_id.as_str(), reply.header("x-request-id"));
        assert!(!reply.json().to_string().contains(SECRET_KEY));
    }
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
    for seconds in [-901, 960] {
        let reply = signed(seconds).await;
        reply.assert_error(401, "APIGW.0301", "signature expired");
    }
}

#[tokio::test]
async fn with_authentication_off_credentials_are_not_checked_but_the_project_is() {
    let emulator = open(Emulator::builder()).await;
    for request in [
        syncing(&emulator),
        syncing(&emulator).header("authorization", "nonsense"),
    ] {
        assert_eq!(request.send().await.status, 200);
    }
    let path = format!("/v2/{}/clusters/c/iam-sync", "0".repeat(32));
    let reply = get(&emulator, path).await;
    reply.assert_error(403, "APIGW.0302", "not authorized");
}

/// Logs in with a password for a scope.
pub(crate) async fn log_in(emulator: &Emulator, password: &str, scope: &Value) -> Reply {
    let user = json!({"name": USER_NAME, "password": password, "domain": {"name": DOMAIN_NAME}});
    let identity = json!({"methods": ["password"], "password": {"user": user}});
    let body = json!({"auth": {"identity": identity, "scope": scope}});
    ask_token(emulator, "", body.to_string()).await
}

async fn ask_token(emulator: &Emulator, query: &str, body: String) -> Reply {
    let request = Request::new(emulator, "POST", format!("/v3/auth/tokens{query}"));
    request.body(body).send().await
}

#[tokio::test]
async fn a_token_for_user_and_password_is_accepted() {
    let emulator = emulator().await;
    let scope = json!({"project": {"name": REGION}});
    let reply = log_in(&emulator, PASSWORD, &scope).await;
    assert_eq!(reply.status, 201);
    assert_eq!(reply.header("x-iam-trace-id"), reply.header("x-request-id"));
    let token = &reply.json()["token"];
    assert_eq!(token["project"]["id"], emulator.ready().project_id.as_str());
    let time = |name: &str| token[name].as_str().unwrap().parse::<Timestamp>().unwrap();
    let lifetime = time("expires_at").duration_since(time("issued_at"));
    assert_eq!(lifetime, SignedDuration::from_hours(24));
    let length = token["expires_at"].as_str().unwrap().len();
    assert_eq!(length, "2019-02-13T06:52:13.855000Z".len());

    let issued = reply.header("x-subject-token").unwrap();
    let request = syncing(&emulator).header("x-auth-token", issued);
    assert_eq!(request.send().await.status, 200);
}

#[tokio::test]
async fn without_a_scope_a_token_is_one_of_the_account() {
    let emulator = emulator().await;
    let reply = log_in(&emulator, PASSWORD, &Value::Null).await.json();
    assert_eq!(reply["token"]["domain"]["name"], DOMAIN_NAME);
    let services = reply["token"]["catalog"].as_array().unwrap();
    assert!(services.iter().all(|it| it["type"] != "dws"));
}

#[tokio::test]
async fn a_wrong_password_project_or_body_gets_no_token() {
    let emulator = emulator().await;
    let project = |name: &str| json!({"project": {"name": name}});
    let method = json!({"auth": {"identity": {"methods": ["totp"]}}}).to_string();
    for (reply, status) in [
        (log_in(&emulator, "wrong", &project(REGION)).await, 401),
        (log_in(&emulator, PASSWORD, &project("mars-1")).await, 401),
        (log_in(&emulator, PASSWORD, &json!({})).await, 400),
        (ask_token(&emulator, "", method).await, 400),
        (
            ask_token(&emulator, "", format!("{{\"auth\": \"{PASSWORD}\"")).await,
            400,
        ),
        (
            ask_token(&emulator, "?colour=red", "{}".to_owned()).await,
            400,
        ),
    ] {
        let code = reply.json()["error"]["code"].as_u64();
        assert_eq!((reply.status, code), (status, Some(status.into())));
        assert_eq!(reply.header("x-subject-token"), None);
        assert!(!String::from_utf8(reply.body).unwrap().contains(PASSWORD));
    }
}

#[tokio::test]
async fn the_project_of_a_region_is_found_by_its_name() {
    let emulator = emulator().await;
    let ask = |query: &str| {
        let request = Request::get(&emulator, format!("/v3/projects?{query}"));
        request.with_token(&emulator).send()
    };
    let found = ask("name=cn-north-4").await.json();
    let project = emulator.ready().project_id.as_str();
    assert_eq!(found["projects"][0]["id"], project);
    assert_eq!(ask("name=cn-north-9").await.json()["projects"], json!([]));
    assert_eq!(ask("colour=red").await.status, 400);
    assert_eq!(get(&emulator, "/v3/projects").await.status, 401);
}
