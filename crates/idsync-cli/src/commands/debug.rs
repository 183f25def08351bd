//! `idsync debug`: debugging tools.

use http::{HeaderName, HeaderValue};
use idsync::Credentials;
use idsync::signing::{Request, Signature, explain};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use url::Url;

use crate::args::SignArgs;
use crate::errors::{CliError, Exit};
use crate::output::{Output, STRONG, paint};

const HOST: &str = "Host";
const DATE: &str = "X-Sdk-Date";

/// The name and version of the JSON form of [`SignatureSteps`].
const SCHEMA: &str = "idsync.signature/v1";

/// How a request is signed, step by step; keys, tokens and the signature are masked.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SignatureSteps {
    /// The name and version of this form.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    #[serde(flatten)]
    steps: Signature,
}

impl SignatureSteps {
    const FIELDS: &'static str =
        "schema,signed_headers,canonical_request,string_to_sign,authorization";

    /// Each step under its title, as it is: the line breaks of the canonical request are part of it.
    fn text(&self) -> String {
        let steps = &self.steps;
        let sections = [
            ("signed headers", &steps.signed_headers),
            ("canonical request", &steps.canonical_request),
            ("string to sign", &steps.string_to_sign),
            ("authorization", &steps.authorization),
        ];
        let section = |(title, text): (&str, &String)| {
            format!("{}\n{text}\n", paint(STRONG, &format!("# {title}")))
        };
        sections.map(section).join("\n")
    }
}

/// Prints the steps of a signature.
pub(super) fn sign(args: &SignArgs, output: &Output) -> Result<Exit, CliError> {
    let (method, url) = request(&args.request)?;
    let headers = headers(args, &url)?;
    let headers = headers.iter().map(|(name, value)| (&**name, &**value));
    let pairs: Vec<_> = url.query_pairs().collect();
    let query = pairs.iter().map(|(name, value)| (&**name, &**value));
    let request = Request {
        method: &method,
        path: url.path(),
        query: &query.collect::<Vec<_>>(),
        headers: &headers.collect::<Vec<_>>(),
        body: b"",
    };
    let steps = SignatureSteps {
        schema: SCHEMA,
        steps: explain(&request, &Credentials::from_environment()?)?,
    };
    output.print(&steps, SignatureSteps::FIELDS, [&steps], || steps.text())?;
    Ok(Exit::Done)
}

/// The method and the URL. Errors do not repeat them: a URL may hold a password.
fn request(words: &[String]) -> Result<(String, Url), CliError> {
    let (method, url) = match words {
        [url] => ("GET", url),
        [method, url] => (method.as_str(), url),
        _ => {
            return Err(CliError::usage("give at most a method and a URL")
                .with_hint("put quotes around a header: -H 'name: value'"));
        }
    };
    if method.is_empty() || !method.chars().all(|c| c.is_ascii_alphabetic()) {
        return Err(CliError::usage("the method is not a word, such as GET"));
    }
    let refused = |why: &str| CliError::usage(format!("the URL {why}"));
    let url = Url::parse(url)
        .map_err(|error| refused(&format!("is invalid ({error}): give https://HOST/PATH")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refused("does not begin with https:// or http://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("must not hold a user name or password"));
    }
    Ok((method.to_ascii_uppercase(), url))
}

/// The headers of the flags, and those that every signed request has.
fn headers(args: &SignArgs, url: &Url) -> Result<Vec<(String, String)>, CliError> {
    let headers = args.headers.iter().map(|text| header(text));
    let mut headers: Vec<_> = headers.collect::<Result<_, _>>()?;
    let [has_host, has_date] = [HOST, DATE].map(|wanted| {
        let mut names = headers.iter().map(|(name, _)| name);
        names.any(|name| name.eq_ignore_ascii_case(wanted))
    });
    if has_date && args.date.is_some() {
        let message = format!("the date is given twice: with --date and with the header {DATE}");
        return Err(CliError::usage(message));
    }
    if !has_host {
        headers.push((HOST.to_owned(), url.authority().to_owned()));
    }
    if !has_date {
        let now = || Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
        headers.push((DATE.to_owned(), args.date.clone().unwrap_or_else(now)));
    }
    Ok(headers)
}

/// One header. Errors do not repeat it: it may hold a token.
fn header(text: &str) -> Result<(String, String), CliError> {
    let (name, value) = text.split_once(':').unwrap_or_default();
    let (name, value) = (name.trim(), value.trim());
    if name.parse::<HeaderName>().is_err() || value.parse::<HeaderValue>().is_err() {
        return Err(CliError::usage("a header must have the form 'name: value'"));
    }
    Ok((name.to_owned(), value.to_owned()))
}
