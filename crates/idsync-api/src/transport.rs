//! The seam between the generated clients and the code that sends their requests.

use std::fmt;
use std::future::Future;

use bytes::Bytes;
use http::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request, Response, StatusCode, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::{DeserializeOwned, Error as _};

/// Sends the requests of a generated client.
///
/// `send()` of an operation calls it once. An implementation adds credentials, sets deadlines, bounds the size of the
/// response and retries as it sees fit.
pub trait Transport: Send + Sync {
    /// What can prevent a response. It comes out of the operation unchanged, as [`Error::Transport`].
    type Error;

    /// Sends `request` and reads the whole response. `operation` is the `operationId` of the OpenAPI document.
    ///
    /// # Errors
    ///
    /// Whatever kept the response from arriving. A failure that the service reports is a response, not an error.
    fn send(
        &self,
        operation: &'static str,
        request: Request<Bytes>,
    ) -> impl Future<Output = Result<Response<Bytes>, Self::Error>> + Send;
}

/// Why an operation has no result. `E` is the error of the [`Transport`].
#[derive(Debug)]
pub enum Error<E> {
    /// The request cannot be made; nothing was sent.
    InvalidRequest(InvalidRequest),
    /// The transport failed.
    Transport(E),
    /// The service answered with another status than 200.
    UnexpectedResponse(Response<Bytes>),
    /// The body of a response with status 200 is not the documented JSON object.
    InvalidResponsePayload(Response<Bytes>, serde_json::Error),
}

impl<E> From<InvalidRequest> for Error<E> {
    fn from(error: InvalidRequest) -> Self {
        Self::InvalidRequest(error)
    }
}

impl<E: fmt::Display> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest(_) => f.write_str("the request is not valid"),
            Self::Transport(_) => f.write_str("the request failed"),
            Self::UnexpectedResponse(response) => {
                write!(f, "the service answered with status {}", response.status())
            }
            Self::InvalidResponsePayload(..) => f.write_str("the response cannot be read"),
        }
    }
}

impl<E: std::error::Error + 'static> std::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::InvalidRequest(error) => Some(error),
            Self::Transport(error) => Some(error),
            Self::UnexpectedResponse(_) => None,
            Self::InvalidResponsePayload(_, error) => Some(error),
        }
    }
}

/// A required parameter is missing, or a value cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidRequest(String);

impl fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidRequest {}

/// The characters that RFC 3986 leaves unencoded, besides letters and digits.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A request in the making. The generated operations add its parts in the order of the document.
pub(crate) struct RequestBuilder {
    method: Method,
    url: String,
    separator: char,
    headers: HeaderMap,
}

impl RequestBuilder {
    /// A request for JSON below `base_url`, which ends without a slash.
    pub(crate) fn new(method: Method, base_url: &str) -> Self {
        let accept = (ACCEPT, HeaderValue::from_static("application/json"));
        Self {
            method,
            url: base_url.to_owned(),
            separator: '?',
            headers: HeaderMap::from_iter([accept]),
        }
    }

    /// Adds a fixed part of the path.
    pub(crate) fn path(&mut self, text: &str) {
        self.url.push_str(text);
    }

    /// Adds a path parameter.
    ///
    /// Refuses an empty value, `.` and `..`, since URL parsers would resolve them to another path.
    pub(crate) fn segment(
        &mut self,
        name: &str,
        value: Option<String>,
    ) -> Result<(), InvalidRequest> {
        let value = required(name, value)?;
        if matches!(value.as_str(), "" | "." | "..") {
            return Err(InvalidRequest(format!("{name} must not be {value:?}")));
        }
        self.url.extend(utf8_percent_encode(&value, UNRESERVED));
        Ok(())
    }

    /// Adds a query parameter, if it is set.
    pub(crate) fn query<V: fmt::Display>(&mut self, name: &str, value: Option<V>) {
        let Some(value) = value else { return };
        self.url.push(self.separator);
        self.separator = '&';
        let value = value.to_string();
        self.url.extend(utf8_percent_encode(name, UNRESERVED));
        self.url.push('=');
        self.url.extend(utf8_percent_encode(&value, UNRESERVED));
    }

    /// Adds a query parameter of the format `int32`, if it is set.
    pub(crate) fn query_int32<V: Into<u32>>(
        &mut self,
        name: &str,
        value: Option<V>,
    ) -> Result<(), InvalidRequest> {
        let value = value.map(Into::into);
        if value.is_some_and(|value| value > i32::MAX.unsigned_abs()) {
            return Err(InvalidRequest(format!(
                "{name} must be at most {}",
                i32::MAX
            )));
        }
        self.query(name, value);
        Ok(())
    }

    /// Adds a header parameter.
    pub(crate) fn header(
        &mut self,
        name: &'static str,
        value: Option<String>,
    ) -> Result<(), InvalidRequest> {
        let value = HeaderValue::try_from(required(name, value)?)
            .map_err(|_| InvalidRequest(format!("{name} has a character that no header allows")))?;
        self.headers.insert(HeaderName::from_static(name), value);
        Ok(())
    }

    /// The complete request.
    pub(crate) fn build(self) -> Result<Request<Bytes>, InvalidRequest> {
        let uri = Uri::try_from(self.url)
            .map_err(|error| InvalidRequest(format!("the base URL is not valid: {error}")))?;
        let mut request = Request::new(Bytes::new());
        *request.method_mut() = self.method;
        *request.uri_mut() = uri;
        *request.headers_mut() = self.headers;
        Ok(request)
    }
}

fn required(name: &str, value: Option<String>) -> Result<String, InvalidRequest> {
    value.ok_or_else(|| InvalidRequest(format!("{name} is required")))
}

/// Sends a request and decodes the response.
pub(crate) async fn send<T: Transport, R: DeserializeOwned>(
    transport: &T,
    operation: &'static str,
    request: Request<Bytes>,
) -> Result<Response<R>, Error<T::Error>> {
    let sent = transport.send(operation, request).await;
    let response = sent.map_err(Error::Transport)?;
    if response.status() != StatusCode::OK {
        return Err(Error::UnexpectedResponse(response));
    }
    match decode(response.body()) {
        Ok(value) => Ok(response.map(|_| value)),
        Err(error) => Err(Error::InvalidResponsePayload(response, error)),
    }
}

/// Reads a JSON object; serde alone would also take an array for one.
fn decode<R: DeserializeOwned>(body: &[u8]) -> Result<R, serde_json::Error> {
    if body.trim_ascii_start().first() == Some(&b'[') {
        return Err(serde_json::Error::custom("an array instead of an object"));
    }
    serde_json::from_slice(body)
}
