//! A request written by hand, and the answer as it came.

use hmac::{Hmac, KeyInit, Mac};
use idsync_emulator::{Auth, Emulator, EmulatorBuilder};
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What came back before the connection was closed.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find_map(|(known, value)| known.eq_ignore_ascii_case(name).then_some(value.trim()))
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Checks status, code, and a part of the message of an error.
    pub(crate) fn assert_error(&self, status: u16, code: &str, part: &str) {
        let error = self.json();
        assert_eq!((self.status, &error["error_code"]), (status, &code.into()));
        let message = error["error_msg"].as_str().unwrap();
        assert!(message.contains(part), "{message}");
    }
}

/// A request to an emulator; each goes over a connection of its own.
#[derive(Clone)]
pub(crate) struct Request {
    address: String,
    method: &'static str,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Request {
    pub(crate) fn new(
        emulator: &Emulator,
        method: &'static str,
        target: impl Into<String>,
    ) -> Self {
        let address = emulator.url().strip_prefix("http://").unwrap().to_owned();
        let host = ("host".to_owned(), address.clone());
        Self {
            address,
            method,
            target: target.into(),
            headers: vec![host],
            body: String::new(),
        }
    }

    pub(crate) fn get(emulator: &Emulator, target: impl Into<String>) -> Self {
        Self::new(emulator, "GET", target)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn body(mut self, body: impl Into<String>) -> Self {
        self.body = body.into();
        let length = self.body.len().to_string();
        self.header("content-length", &length)
    }

    /// Carries the token of the ready line.
    pub(crate) fn with_token(self, emulator: &Emulator) -> Self {
        self.header("x-auth-token", &emulator.ready().token)
    }

    /// Signs all headers so far. The target has no query, and is in canonical form but for the slash at its end.
    pub(crate) fn signed(self, access_key: &str, secret: &str, at: Timestamp) -> Self {
        let date = at.strftime("%Y%m%dT%H%M%SZ").to_string();
        let mut request = self.header("x-sdk-date", &date);
        request.headers.sort();
        let names: Vec<&str> = request.headers.iter().map(|(name, _)| &**name).collect();
        let names = names.join(";");
        let lines = request.header_lines(":", "\n");
        let Self { method, target, .. } = &request;
        let body = hex(&Sha256::digest(&request.body));
        let canonical = format!("{method}\n{target}/\n\n{lines}\n{names}\n{body}");
        let canonical = hex(&Sha256::digest(canonical));
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        let mac = mac.chain_update(format!("SDK-HMAC-SHA256\n{date}\n{canonical}"));
        let signature = hex(&mac.finalize().into_bytes());
        let value = format!(
            "SDK-HMAC-SHA256 Access={access_key}, SignedHeaders={names}, Signature={signature}"
        );
        request.header("authorization", &value)
    }

    fn header_lines(&self, between: &str, end: &str) -> String {
        let headers = self.headers.iter();
        let lines = headers.map(|(name, value)| [name, between, value, end].concat());
        lines.collect()
    }

    /// Sends it and reads until the connection is closed.
    pub(crate) async fn send(self) -> Reply {
        let fields = self.header_lines(": ", "\r\n");
        let Self {
            method,
            target,
            body,
            ..
        } = &self;
        let text = format!("{method} {target} HTTP/1.1\r\n{fields}connection: close\r\n\r\n{body}");
        let mut connection = TcpStream::connect(&self.address).await.unwrap();
        let mut received = Vec::new();
        // An abrupt end counts like an orderly one: what matters is what came before.
        let _ = connection.write_all(text.as_bytes()).await;
        let _ = connection.read_to_end(&mut received).await;
        let end_of_head = received.windows(4).position(|bytes| bytes == b"\r\n\r\n");
        let body = received.split_off(end_of_head.expect("a response") + 4);
        let head = String::from_utf8(received).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Reply { status, head, body }
    }
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
    digits.collect()
}

/// An emulator that checks no credentials.
pub(crate) async fn open(builder: EmulatorBuilder) -> Emulator {
    builder.auth(Auth::Off).start().await.unwrap()
}

/// The response to a GET without credentials.
pub(crate) async fn get(emulator: &Emulator, target: impl Into<String>) -> Reply {
    Request::get(emulator, target).send().await
}

/// The tasks of a workspace of the first project.
pub(crate) async fn tasks(emulator: &Emulator, workspace: &str, query: &str) -> Reply {
    let project = &emulator.ready().project_id;
    let target = format!("/v1/{project}/security/member-sync-tasks?{query}");
    let request = Request::get(emulator, target);
    request.header("workspace", workspace).send().await
}

pub(crate) fn records_path(emulator: &Emulator, cluster_id: &str) -> String {
    let project_id = &emulator.ready().project_id;
    format!("/v1/{project_id}/clusters/{cluster_id}/db-manager/sync-records")
}

pub(crate) fn syncing_path(emulator: &Emulator, cluster_id: &str) -> String {
    let project_id = &emulator.ready().project_id;
    format!("/v2/{project_id}/clusters/{cluster_id}/iam-sync")
}

/// The flag of the first MRS cluster: the smallest request there is.
pub(crate) fn syncing(emulator: &Emulator) -> Request {
    let cluster_id = &emulator.ready().clusters.mrs[0];
    Request::get(emulator, syncing_path(emulator, cluster_id))
}
