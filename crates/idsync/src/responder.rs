//! Answers in place of the network, for tests without a socket.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use url::{Position, Url};

use crate::{ClientBuilder, Error};

impl ClientBuilder {
    /// Answers requests in place of the network, for tests without a socket: `respond` gets path and query of each request
    /// and returns a status and a body, or the error of a connection.
    ///
    /// The rest of a call stays as it is: credentials, rate limits, retries with their waits, and decoding. The guide
    /// [`testing`](crate::guide::testing) has an example.
    pub fn responder(
        mut self,
        respond: impl Fn(&str) -> Result<(u16, String), Error> + Send + Sync + 'static,
    ) -> Self {
        self.connection.responder = Some(Responder(Arc::new(respond)));
        self
    }
}

/// From path and query to status and body.
type Respond = dyn Fn(&str) -> Result<(u16, String), Error> + Send + Sync;

/// Answers requests in place of the network.
#[derive(Clone)]
pub(crate) struct Responder(Arc<Respond>);

impl Responder {
    pub(crate) fn answer(&self, url: &Url) -> Result<http::Response<Bytes>, Error> {
        let (status, body) = (self.0)(&url[Position::BeforePath..])?;
        let answer = http::Response::builder().status(status);
        answer.body(body.into()).map_err(|error| {
            Error::invalid_input("the responder returned no valid status").with_source(error)
        })
    }
}

impl fmt::Debug for Responder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Responder")
    }
}
