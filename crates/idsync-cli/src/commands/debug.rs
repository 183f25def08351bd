//! `idsync debug`: looks behind the scenes.

use idsync::Credentials;
use idsync::signing::{Request, Scope, explain};
use jiff::Timestamp;
use url::Url;

use crate::args::{Algorithm, SignArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

const HOST: &str = "Host";
const DATE: &str = "X-Sdk-Date";

/// Prints the steps of a signature.
pub(super) fn sign(args: &SignArgs, output: &mut Output) -> Result<Exit, Failure> {
    let (method, url) = request(&args.request)?;
    let headers = headers(args, &url)?;
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let pairs: Vec<_> = url.query_pairs().collect();
    let query: Vec<_> = pairs
        .iter()
        .map(|(name, value)| (name.as_ref(), value.as_ref()))
        .collect();
    let request = Request {
        method: &method,
        path: url.path(),
        query: &query,
        headers: &headers,
        body: b"",
    };
    let scope = args
        .scope
        .as_ref()
        .map(|(region, service)| Scope { region, service });
    let scope = scope.filter(|_| args.algorithm == Algorithm::V11HmacSha256);
    let steps = explain(&request, &Credentials::from_environment()?, scope)?;
    output.signature(&steps)
}

/// The method and the address. What is wrong with them is told without repeating them: an address may hold a password.
fn request(words: &[String]) -> Result<(String, Url), Failure> {
    let (method, address) = match words {
        [address] => ("GET", address),
        [method, address] => (method.as_str(), address),
        _ => {
            return Err(
                Failure::usage("there are more words than a method and an address")
                    .with_hint("put quotes around a header: -H 'name: value'"),
            );
        }
    };
    if method.is_empty() || !method.chars().all(|c| c.is_ascii_alphabetic()) {
        return Err(Failure::usage("the method is no word, such as GET"));
    }
    let url = Url::parse(address).map_err(|error| {
        Failure::usage(format!(
            "the address is not a URL ({error}): give https://HOST/PATH"
        ))
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Failure::usage(
            "the address does not begin with https:// or http://",
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Failure::usage(
            "the address must not hold a user name or password",
        ));
    }
    Ok((method.to_ascii_uppercase(), url))
}

/// The headers given, and those that every signed request has.
fn headers(args: &SignArgs, url: &Url) -> Result<Vec<(String, String)>, Failure> {
    let mut headers = Vec::with_capacity(args.headers.len() + 2);
    for text in &args.headers {
        headers.push(header(text)?);
    }
    let is_given = |wanted: &str| {
        headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case(wanted))
    };
    if is_given(DATE) && args.date.is_some() {
        let message = format!("the date is given twice: by --date and by the header {DATE}");
        return Err(Failure::usage(message));
    }
    let host = (!is_given(HOST)).then(|| (HOST.to_owned(), host(url)));
    let date = (!is_given(DATE)).then(|| (DATE.to_owned(), date(args)));
    headers.extend([host, date].into_iter().flatten());
    Ok(headers)
}

/// One header. What is wrong with it is told without repeating it: it may hold a token.
fn header(text: &str) -> Result<(String, String), Failure> {
    let parts = text
        .split_once(':')
        .map(|(name, value)| (name.trim(), value.trim()))
        .filter(|(name, value)| is_name(name) && !value.chars().any(char::is_control));
    let (name, value) =
        parts.ok_or_else(|| Failure::usage("a header is not of the form 'name: value'"))?;
    Ok((name.to_owned(), value.to_owned()))
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}

/// As it is sent: with the port only where it is not the scheme's own.
fn host(url: &Url) -> String {
    let name = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"))
}

fn date(args: &SignArgs) -> String {
    let now = || Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    args.date.clone().unwrap_or_else(now)
}
