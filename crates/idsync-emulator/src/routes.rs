//! The operations of the services, and the control paths.

mod control;
mod iam;
mod iam_sync;
mod metadata;
mod paging;
mod records;
mod tasks;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post, put};
use http::request::Parts;
use http::{HeaderName, HeaderValue};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin, CorsLayer};

use crate::builder::EmulatorBuilder;
use crate::clock::Clock;
use crate::faults::FaultList;
use crate::gateway::gateway;
use crate::journal::Journal;
use crate::state::ServiceState;

/// An operation of the emulated services.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Operation {
    /// Of a fault: every operation.
    #[default]
    Any,
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
    /// Metadata service of a cloud server: `PUT /meta-data/latest/api/token`.
    MetadataToken,
    /// Metadata service of a cloud server: `GET /openstack/latest/securitykey`.
    MetadataKey,
}

/// Each path with its only method.
pub(crate) const PATHS: [(Operation, &str, &str); 8] = [
    (Operation::Tasks, "GET", tasks::PATH),
    (Operation::Records, "GET", records::PATH),
    (Operation::Syncing, "GET", iam_sync::PATH),
    (Operation::Token, "POST", "/v3/auth/tokens"),
    (Operation::Projects, "GET", "/v3/projects"),
    (Operation::Projects, "GET", "/v3/auth/projects"),
    (Operation::MetadataToken, "PUT", metadata::TOKEN_PATH),
    (Operation::MetadataKey, "GET", metadata::KEY_PATH),
];

/// Shared by all requests.
pub(crate) struct AppState {
    /// Name of the scenario.
    pub(crate) scenario: String,
    pub(crate) settings: EmulatorBuilder,
    pub(crate) seed: u64,
    /// Endpoint of every service.
    pub(crate) url: String,
    /// The clock by which signatures and tokens are checked. It always runs at normal speed, because clients sign by the time of
    /// their own machine.
    pub(crate) gateway_clock: Clock,
    pub(crate) state: ServiceState,
    pub(crate) live: Mutex<LiveState>,
    pub(crate) stop: CancellationToken,
}

/// What changes while the emulator runs.
#[derive(Debug)]
pub(crate) struct LiveState {
    /// The clock of the services.
    pub(crate) clock: Clock,
    pub(crate) faults: FaultList,
    pub(crate) journal: Journal,
}

impl AppState {
    pub(crate) fn live(&self) -> MutexGuard<'_, LiveState> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LiveState {
    /// Returns clock, faults and journal to their initial state. Tokens stay valid.
    pub(crate) fn reset(&mut self) {
        self.clock.reset();
        self.journal.reset();
        self.faults.reset();
    }
}

/// The services and the control paths.
pub(crate) fn router(app: Arc<AppState>) -> Router {
    let is_loopback = |origin: &HeaderValue, _: &Parts| {
        let origin: Option<http::Uri> = origin.to_str().ok().and_then(|text| text.parse().ok());
        let host = origin.as_ref().and_then(http::Uri::host);
        matches!(host, Some("localhost" | "127.0.0.1" | "[::1]"))
    };
    // For pages that this machine serves itself, such as a document viewer.
    let cors = CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(is_loopback))
        .allow_methods(AllowMethods::mirror_request())
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(["x-subject-token", "x-request-id"].map(HeaderName::from_static));
    Router::new()
        .route(tasks::PATH, get(tasks::list))
        .route(records::PATH, get(records::list))
        .route(iam_sync::PATH, get(iam_sync::show))
        .route("/v3/auth/tokens", post(iam::create_token))
        .route("/v3/projects", get(iam::list_projects))
        .route("/v3/auth/projects", get(iam::list_projects))
        .route(metadata::TOKEN_PATH, put(metadata::create_token))
        .route(metadata::KEY_PATH, get(metadata::show_key))
        // The gateway refuses all other paths.
        .fallback(|| async {})
        .layer(from_fn_with_state(Arc::clone(&app), gateway))
        .merge(control::router())
        .layer(cors)
        .with_state(app)
}
