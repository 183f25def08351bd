//! A running emulator.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::builder::EmulatorBuilder;
use crate::clock::{Clock, ClockChange, ClockSettings};
use crate::connection::{ConnectionCounts, Connections};
use crate::error::EmulatorError;
use crate::faults::{Fault, FaultList};
use crate::journal::{Journal, RequestCounts, SeenRequest};
use crate::ready::Ready;
use crate::routes::{AppState, LiveState, router};
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
        let url = url_of(listener.local_addr().map_err(refuse)?);
        let stop = CancellationToken::new();
        let app = Arc::new(self.app_state(url, stop.clone())?);
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
        let seed = self.seed_or_default();
        let (state, of_scenario) = ServiceState::new(&scenario.form, seed, self.generated)
            .map_err(|error| format!("{}: {error}", scenario.name))?;
        self.faults.iter().try_for_each(Fault::check)?;
        let faults = self.faults.drain(..).chain(of_scenario).collect();
        let gateway_clock = ClockSettings {
            start: self.clock.start,
            ..ClockSettings::default()
        };
        Ok(AppState {
            live: Mutex::new(LiveState {
                clock: Clock::new(self.clock.or(scenario.form.clock))?,
                faults: FaultList::new(seed, faults),
                journal: Journal::default(),
            }),
            gateway_clock: Clock::new(gateway_clock)?,
            url,
            state,
            stop,
            scenario: scenario.name,
            settings: self,
        })
    }
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
