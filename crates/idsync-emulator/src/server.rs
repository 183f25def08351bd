//! A running emulator: its connections, and what a client needs to call it.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;
use tower_http::add_extension::AddExtension;

use crate::auth::{
    ACCESS_KEY, DOMAIN_NAME, PASSWORD, REGION, SECRET_KEY, TOKEN_LIFETIME_MS, USER_NAME, token,
};
use crate::builder::{EmulatorBuilder, EmulatorError};
use crate::clock::{Clock, ClockChange, ClockSettings};
use crate::faults::{Fault, FaultList, RawAnswer};
use crate::journal::{Journal, RequestCounts, SeenRequest};
use crate::routes::{AppState, LiveState, router};
use crate::scenario::Scenario;
use crate::state::ServiceState;

/// Pause after a connection could not be accepted, for example with too many open files.
const RETRY_PAUSE: Duration = Duration::from_millis(100);

/// Maximum time for responses in progress after the emulator was stopped.
const STOP_GRACE: Duration = Duration::from_secs(2);

/// The emulated services on one port. They stop when this is dropped.
pub struct Emulator {
    app: Arc<AppState>,
    ready: Ready,
    workspaces: Vec<String>,
    connections: Arc<Connections>,
    stop: DropGuard,
    server: JoinHandle<()>,
}

impl Emulator {
    /// Configures an emulator. Default: a free port of `127.0.0.1`, strict authentication, the scenario `demo`.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::default()
    }

    /// Endpoint of every service, such as `http://127.0.0.1:41234`.
    pub fn url(&self) -> &str {
        &self.ready.url
    }

    /// Address, credentials and ids.
    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    /// Ids of all workspaces, in the order of the scenario. They belong to one instance and can share tasks.
    pub fn workspaces(&self) -> &[String] {
        &self.workspaces
    }

    /// Adds a fault, after those that are active.
    ///
    /// # Errors
    ///
    /// If it is invalid, for example a status of 99, or if 200 faults are active.
    pub fn add_fault(&self, fault: Fault) -> Result<(), EmulatorError> {
        Ok(self.app.live().faults.add(fault)?)
    }

    /// The active faults, except those of the scenario. [`Fault::times`] is the number of calls that are left.
    pub fn faults(&self) -> Vec<Fault> {
        self.app.live().faults.list()
    }

    /// Removes all faults, except those of the scenario.
    pub fn clear_faults(&self) {
        self.app.live().faults.clear();
    }

    /// Time of the services' clock.
    pub fn now(&self) -> Timestamp {
        self.app.live().clock.state().now
    }

    /// Moves the services' clock forward. Everything that is due in between has then happened.
    pub fn advance(&self, by: Duration) {
        self.app.live().clock.advance(by);
    }

    /// Sets the services' clock, backward too: the services respond as they did then.
    ///
    /// # Errors
    ///
    /// For a time before the start of the clock.
    pub fn set_time(&self, now: Timestamp) -> Result<(), EmulatorError> {
        let change = ClockChange {
            now: Some(now),
            ..ClockChange::default()
        };
        Ok(self.app.live().clock.change(change)?)
    }

    /// Returns clock, faults and journal to their initial state. Tokens stay valid.
    pub fn reset(&self) {
        self.app.live().reset();
    }

    /// The latest requests to the services, oldest first, with secrets masked, at most 10,000.
    pub fn requests(&self) -> Vec<SeenRequest> {
        self.app.live().journal.requests.iter().cloned().collect()
    }

    /// Numbers of requests, including those that [`Emulator::requests`] no longer has.
    pub fn request_counts(&self) -> RequestCounts {
        self.app.live().journal.counts.clone()
    }

    /// Removes all requests and counts from zero.
    pub fn reset_requests(&self) {
        self.app.live().journal.reset();
    }

    /// Numbers of connections, including those for control requests.
    pub fn connections(&self) -> ConnectionCounts {
        ConnectionCounts {
            accepted: self.connections.accepted.load(Ordering::SeqCst),
            open: self.connections.open.len() as u64,
        }
    }

    /// Stops accepting connections and waits for responses in progress, at most two seconds.
    pub async fn stop(self) {
        self.stop.disarm().cancel();
        // It fails only if the runtime stops first.
        let _ = self.server.await;
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator")
            .field("ready", &self.ready)
            .finish_non_exhaustive()
    }
}

impl EmulatorBuilder {
    /// Binds the address and serves until the emulator is stopped or dropped.
    ///
    /// # Errors
    ///
    /// If the address cannot be bound, or a fault, the clock or the generated data is out of range.
    pub async fn start(self) -> Result<Emulator, EmulatorError> {
        let address = self.listen.unwrap_or((Ipv4Addr::LOCALHOST, 0).into());
        let refuse =
            |error| format!("cannot listen on {address}: {error}; port 0 is any free port");
        let listener = TcpListener::bind(address).await.map_err(refuse)?;
        let mut address = listener.local_addr().map_err(refuse)?;
        // The unspecified address can be listened on, but not called.
        if address.ip().is_unspecified() {
            address.set_ip(match address {
                SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
            });
        }
        let stop = CancellationToken::new();
        let app = Arc::new(self.app_state(format!("http://{address}"), stop.clone())?);
        let connections = Arc::<Connections>::default();
        let router = router(Arc::clone(&app));
        let serving = Arc::clone(&connections).serve(listener, router, stop.clone());
        let workspaces = app.state.workspaces.iter();
        Ok(Emulator {
            ready: Ready::new(&app),
            workspaces: workspaces.map(|workspace| workspace.id.clone()).collect(),
            app,
            connections,
            stop: stop.drop_guard(),
            server: tokio::spawn(serving),
        })
    }

    fn app_state(
        mut self,
        url: String,
        stop: CancellationToken,
    ) -> Result<AppState, EmulatorError> {
        let scenario = self.scenario.take();
        let scenario = scenario.map_or_else(|| Scenario::named("demo"), Ok)?;
        let seed = self.seed.unwrap_or(1);
        let (state, faults) = ServiceState::new(&scenario.form, seed, self.generated)
            .map_err(|error| format!("{}: {error}", scenario.name))?;
        self.faults.iter().try_for_each(Fault::check)?;
        let faults = self.faults.drain(..).chain(faults).collect();
        let of_scenario = scenario.form.clock;
        let gateway_clock = ClockSettings {
            start: self.clock.start,
            ..ClockSettings::default()
        };
        Ok(AppState {
            live: Mutex::new(LiveState {
                clock: Clock::new(ClockSettings {
                    start: self.clock.start.or(of_scenario.start),
                    scale: self.clock.scale.or(of_scenario.scale),
                    running: self.clock.running.or(of_scenario.running),
                })?,
                faults: FaultList::new(seed, faults),
                journal: Journal::default(),
            }),
            gateway_clock: Clock::new(gateway_clock)?,
            url,
            state,
            stop,
            scenario: scenario.name,
            settings: self,
            seed,
        })
    }
}

/// Address, credentials and ids. As JSON, it is the first line that the command prints.
///
/// Debug output has no secrets.
#[derive(Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Ready {
    /// Always true.
    #[schemars(extend("const" = true))]
    pub ready: bool,
    /// Endpoint of every service, without a slash at the end.
    pub url: String,
    /// Region.
    pub region: String,
    /// A token for `X-Auth-Token`, valid for 24 hours.
    pub token: String,
    /// Permanent access key.
    pub ak: String,
    /// Secret of the access key.
    pub sk: String,
    /// User for `POST /v3/auth/tokens`.
    pub user: String,
    /// Password of the user.
    pub password: String,
    /// Account (domain) of the user.
    pub domain: String,
    /// Id of the first project.
    pub project_id: String,
    /// Id of the first workspace.
    pub workspace: String,
    /// Ids of the clusters in the first project, without generated ones.
    pub clusters: ReadyClusters,
    /// All projects.
    pub projects: Vec<ReadyProject>,
    /// URL of the OpenAPI document of the control paths.
    pub control: String,
}

/// Ids of clusters, by service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct ReadyClusters {
    /// DWS clusters.
    pub dws: Vec<String>,
    /// MRS clusters.
    pub mrs: Vec<String>,
}

/// A project of the account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct ReadyProject {
    /// Its id.
    pub id: String,
    /// Its name; the first project has that of the region.
    pub name: String,
    /// Ids of its workspaces.
    pub workspaces: Vec<String>,
    /// Ids of its clusters, without generated ones.
    pub clusters: ReadyClusters,
}

impl Ready {
    pub(crate) fn new(app: &AppState) -> Self {
        let now_ms = app.gateway_clock.time().now_ms;
        let projects = app.state.projects.clone();
        let first = projects.first().cloned().unwrap_or_default();
        Self {
            ready: true,
            url: app.url.clone(),
            region: REGION.to_owned(),
            token: token(app.seed, now_ms.saturating_add(TOKEN_LIFETIME_MS)),
            ak: ACCESS_KEY.to_owned(),
            sk: SECRET_KEY.to_owned(),
            user: USER_NAME.to_owned(),
            password: PASSWORD.to_owned(),
            domain: DOMAIN_NAME.to_owned(),
            project_id: first.id,
            workspace: first.workspaces.into_iter().next().unwrap_or_default(),
            clusters: first.clusters,
            projects,
            control: format!("{}/_emulator/openapi.yaml", app.url),
        }
    }
}

impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ready")
            .field("url", &self.url)
            .field("projects", &self.projects)
            .finish_non_exhaustive()
    }
}

/// Numbers of client connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionCounts {
    /// Accepted since the start.
    pub accepted: u64,
    /// Open now.
    pub open: u64,
}

/// The connections of an emulator.
#[derive(Debug, Default)]
pub(crate) struct Connections {
    accepted: AtomicU64,
    open: TaskTracker,
}

/// Takes over the connection of a request: what is sent here is written instead of an HTTP response. An extension of each request.
pub(crate) type Takeover = mpsc::Sender<RawAnswer>;

impl Connections {
    /// Serves connections until the emulator stops, and then until responses in progress are complete.
    pub(crate) async fn serve(
        self: Arc<Self>,
        listener: TcpListener,
        router: Router,
        stop: CancellationToken,
    ) {
        while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
            let Ok((stream, _)) = accepted else {
                sleep(RETRY_PAUSE).await;
                continue;
            };
            self.accepted.fetch_add(1, Ordering::SeqCst);
            self.open
                .spawn(serve_connection(stream, router.clone(), stop.clone()));
        }
        drop(listener);
        self.open.close();
        self.open.wait().await;
    }
}

async fn serve_connection(stream: TcpStream, router: Router, stop: CancellationToken) {
    // Responses are small: waiting to fill a segment only delays them. An error makes them late, not wrong.
    let _ = stream.set_nodelay(true);
    let (takeover, mut taken): (Takeover, _) = mpsc::channel(1);
    let service = TowerToHyperService::new(AddExtension::new(router, takeover));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // An error means that the client closed the connection.
    tokio::select! {
        _ = &mut connection => {}
        Some(answer) = taken.recv() => {
            let stream = connection.into_parts().io.into_inner();
            let _ = stop.run_until_cancelled(answer.send(stream)).await;
        }
        () = stop.cancelled() => {
            std::pin::Pin::new(&mut connection).graceful_shutdown();
            let _ = timeout(STOP_GRACE, connection).await;
        }
    }
}
