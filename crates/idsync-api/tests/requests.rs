//! What the generated clients hand to the transport, and what they make of its answers.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a failed expectation is a failed test"
)]

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use idsync_api::{Error, Inner, Transport, dataarts_studio, dws, mrs};

const PROJECT: &str = "2c3d4e5f60718293a4b5c6d7e8f90a1b";

/// Notes each request and answers it with the same status and body.
#[derive(Debug)]
struct Recorder {
    status: u16,
    body: &'static str,
    seen: Mutex<Vec<(&'static str, reqwest::Request)>>,
}

impl Recorder {
    fn answering(status: u16, body: &'static str) -> Arc<Self> {
        Arc::new(Self {
            status,
            body,
            seen: Mutex::new(Vec::new()),
        })
    }

    /// The operation and the request of the only call.
    fn only_request(&self) -> (&'static str, reqwest::Request) {
        let mut seen = self.seen.lock().expect("no panic elsewhere");
        assert_eq!(seen.len(), 1);
        seen.remove(0)
    }
}

impl Transport for Recorder {
    fn execute<'a>(
        &'a self,
        operation: &'static str,
        request: reqwest::Request,
    ) -> Pin<Box<dyn Future<Output = reqwest::Result<reqwest::Response>> + Send + 'a>> {
        self.seen
            .lock()
            .expect("no panic elsewhere")
            .push((operation, request));
        let answer = http::Response::builder()
            .status(self.status)
            .header("x-request-id", "r-1");
        let answer = answer.body(self.body).expect("a response");
        Box::pin(async { Ok(answer.into()) })
    }
}

fn http_client() -> reqwest::Client {
    // Installing it a second time fails, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

fn studio(transport: &Arc<Recorder>, base: &str) -> dataarts_studio::Client {
    dataarts_studio::Client::new_with_client(base, http_client(), Inner(transport.clone()))
}

fn warehouse(transport: &Arc<Recorder>) -> dws::Client {
    dws::Client::new_with_client(
        "https://dws.example.com",
        http_client(),
        Inner(transport.clone()),
    )
}

async fn records(transport: &Arc<Recorder>) -> Result<dws::types::SyncRecordPage, Error> {
    let client = warehouse(transport);
    let call = client
        .list_sync_records()
        .project_id(PROJECT)
        .cluster_id("c-1");
    Ok(call.send().await?.into_inner())
}

#[tokio::test]
async fn a_query_is_sent_in_the_encoding_of_rfc_3986() {
    let transport = Recorder::answering(200, "{}");
    let client = studio(&transport, "https://dayu.example.com");
    let call = client
        .list_security_member_sync_tasks()
        .project_id(PROJECT)
        .workspace("w");
    call.cluster_name("a b*~+&=%é/?")
        .limit(5_u32)
        .order_by_asc(false)
        .send()
        .await
        .expect("an answer");
    let (_, request) = transport.only_request();
    assert_eq!(
        request.url().query(),
        Some("cluster_name=a%20b%2A~%2B%26%3D%25%C3%A9%2F%3F&limit=5&order_by_asc=false")
    );
}

#[tokio::test]
async fn a_call_without_options_has_no_question_mark() {
    let transport = Recorder::answering(200, "{}");
    records(&transport).await.expect("an answer");
    let (operation, request) = transport.only_request();
    let url = format!("https://dws.example.com/v1/{PROJECT}/clusters/c-1/db-manager/sync-records");
    assert_eq!(
        (operation, request.url().as_str()),
        ("list_sync_records", url.as_str())
    );
}

#[tokio::test]
async fn no_header_but_the_documented_ones_is_sent() {
    let transport = Recorder::answering(200, "{}");
    let client = studio(&transport, "https://dayu.example.com");
    let call = client
        .list_security_member_sync_tasks()
        .project_id(PROJECT)
        .workspace("w-1");
    call.send().await.expect("an answer");
    let (_, request) = transport.only_request();
    let mut headers: Vec<&str> = request
        .headers()
        .keys()
        .map(http::HeaderName::as_str)
        .collect();
    headers.sort_unstable();
    assert_eq!(headers, ["accept", "workspace"]);
    assert_eq!(request.headers()["workspace"], "w-1");
}

#[tokio::test]
async fn every_filter_travels_under_its_documented_name() {
    let transport = Recorder::answering(200, "{}");
    let client = studio(&transport, "https://dayu.example.com");
    let call = client
        .list_security_member_sync_tasks()
        .project_id(PROJECT)
        .workspace("w");
    let call = call
        .cluster_type("MRS")
        .cluster_name("n")
        .sync_status("SYNC_FAIL")
        .schedule_status("PAUSED");
    let call = call
        .order_by(dataarts_studio::types::TaskOrderBy::SyncTime)
        .order_by_asc(true)
        .offset(10)
        .limit(10_u32);
    call.send().await.expect("an answer");
    let (_, request) = transport.only_request();
    let mut pairs: Vec<(String, String)> = request.url().query_pairs().into_owned().collect();
    pairs.sort();
    let expected = [
        ("cluster_name", "n"),
        ("cluster_type", "MRS"),
        ("limit", "10"),
        ("offset", "10"),
        ("order_by", "SYNC_TIME"),
        ("order_by_asc", "true"),
        ("schedule_status", "PAUSED"),
        ("sync_status", "SYNC_FAIL"),
    ];
    assert_eq!(
        pairs,
        expected.map(|(key, value)| (key.to_owned(), value.to_owned()))
    );
}

#[tokio::test]
async fn a_path_in_the_base_url_is_kept() {
    let transport = Recorder::answering(200, "{}");
    let client = studio(&transport, "https://proxy.example.com/huawei/dayu");
    let call = client
        .list_security_member_sync_tasks()
        .project_id("p/../q")
        .workspace("w");
    call.send().await.expect("an answer");
    let (_, request) = transport.only_request();
    assert_eq!(
        request.url().as_str(),
        "https://proxy.example.com/huawei/dayu/v1/p%2F..%2Fq/security/member-sync-tasks"
    );
}

#[tokio::test]
async fn a_missing_identifier_is_refused_before_anything_is_sent() {
    let transport = Recorder::answering(200, "{}");
    let outcome = warehouse(&transport)
        .list_sync_records()
        .project_id(PROJECT)
        .send()
        .await;
    assert!(
        matches!(outcome, Err(Error::InvalidRequest(message)) if message.contains("cluster_id"))
    );
    assert!(
        transport
            .seen
            .lock()
            .expect("no panic elsewhere")
            .is_empty()
    );
}

#[tokio::test]
async fn any_other_status_hands_over_the_untouched_response() {
    for status in [201, 204, 302, 400, 401, 403, 404, 417, 429, 500, 502] {
        let transport = Recorder::answering(status, "<html>no</html>");
        let Err(Error::UnexpectedResponse(response)) = records(&transport).await else {
            panic!("{status} is not an answer");
        };
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["x-request-id"], "r-1");
        assert_eq!(response.text().await.expect("a body"), "<html>no</html>");
    }
}

#[tokio::test]
async fn a_body_that_is_no_answer_is_handed_over_with_what_is_wrong() {
    let bodies = [
        "",
        "<html>",
        "[]",
        "null",
        "{\"count\":1",
        "{\"sync_records\":[[]]}",
        "{} {}",
        "{\"count\":\"1\"}",
    ];
    for body in bodies {
        let Err(Error::InvalidResponsePayload(bytes, _)) =
            records(&Recorder::answering(200, body)).await
        else {
            panic!("{body:?} was read as an answer");
        };
        assert_eq!(bytes, body);
    }
}

#[tokio::test]
async fn an_absent_flag_is_none_and_not_false() {
    for (body, expected) in [
        ("{}", None),
        ("{\"is_synchronizing\":null}", None),
        ("{\"is_synchronizing\":false}", Some(false)),
    ] {
        let transport = Recorder::answering(200, body);
        let client = mrs::Client::new_with_client(
            "https://mrs.example.com",
            http_client(),
            Inner(transport),
        );
        let call = client
            .list_cluster_sync_task_status()
            .project_id(PROJECT)
            .cluster_id("c-1");
        assert_eq!(
            call.send().await.expect("an answer").is_synchronizing,
            expected
        );
    }
}

#[test]
fn the_future_of_a_call_can_move_between_threads() {
    fn assert_send<T: Send>(_: &T) {}
    let transport = Recorder::answering(200, "{}");
    let studio = studio(&transport, "https://dayu.example.com");
    let warehouse = warehouse(&transport);
    let mrs =
        mrs::Client::new_with_client("https://mrs.example.com", http_client(), Inner(transport));
    assert_send(&studio.list_security_member_sync_tasks().send());
    assert_send(&warehouse.list_sync_records().send());
    assert_send(&mrs.list_cluster_sync_task_status().send());
}
