//! Page, JSON API, metrics and probes over HTTP. It only reads.

mod api;
mod guard;
mod pages;
mod query;
mod timeline;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
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

/// What was made of the last snapshot: it is large, and the same until the next sweep.
#[derive(Default)]
struct Rendered(Mutex<Option<(Arc<Snapshot>, Bytes)>>);

impl Rendered {
    fn get(&self, snapshot: &Arc<Snapshot>, render: impl FnOnce() -> String) -> Bytes {
        let mut rendered = lock(&self.0);
        match &*rendered {
            Some((of, text)) if Arc::ptr_eq(of, snapshot) => text.clone(),
            _ => {
                let text = Bytes::from(render());
                *rendered = Some((Arc::clone(snapshot), text.clone()));
                text
            }
        }
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
    blocking("text/plain; version=0.0.4; charset=utf-8", move || {
        let own = site.monitor.own_metrics();
        let Some(snapshot) = site.monitor.snapshot() else {
            return own.into();
        };
        let of_report = || site.monitor.report_metrics(&snapshot);
        let report = site.metrics.get(&snapshot, of_report);
        [own.as_bytes(), &report].concat().into()
    })
    .await
}

/// Answers with what `body` gives on a thread that may wait.
async fn blocking(
    content_type: &'static str,
    body: impl FnOnce() -> Bytes + Send + 'static,
) -> Response {
    match tokio::task::spawn_blocking(body).await {
        Ok(body) => ([(header::CONTENT_TYPE, content_type)], body).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
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
