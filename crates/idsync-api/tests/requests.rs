//! What the generated clients hand to the transport, and what they make of its responses.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a failed expectation is a failed test"
)]

use std::num::NonZeroU32;
use std::sync::Mutex;

use idsync_api::{Bytes, Error, Request, Response, Transport, dataarts_studio, dws, mrs};

const PROJECT: &str = "2c3d4e5f60718293a4b5c6d7e8f90a1b";

/// Notes each request and answers it with the same status and body.
struct Recorder {
    status: u16,
    body: &'static str,
    seen: Mutex<Vec<(&'static str, Request<Bytes>)>>,
}

impl Recorder {
    fn answering(status: u16, body: &'static str) -> Self {
        Self {
            status,
            body,
            seen: Mutex::default(),
        }
    }
}

impl Transport for &Recorder {
    type Error = String;

    async fn send(
        &self,
        operation: &'static str,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, String> {
        self.seen
            .lock()
            .expect("no panic elsewhere")
            .push((operation, request));
        let response = Response::builder()
            .status(self.status)
            .header("x-request-id", "r-1");
        Ok(response.body(self.body.into()).expect("a response"))
    }
}

/// Fails before anything is sent.
struct Unreachable;

impl Transport for Unreachable {
    type Error = &'static str;

    async fn send(
        &self,
        _: &'static str,
        _: Request<Bytes>,
    ) -> Result<Response<Bytes>, &'static str> {
        Err("the vault is sealed")
    }
}

/// A request for tasks, with the required parameters set.
fn tasks(base_url: &str, project_id: &str, set: impl FnOnce(Tasks<'_>) -> Tasks<'_>) -> Uri {
    let client = dataarts_studio::Client::new(base_url, ());
    let call = client
        .list_security_member_sync_tasks()
        .project_id(project_id)
        .workspace("w-1");
    Uri(set(call).request().expect("a request"))
}

type Tasks<'a> = dataarts_studio::builder::ListSecurityMemberSyncTasks<'a, ()>;

/// A built request.
struct Uri(Request<Bytes>);

impl Uri {
    fn query(&self) -> Option<&str> {
        self.0.uri().query()
    }
}

async fn records(recorder: &Recorder) -> Result<dws::types::SyncRecordPage, Error<String>> {
    let client = dws::Client::new("https://dws.example.com/", recorder);
    let call = client
        .list_sync_records()
        .project_id(PROJECT)
        .cluster_id("c-1");
    Ok(call.send().await?.into_body())
}

#[test]
fn a_query_has_the_encoding_of_rfc_3986_and_the_order_of_the_document() {
    let request = tasks("https://dayu.example.com", PROJECT, |call| {
        call.order_by_asc(false)
            .cluster_name("a b*~+&=%é/?")
            .limit(NonZeroU32::MIN)
    });
    assert_eq!(
        request.query(),
        Some("limit=1&cluster_name=a%20b%2A~%2B%26%3D%25%C3%A9%2F%3F&order_by_asc=false")
    );
}

#[test]
fn a_path_in_the_base_url_is_kept_and_a_path_value_is_encoded() {
    let Uri(request) = tasks("https://proxy.example.com/dayu/", "p/../q", |call| call);
    assert_eq!(
        request.uri(),
        "https://proxy.example.com/dayu/v1/p%2F..%2Fq/security/member-sync-tasks"
    );
}

#[test]
fn only_documented_headers_are_sent() {
    let Uri(request) = tasks("https://dayu.example.com", PROJECT, |call| call);
    let headers = request.headers().iter();
    let headers: Vec<_> = headers
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect();
    assert_eq!(
        headers,
        [("accept", &b"application/json"[..]), ("workspace", b"w-1")]
    );
}

#[test]
fn a_value_that_cannot_be_sent_is_refused_with_its_name() {
    let dws = dws::Client::new("https://dws.example.com", ());
    let call = || dws.list_sync_records().project_id("p").cluster_id("c");
    let studio = dataarts_studio::Client::new("https://dayu.example.com", ());
    let tasks = studio.list_security_member_sync_tasks().project_id("p");
    let nowhere = dws::Client::new("no url", ());
    let nowhere = nowhere.list_sync_records().project_id("p").cluster_id("c");
    let refused = [
        (
            dws.list_sync_records().project_id("p").request(),
            "cluster_id is required",
        ),
        (
            call().cluster_id("..").request(),
            "cluster_id must not be \"..\"",
        ),
        (
            call().project_id("").request(),
            "project_id must not be \"\"",
        ),
        (
            call().offset(1 << 31).request(),
            "offset must be at most 2147483647",
        ),
        (
            tasks.workspace("a\nb").request(),
            "workspace has a character that no header allows",
        ),
        (nowhere.request(), "the base URL is not valid"),
    ];
    for (request, expected) in refused {
        let message = request.expect_err("refused").to_string();
        assert!(message.starts_with(expected), "{message}");
    }
}

#[tokio::test]
async fn the_transport_gets_the_request_with_the_name_of_the_operation() {
    let recorder = Recorder::answering(200, "{}");
    records(&recorder).await.expect("a response");
    let seen = recorder.seen.into_inner().expect("no panic elsewhere");
    let [(operation, request)] = seen.as_slice() else {
        panic!("{} requests", seen.len());
    };
    let url = format!("https://dws.example.com/v1/{PROJECT}/clusters/c-1/db-manager/sync-records");
    assert_eq!(
        (*operation, request.uri().to_string()),
        ("listSyncRecords", url)
    );
}

#[tokio::test]
async fn the_error_of_the_transport_comes_out_unchanged() {
    let client = mrs::Client::new("https://mrs.example.com", Unreachable);
    let call = client
        .list_cluster_sync_task_status()
        .project_id("p")
        .cluster_id("c");
    let outcome = call.send().await;
    assert!(matches!(
        outcome,
        Err(Error::Transport("the vault is sealed"))
    ));
}

#[tokio::test]
async fn any_other_status_returns_the_response_as_it_came() {
    for status in [204, 302, 404, 500] {
        let recorder = Recorder::answering(status, "<html>no</html>");
        let Err(Error::UnexpectedResponse(response)) = records(&recorder).await else {
            panic!("{status} is no success");
        };
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["x-request-id"], "r-1");
        assert_eq!(response.body(), "<html>no</html>");
    }
}

#[tokio::test]
async fn a_body_that_is_not_the_documented_object_is_returned_with_what_is_wrong() {
    let bodies = [
        "",
        "<html>",
        "[]",
        " [1, []]",
        "null",
        "{\"count\":1",
        "{\"sync_records\":[[]]}",
        "{} {}",
        "{\"count\":\"1\"}",
    ];
    for body in bodies {
        let recorder = Recorder::answering(200, body);
        let Err(Error::InvalidResponsePayload(response, _)) = records(&recorder).await else {
            panic!("{body:?} was read");
        };
        assert_eq!(response.body(), body);
    }
}

#[test]
fn the_future_of_a_call_can_move_between_threads() {
    fn assert_send<T: Send>(_: &T) {}
    let recorder = Recorder::answering(200, "{}");
    let client = dws::Client::new("https://dws.example.com", &recorder);
    assert_send(&client.list_sync_records().send());
}
