//! Plain requests to a server on this machine: just enough HTTP to ask an emulator.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use crate::tools::Failure;

/// A server that is silent for longer is broken.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sends one request over a connection of its own and reads the body of its answer as JSON.
///
/// `body` is sent if it is not empty.
///
/// # Errors
///
/// [`Failure`] if there is no answer, its status is no success, or its body is not JSON.
pub fn json(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<Value, Failure> {
    let failed = |what: &str| Failure::new(format!("{method} {url}: {what}"));
    let answer = text(method, url, headers, body)?;
    serde_json::from_str(&answer).map_err(|error| failed(&format!("not JSON: {error}")))
}

/// As [`json()`], with the body as it is.
///
/// # Errors
///
/// [`Failure`] if there is no answer, or its status is no success.
pub fn text(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<String, Failure> {
    let (status, answer) = ask(method, url, headers, body)?;
    if (200..300).contains(&status) {
        return Ok(answer);
    }
    Err(Failure::new(format!(
        "{method} {url}: status {status}: {answer}"
    )))
}

/// As [`text()`], whatever the status; gives it beside the body.
///
/// # Errors
///
/// [`Failure`] if there is no answer.
pub fn ask(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<(u16, String), Failure> {
    let failed = |what: &str| Failure::new(format!("{method} {url}: {what}"));
    let answer =
        exchange(method, url, headers, body).map_err(|error| failed(&error.to_string()))?;
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .ok_or_else(|| failed("no HTTP answer"))?;
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| failed("an answer without a status"))?;
    Ok((status, body.to_owned()))
}

fn exchange(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> std::io::Result<String> {
    let rest = url.strip_prefix("http://").unwrap_or(url);
    let (host, target) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    // HTTP/1.0 has no chunks: what comes until the connection is closed is the body.
    write!(stream, "{method} {target} HTTP/1.0\r\nhost: {host}\r\n")?;
    for (name, value) in headers {
        write!(stream, "{name}: {value}\r\n")?;
    }
    write!(stream, "content-length: {}\r\n\r\n{body}", body.len())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
