//! Page, JSON API, metrics and probes over HTTP. It only reads.

mod api;
mod guard;
mod pages;
mod query;
mod timeline;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use std::{io, mem};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream;
use jiff::tz::TimeZone;
use tokio::net::TcpListener;

use self::guard::Guard;
use crate::MonitorError;
use crate::monitor::Monitor;

/// How long requests in progress may take when the monitor stops.
const DRAIN: Duration = Duration::from_secs(10);

/// What requests are answered from.
#[derive(Clone)]
struct Site {
    monitor: Arc<Monitor>,
    /// The zone in which pages show times.
    zone: TimeZone,
}

/// A large text of a snapshot, made when it is first asked for; none if that failed.
#[derive(Debug, Default)]
pub(crate) struct Rendered(OnceLock<Option<Vec<Bytes>>>);

impl Rendered {
    fn get(&self, render: impl FnOnce(&mut Chunks) -> io::Result<()>) -> Option<Vec<Bytes>> {
        let text = self.0.get_or_init(|| {
            let mut chunks = Chunks::default();
            render(&mut chunks).ok()?;
            Some(chunks.finish())
        });
        text.clone()
    }
}

/// A text in parts of the same size: one string of ten megabytes is copied while it grows, and leaves holes in memory.
#[derive(Default)]
struct Chunks {
    full: Vec<Bytes>,
    last: Vec<u8>,
}

impl Chunks {
    const SIZE: usize = 64 * 1024;

    fn finish(mut self) -> Vec<Bytes> {
        self.full.push(self.last.into());
        self.full
    }
}

impl io::Write for Chunks {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        if self.last.len() >= Self::SIZE {
            let full = mem::replace(&mut self.last, Vec::with_capacity(Self::SIZE));
            self.full.push(full.into());
        }
        let length = text.len().min(Self::SIZE - self.last.len());
        self.last
            .extend_from_slice(text.get(..length).unwrap_or(text));
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Listens as the settings say.
///
/// # Errors
///
/// If others could read without a secret, the file of the secret cannot be read, or the address cannot be bound.
pub async fn serve(
    monitor: Arc<Monitor>,
    zone: TimeZone,
) -> Result<(SocketAddr, impl Future<Output = ()>), MonitorError> {
    let serve = &monitor.settings.serve;
    let guard = Guard::new(serve)?;
    let failed = |error| MonitorError::caused(format!("cannot listen on {}", serve.listen), error);
    let listener = TcpListener::bind(serve.listen).await.map_err(failed)?;
    let address = listener
        .local_addr()
        .map_err(|error| MonitorError::caused("the address cannot be read", error))?;
    let site = Site {
        monitor: Arc::clone(&monitor),
        zone,
    };
    let app = router(site, guard);
    let running = async move {
        let stopping = Arc::clone(&monitor);
        let stopped = async move { stopping.stopped().await };
        let server = axum::serve(listener, app).with_graceful_shutdown(stopped);
        let limit = async {
            monitor.stopped().await;
            tokio::time::sleep(DRAIN).await;
        };
        tokio::select! {
            _ = server => {}
            () = limit => {}
        }
    };
    Ok((address, running))
}

fn router(site: Site, guard: Guard) -> Router {
    let guard = Arc::new(guard);
    let authorize = middleware::from_fn_with_state(Arc::clone(&guard), guard::authorize);
    Router::new()
        .route("/", get(pages::overview))
        .route("/clusters/{project}/{type}/{id}", get(pages::cluster))
        .route("/style.css", get(pages::style))
        .route("/metrics", get(metrics))
        .route("/api/v1/report", get(api::report))
        .route("/api/v1/clusters", get(api::clusters))
        .route("/api/v1/clusters/{project}/{type}/{id}", get(api::cluster))
        .route("/api/v1/history/{project}/{type}/{id}", get(api::history))
        .route("/api/v1/openapi.json", get(api::openapi))
        // Not for the probes.
        .route_layer(authorize)
        .route("/livez", get(livez))
        .route("/readyz", get(readyz))
        .with_state(site)
        .layer(middleware::from_fn_with_state(guard, guard::check))
}

async fn metrics(State(site): State<Site>) -> Response {
    text("text/plain; version=0.0.4; charset=utf-8", move || {
        let mut parts = vec![site.monitor.own_metrics().into()];
        if let Some(snapshot) = site.monitor.snapshot() {
            let render = |chunks: &mut Chunks| site.monitor.report_metrics(&snapshot, chunks);
            parts.extend(snapshot.metrics_text.get(render)?);
        }
        Some(parts)
    })
    .await
}

/// Answers with the parts of a text, made on a thread that may wait.
async fn text(
    content_type: &'static str,
    parts: impl FnOnce() -> Option<Vec<Bytes>> + Send + 'static,
) -> Response {
    match tokio::task::spawn_blocking(parts).await {
        Ok(Some(parts)) => {
            let length = parts.iter().map(Bytes::len).sum::<usize>();
            let parts = parts.into_iter().map(Ok::<_, Infallible>);
            let body = Body::from_stream(stream::iter(parts));
            let length = [(header::CONTENT_LENGTH, length.to_string())];
            (length, [(header::CONTENT_TYPE, content_type)], body).into_response()
        }
        _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Status and text of a probe.
type Probe = (StatusCode, &'static str);

/// Whether the loop makes sweeps.
async fn livez(State(site): State<Site>) -> Probe {
    if site.monitor.is_alive() {
        (StatusCode::OK, "ok\n")
    } else {
        let why = "no sweep has begun or ended for ten intervals\n";
        (StatusCode::SERVICE_UNAVAILABLE, why)
    }
}

/// Whether the history can be read and the monitor goes on.
async fn readyz(State(site): State<Site>) -> Probe {
    if site.monitor.is_stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    let read = |monitor: &Monitor| monitor.store.reader().last_sweeps();
    if site.monitor.blocking(read).await.is_ok() {
        (StatusCode::OK, "ok\n")
    } else {
        let why = "the history cannot be read\n";
        (StatusCode::SERVICE_UNAVAILABLE, why)
    }
}
