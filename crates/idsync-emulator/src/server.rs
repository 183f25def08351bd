//! A running emulator.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::builder::EmulatorBuilder;
use crate::clock::{Clock, ClockChange, ClockSettings};
use crate::connection::{ConnectionCounts, Connections};
use crate::error::EmulatorError;
use crate::faults::{Fault, FaultList, TimedFault};
use crate::journal::{Journal, RequestCounts, SeenRequest};
use crate::ready::Ready;
use crate::routes::{AppState, router};
use crate::scenario::Scenario;
use crate::state::ServiceState;

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

    pub(crate) async fn start(builder: EmulatorBuilder) -> Result<Self, EmulatorError> {
        let address = builder.listen.unwrap_or((Ipv4Addr::LOCALHOST, 0).into());
        let refuse = |error| {
            let message = format!("cannot listen on {address}: {error}; port 0 is any free port");
            EmulatorError::new(message)
        };
        let listener = TcpListener::bind(address).await.map_err(refuse)?;
        let url = url_of(listener.local_addr().map_err(refuse)?);
        let stop = CancellationToken::new();
        let app = Arc::new(app_state(builder, url, stop.clone())?);
        let connections = Arc::<Connections>::default();
        let router = router(Arc::clone(&app));
        let serving = Arc::clone(&connections).serve(listener, router, stop.clone());
        let workspaces = app.state.workspaces.iter();
        Ok(Self {
            ready: Ready::new(&app),
            workspaces: workspaces.map(|workspace| workspace.id.clone()).collect(),
            app,
            connections,
            stop: stop.drop_guard(),
            server: tokio::spawn(serving),
        })
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
        self.app.faults.add(fault)
    }

    /// The active faults, except those of the scenario. [`Fault::times`] is the number of calls that are left.
    pub fn faults(&self) -> Vec<Fault> {
        self.app.faults.list()
    }

    /// Removes all faults, except those of the scenario.
    pub fn clear_faults(&self) {
        self.app.faults.clear();
    }

    /// Time of the services' clock.
    pub fn now(&self) -> Timestamp {
        self.app.clock.state().now
    }

    /// Moves the services' clock forward. Everything that is due in between has then happened.
    pub fn advance(&self, by: Duration) {
        self.app.clock.advance(by);
    }

    /// Sets the services' clock, backward too: the services respond as they did then.
    ///
    /// # Errors
    ///
    /// For a time before the start of the clock.
    pub fn set_time(&self, now: Timestamp) -> Result<(), EmulatorError> {
        self.app.clock.change(ClockChange {
            now: Some(now),
            ..ClockChange::default()
        })
    }

    /// Returns clock, faults and journal to their initial state. Tokens stay valid.
    pub fn reset(&self) {
        self.app.reset();
    }

    /// The latest requests to the services, oldest first, with secrets masked, at most 10,000.
    pub fn requests(&self) -> Vec<SeenRequest> {
        self.app.journal.requests()
    }

    /// Numbers of requests, including those that [`Emulator::requests`] no longer has.
    pub fn request_counts(&self) -> RequestCounts {
        self.app.journal.counts()
    }

    /// Removes all requests and counts from zero.
    pub fn reset_requests(&self) {
        self.app.journal.reset();
    }

    /// Numbers of connections, including those for control requests.
    pub fn connections(&self) -> ConnectionCounts {
        self.connections.counts()
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

fn app_state(
    mut settings: EmulatorBuilder,
    url: String,
    stop: CancellationToken,
) -> Result<AppState, EmulatorError> {
    let scenario = settings.scenario.take();
    let scenario = scenario.map_or_else(|| Scenario::named("demo"), Ok)?;
    let (state, of_scenario) = ServiceState::new(
        &scenario.form,
        settings.seed_or_default(),
        settings.generated,
    )
    .map_err(|error| EmulatorError::new(format!("{}: {error}", scenario.name)))?;
    settings.faults.iter().try_for_each(Fault::check)?;
    let added = settings.faults.drain(..).map(|fault| TimedFault {
        fault,
        period: None,
    });
    let faults = added.chain(of_scenario).collect();
    Ok(AppState {
        faults: FaultList::new(settings.seed_or_default(), faults),
        clock: Clock::new(settings.clock.or(scenario.form.clock))?,
        gateway_clock: Clock::new(ClockSettings {
            start: settings.clock.start,
            ..ClockSettings::default()
        })?,
        url,
        state,
        journal: Journal::default(),
        stop,
        scenario: scenario.name,
        settings,
    })
}

/// The unspecified address can be listened on, but not called.
fn url_of(mut address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        match address {
            SocketAddr::V4(_) => address.set_ip(Ipv4Addr::LOCALHOST.into()),
            SocketAddr::V6(_) => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        }
    }
    format!("http://{address}")
}
