//! Accepts connections and speaks HTTP on them, with an end to the patience for callers that are slow.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use axum::serve::Listener;
use http::{Request, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tower_service::Service;

use crate::connection::{Connection, Entrance, Seizure};
use crate::routes::control;
use crate::service::serve;
use crate::state::State;

/// Where the control paths begin.
const CONTROL: &str = "/_emulator/";

/// Answers what comes over all connections.
#[derive(Clone)]
pub(crate) struct Server {
    state: Arc<State>,
    control: Router,
    /// How long a caller may take to send a head, or a body, and a connection may be idle.
    patience: Duration,
}

impl Server {
    pub(crate) fn new(state: Arc<State>, patience: Duration) -> Self {
        Self {
            control: control::router().with_state(Arc::clone(&state)),
            state,
            patience,
        }
    }

    /// Serves until the emulator stops, and then until what is under way has been answered.
    pub(crate) async fn run(self, mut entrance: Entrance) {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                (connection, _) = entrance.accept() => {
                    connections.spawn(self.clone().converse(connection));
                }
                Some(_) = connections.join_next() => {}
                () = self.state.pauses.stopped() => break,
            }
        }
        drop(entrance);
        while connections.join_next().await.is_some() {}
    }

    /// Answers the requests of one connection, one after the other.
    async fn converse(self, connection: Connection) {
        let seizure = connection.seizure();
        let pauses = self.state.pauses.clone();
        let service = service_fn(|request| {
            let (server, seizure) = (&self, seizure.clone());
            async move { Ok::<_, Infallible>(server.answer(request, seizure).await) }
        });
        let mut conversation = std::pin::pin!(
            http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(self.patience)
                .serve_connection(TokioIo::new(connection), service)
        );
        // Whatever ends a connection early is the caller's doing, or a fault that was asked for.
        tokio::select! {
            _ = conversation.as_mut() => {}
            () = pauses.stopped() => {
                conversation.as_mut().graceful_shutdown();
                let _ = conversation.await;
            }
        }
    }

    async fn answer(&self, request: Request<Incoming>, seizure: Seizure) -> Response {
        let request = request.map(Body::new);
        if request.uri().path().starts_with(CONTROL) {
            return self.control(request).await;
        }
        serve(&self.state, &seizure, self.patience, request).await
    }

    async fn control(&self, request: Request<Body>) -> Response {
        let answer = self.control.clone().call(request);
        match timeout(self.patience, answer).await {
            Ok(answer) => answer.unwrap_or_else(|never| match never {}),
            Err(_) => StatusCode::REQUEST_TIMEOUT.into_response(),
        }
    }
}
