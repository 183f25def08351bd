//! The operations of the services, one file for each service, and the control paths.

mod control;
mod iam;
mod iam_sync;
mod metadata;
mod records;
mod tasks;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post, put};
use http::{HeaderName, HeaderValue};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin, CorsLayer};

use crate::auth::{Auth, Tokens};
use crate::clock::Clock;
use crate::faults::FaultList;
use crate::gateway::gateway;
use crate::journal::Journal;
use crate::paging::Paging;
use crate::state::ServiceState;

/// An operation of the emulated services.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Operation {
    /// DataArts Studio: `GET /v1/{project_id}/security/member-sync-tasks`.
    #[serde(
        alias = "listSecurityMemberSyncTasks",
        alias = "ListSecurityMemberSyncTasks"
    )]
    Tasks,
    /// DWS: `GET /v1/{project_id}/clusters/{cluster_id}/db-manager/sync-records`.
    #[serde(alias = "listSyncRecords", alias = "ListSyncRecords")]
    Records,
    /// MRS: `GET /v2/{project_id}/clusters/{cluster_id}/iam-sync`.
    #[serde(alias = "listClusterSyncTaskStatus", alias = "ListSyncStatus")]
    Syncing,
    /// IAM: `POST /v3/auth/tokens`.
    Token,
    /// IAM: `GET /v3/projects` and `GET /v3/auth/projects`.
    Projects,
    /// IAM: `GET /` and `GET /v3`.
    Versions,
    /// Metadata service of a cloud server: `PUT /meta-data/latest/api/token`.
    MetadataToken,
    /// Metadata service of a cloud server: `GET /openstack/latest/securitykey`.
    MetadataKey,
}

/// Each path with its only method.
const PATHS: [(Operation, &str, &str); 11] = [
    (Operation::Tasks, "GET", tasks::PATH),
    (Operation::Records, "GET", records::PATH),
    (Operation::Syncing, "GET", iam_sync::PATH),
    (Operation::Token, "POST", "/v3/auth/tokens"),
    (Operation::Projects, "GET", "/v3/projects"),
    (Operation::Projects, "GET", "/v3/auth/projects"),
    (Operation::Versions, "GET", "/"),
    (Operation::Versions, "GET", "/v3"),
    (Operation::Versions, "GET", "/v3/"),
    (Operation::MetadataToken, "PUT", metadata::TOKEN_PATH),
    (Operation::MetadataKey, "GET", metadata::KEY_PATH),
];

impl Operation {
    /// The operation of a method and the template that a path matched.
    ///
    /// # Errors
    ///
    /// What exists instead.
    pub(crate) fn find(method: &str, template: Option<&str>) -> Result<Self, String> {
        let mut paths = PATHS.iter();
        match paths.find(|(_, _, path)| Some(*path) == template) {
            Some((operation, right, _)) if *right == method => Ok(*operation),
            Some((_, right, _)) => Err(format!("That path supports {right} only.")),
            None => {
                let known = PATHS.map(|(_, method, path)| format!("{method} {path}"));
                Err(format!("This emulator serves: {}.", known.join(", ")))
            }
        }
    }
}

/// Shared by all requests.
pub(crate) struct AppState {
    pub(crate) scenario: String,
    pub(crate) seed: u64,
    /// Endpoint of every service.
    pub(crate) url: String,
    pub(crate) auth: Auth,
    /// Pause before each response.
    pub(crate) latency: Duration,
    pub(crate) tasks_paging: Paging,
    pub(crate) records_paging: Paging,
    /// The clock of the services.
    pub(crate) clock: Clock,
    /// The clock by which signatures and tokens are checked. It always runs at normal speed, because clients sign by the time of
    /// their own machine.
    pub(crate) gateway_clock: Clock,
    pub(crate) state: ServiceState,
    pub(crate) tokens: Tokens,
    pub(crate) faults: FaultList,
    pub(crate) journal: Journal,
    pub(crate) stop: CancellationToken,
    /// Numbers of requests: all, for tasks, for records.
    pub(crate) request_count: AtomicU64,
    pub(crate) task_page_count: AtomicU64,
    pub(crate) record_page_count: AtomicU64,
}

impl AppState {
    /// Returns clock, faults and journal to their initial state. Tokens stay valid.
    pub(crate) fn reset(&self) {
        self.clock.reset();
        self.journal.reset();
        self.faults.reset();
        self.request_count.store(0, Ordering::Relaxed);
        self.task_page_count.store(0, Ordering::Relaxed);
        self.record_page_count.store(0, Ordering::Relaxed);
    }
}

/// The services and the control paths.
pub(crate) fn router(app: Arc<AppState>) -> Router {
    Router::new()
        .route(tasks::PATH, get(tasks::list))
        .route(records::PATH, get(records::list))
        .route(iam_sync::PATH, get(iam_sync::show))
        .route("/v3/auth/tokens", post(iam::create_token))
        .route("/v3/projects", get(iam::list_projects))
        .route("/v3/auth/projects", get(iam::list_projects))
        .route("/", get(iam::list_versions))
        .route("/v3", get(iam::show_version))
        .route("/v3/", get(iam::show_version))
        .route(metadata::TOKEN_PATH, put(metadata::create_token))
        .route(metadata::KEY_PATH, get(metadata::show_key))
        // The gateway refuses all other paths.
        .fallback(|| async {})
        .layer(from_fn_with_state(Arc::clone(&app), gateway))
        .merge(control::router())
        .layer(cors())
        .with_state(app)
}

/// Allows pages that this machine serves itself, such as a document viewer.
fn cors() -> CorsLayer {
    let is_loopback = |origin: &HeaderValue, _: &http::request::Parts| {
        let origin: Option<http::Uri> = origin.to_str().ok().and_then(|text| text.parse().ok());
        let host = origin.as_ref().and_then(http::Uri::host);
        let host = host.map(|host| host.trim_start_matches('[').trim_end_matches(']'));
        let address = host.and_then(|host| host.parse::<std::net::IpAddr>().ok());
        host == Some("localhost") || address.is_some_and(|address| address.is_loopback())
    };
    let exposed = ["x-subject-token", "x-request-id"].map(HeaderName::from_static);
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(is_loopback))
        .allow_methods(AllowMethods::mirror_request())
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(exposed)
}
