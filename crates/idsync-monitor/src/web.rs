//! Page, JSON API, metrics and probes over HTTP. It only reads.

mod api;
mod guard;
mod pages;
mod query;
mod timeline;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, Weak};
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
use crate::monitor::{Monitor, Snapshot, lock};
use crate::{MonitorError, ServeSettings};

/// How long requests in progress may take when the monitor stops.
const DRAIN: Duration = Duration::from_secs(10);

/// What requests are answered from.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) monitor: Arc<Monitor>,
    /// The zone in which pages show times.
    pub(crate) zone: TimeZone,
    /// The whole report in JSON.
    report: Arc<Rendered>,
    /// The metrics of the report.
    metrics: Arc<Rendered>,
}

/// The text that was made of the last snapshot: it is large, and the same until the next sweep.
#[derive(Default)]
struct Rendered(Mutex<Option<(Weak<Snapshot>, Vec<Bytes>)>>);

impl Rendered {
    fn get(
        &self,
        snapshot: &Arc<Snapshot>,
        render: impl FnOnce(&mut Chunks) -> io::Result<()>,
    ) -> io::Result<Vec<Bytes>> {
        let mut rendered = lock(&self.0);
        if let Some((of, text)) = &*rendered
            && of.as_ptr() == Arc::as_ptr(snapshot)
        {
            return Ok(text.clone());
        }
        // Before the next one is made: both would be in memory.
        *rendered = None;
        let mut chunks = Chunks::default();
        render(&mut chunks)?;
        let text = chunks.finish();
        *rendered = Some((Arc::downgrade(snapshot), text.clone()));
        Ok(text)
    }
}

/// A text in parts of the same size: one string of ten megabytes is copied while it grows, and leaves holes in memory.
#[derive(Debug, Default)]
pub(crate) struct Chunks {
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
    let serve = monitor.settings.serve.clone();
    let guard = Guard::new(&serve)?;
    let listener = bind(&serve).await?;
    let address = listener
        .local_addr()
        .map_err(|error| MonitorError::caused("the address cannot be read", error))?;
    let site = Site {
        monitor: Arc::clone(&monitor),
        zone,
        report: Arc::default(),
        metrics: Arc::default(),
    };
    let app = router(site, guard);
    let running = async move {
        let stopping = Arc::clone(&monitor);
        let server = axum::serve(listener, app)
            .with_graceful_shutdown(async move { stopping.stopped().await });
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

async fn bind(serve: &ServeSettings) -> Result<TcpListener, MonitorError> {
    TcpListener::bind(serve.listen)
        .await
        .map_err(|error| MonitorError::caused(format!("cannot listen on {}", serve.listen), error))
}

pub(crate) fn router(site: Site, guard: Guard) -> Router {
    let guarded = Router::new()
        .route("/", get(pages::overview))
        .route(
            "/clusters/{project}/{cluster_type}/{id}",
            get(pages::cluster),
        )
        .route("/style.css", get(pages::style))
        .route("/metrics", get(metrics))
        .route("/api/v1/report", get(api::report))
        .route("/api/v1/clusters", get(api::clusters))
        .route(
            "/api/v1/clusters/{project}/{cluster_type}/{id}",
            get(api::cluster),
        )
        .route(
            "/api/v1/history/{project}/{cluster_type}/{id}",
            get(api::history),
        )
        .route("/api/v1/openapi.json", get(api::openapi))
        .layer(middleware::from_fn_with_state(
            guard.clone(),
            guard::authorize,
        ));
    Router::new()
        .merge(guarded)
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
            parts.extend(site.metrics.get(&snapshot, render)?);
        }
        Ok(parts)
    })
    .await
}

/// Answers with the parts of a text, made on a thread that may wait.
async fn text(
    content_type: &'static str,
    parts: impl FnOnce() -> io::Result<Vec<Bytes>> + Send + 'static,
) -> Response {
    match tokio::task::spawn_blocking(parts).await {
        Ok(Ok(parts)) => {
            let length = parts.iter().map(Bytes::len).sum::<usize>();
            let parts = parts.into_iter().map(Ok::<_, Infallible>);
            let body = Body::from_stream(stream::iter(parts));
            let length = [(header::CONTENT_LENGTH, length.to_string())];
            (length, [(header::CONTENT_TYPE, content_type)], body).into_response()
        }
        _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Whether the loop makes sweeps.
async fn livez(State(site): State<Site>) -> Response {
    if site.monitor.is_alive() {
        return "ok\n".into_response();
    }
    let why = "no sweep has begun or ended for ten intervals\n";
    (StatusCode::SERVICE_UNAVAILABLE, why).into_response()
}

/// Whether the history can be read and the monitor goes on.
async fn readyz(State(site): State<Site>) -> Response {
    let monitor = site.monitor;
    if monitor.is_stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response();
    }
    let read = tokio::task::spawn_blocking(move || monitor.store.reader().last_sweeps()).await;
    match read {
        Ok(Ok(_)) => "ok\n".into_response(),
        _ => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the history cannot be read\n",
        )
            .into_response(),
    }
}
