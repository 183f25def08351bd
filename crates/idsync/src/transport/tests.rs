//! A call against a server of a few lines: what is sent, how often, and what an error says.

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::*;
use crate::{Client, ClientBuilder, ProvidedCredentials};

/// The heads of the requests that arrived.
pub(crate) type Seen = Arc<Mutex<Vec<String>>>;

/// A server that answers one request after another with the next of `answers`, then with the last one repeatedly.
pub(crate) async fn server(answers: &[(&str, &str)]) -> (String, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answers: Vec<_> = answers
        .iter()
        .map(|(head, body)| {
            let length = body.len();
            format!(
                "HTTP/1.1 {head}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
            )
        })
        .collect();
    let seen = Seen::default();
    let log = Arc::clone(&seen);
    tokio::spawn(async move {
        for number in 0.. {
            let (stream, _) = listener.accept().await.unwrap();
            let mut stream = BufReader::new(stream);
            let mut head = String::new();
            while stream.read_line(&mut head).await.unwrap() > 2 {}
            log.lock().unwrap().push(head);
            let answer = &answers[number.min(answers.len() - 1)];
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (url, seen)
}

fn client(url: &str) -> ClientBuilder {
    Client::builder()
        .endpoint(url)
        .project_id("p1")
        .credentials(Credentials::access_key("AKEXAMPLE", "an example secret"))
        .backoff(Duration::ZERO, Duration::ZERO)
}

async fn ask(builder: ClientBuilder) -> Result<Option<bool>, Error> {
    builder.build()?.mrs().is_synchronizing("c1").await
}

const BUSY: (&str, &str) = ("503 Service Unavailable", "");
const IDLE: (&str, &str) = ("200 OK", r#"{"is_synchronizing":false}"#);

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    lines
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

#[tokio::test]
async fn each_attempt_is_signed_anew_with_its_own_date() {
    static NOW: AtomicI64 = AtomicI64::new(1_700_000_000);
    let (url, seen) = server(&[BUSY, BUSY, IDLE]).await;
    let clock = || Timestamp::from_second(NOW.fetch_add(60, Ordering::Relaxed)).unwrap();
    ask(client(&url).clock(clock)).await.unwrap();
    let seen = seen.lock().unwrap();
    for name in ["x-sdk-date", "authorization"] {
        let mut values: Vec<_> = seen.iter().map(|head| header(head, name)).collect();
        values.dedup();
        assert_eq!(values.len(), 3, "{name}: {values:?}");
    }
}

#[tokio::test]
async fn a_key_and_a_token_travel_in_their_headers_with_the_project() {
    for (credentials, name, value) in [
        (Credentials::token("t"), "x-auth-token", "t"),
        (
            Credentials::access_key("AK", "SK").with_security_token("st"),
            "x-security-token",
            "st",
        ),
    ] {
        let (url, seen) = server(&[IDLE]).await;
        ask(client(&url).credentials(credentials)).await.unwrap();
        let seen = seen.lock().unwrap();
        assert_eq!(header(&seen[0], name), Some(value));
        assert_eq!(header(&seen[0], "x-project-id"), Some("p1"));
        assert!(
            header(&seen[0], "user-agent")
                .unwrap()
                .starts_with("idsync/")
        );
        let signed = header(&seen[0], "authorization");
        assert_eq!(signed.is_some(), name == "x-security-token");
        if let Some(signed) = signed {
            let names = "SignedHeaders=accept;host;x-project-id;x-sdk-date;x-security-token,";
            assert!(signed.contains(names), "{signed}");
        }
    }
}

#[tokio::test]
async fn the_hint_of_a_refusal_fits_its_cause() {
    for (answer, hint) in [
        (
            ("401 Unauthorized", "{}"),
            "check the access key from the caller",
        ),
        (("403 Forbidden", "{}"), "permission"),
        (
            (
                "404 Not Found",
                r#"{"error_code":"APIGW.0101","error_msg":"x"}"#,
            ),
            "the region and the endpoint",
        ),
        (("404 Not Found", "<html>"), "the region and the endpoint"),
        (
            (
                "400 Bad Request",
                r#"{"error_code":"12000003","error_msg":"x"}"#,
            ),
            "cluster id",
        ),
        (
            (
                "302 Found\r\nlocation: https://u:p@elsewhere.example/x?p=1",
                "",
            ),
            "check the endpoint",
        ),
    ] {
        let (url, _) = server(&[answer]).await;
        let error = ask(client(&url)).await.unwrap_err();
        assert!(
            error.hint().unwrap().contains(hint),
            "{answer:?}: {error:?}"
        );
        assert_eq!(error.operation(), Some("listClusterSyncTaskStatus"));
        assert_eq!(error.attempts(), 1);
    }
}

/// Never provides credentials.
#[derive(Debug)]
struct Hanging;

impl CredentialProvider for Hanging {
    fn credentials(&self) -> ProvidedCredentials<'_> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_hangs_costs_the_deadline_and_no_request() {
    let (url, seen) = server(&[IDLE]).await;
    let hanging = client(&url)
        .credentials(Hanging)
        .timeout(Duration::from_secs(5));
    let hanging = hanging.rate(1, Duration::from_hours(1)).build().unwrap();
    for _ in 0..2 {
        let begin = Instant::now();
        let error = hanging.mrs().is_synchronizing("c1").await.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts()),
            (ErrorKind::Timeout, 0),
            "{error}"
        );
        assert_eq!(begin.elapsed().as_secs(), 5);
    }
    assert!(seen.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_lookup_of_the_project_is_part_of_the_deadline() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let client = Client::builder().endpoint(url).region("cn-north-4");
    let client = client
        .credentials(Credentials::token("t"))
        .timeout(Duration::from_secs(5));
    let client = client.build().unwrap();
    let begin = Instant::now();
    let error = client.mrs().is_synchronizing("c1").await.unwrap_err();
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::Timeout, Some("listProjects"))
    );
    assert_eq!(begin.elapsed().as_secs(), 5);
}
