//! A running emulator, from the side of the program that started it.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::serve;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::auth::Tokens;
use crate::builder::EmulatorBuilder;
use crate::clock::{Clock, ClockChange, GatewayClock};
use crate::connection::{
    ConnectionCounters, ConnectionCounts, ConnectionTakeover, CountingListener,
};
use crate::error::EmulatorError;
use crate::faults::{Fault, FaultList};
use crate::ids::salt;
use crate::journal::{Journal, RequestCounts, SeenRequest};
use crate::ready::Ready;
use crate::routes::{AppState, RequestCounters, router};
use crate::scenario::Scenario;
use crate::state::State;

/// How long [`Emulator::stop`] waits for answers in progress.
const STOP_GRACE: Duration = Duration::from_secs(2);

/// The services, on one port. They stop when this is dropped.
pub struct Emulator {
    app: Arc<AppState>,
    ready: Ready,
    workspaces: Vec<String>,
    counters: Arc<ConnectionCounters>,
    stop: watch::Sender<bool>,
    server: JoinHandle<std::io::Result<()>>,
}

impl Emulator {
    /// Sets up an emulator: by default on a free port, with strict authentication and the scenario `demo`.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::default()
    }

    pub(crate) async fn start(builder: EmulatorBuilder) -> Result<Self, EmulatorError> {
        let address = builder.listen;
        let refuse = |error| {
            let message =
                format!("cannot listen on {address}: {error}; port 0 takes any that is free");
            EmulatorError::new(message)
        };
        let listener = TcpListener::bind(address).await.map_err(refuse)?;
        let url = url_of(listener.local_addr().map_err(refuse)?);
        let (stop, stopping) = watch::channel(false);
        let stop_signal = StopSignal(stopping);
        let app = Arc::new(app_state(builder, url, stop_signal.clone())?);
        let counters = Arc::<ConnectionCounters>::default();
        let listener = CountingListener {
            listener,
            counters: Arc::clone(&counters),
            stop: stop_signal.clone(),
        };
        let service = router(Arc::clone(&app));
        let service = service.into_make_service_with_connect_info::<ConnectionTakeover>();
        let serving = serve(listener, service)
            .with_graceful_shutdown(async move { stop_signal.stopped().await });
        let server = tokio::spawn(serving.into_future());
        let workspaces = app.state.workspaces.iter();
        let workspaces = workspaces.map(|workspace| workspace.id.clone()).collect();
        Ok(Self {
            ready: Ready::new(&app),
            app,
            workspaces,
            counters,
            stop,
            server,
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

    /// Ids of the workspaces. They belong to one instance and share some tasks.
    pub fn workspaces(&self) -> &[String] {
        &self.workspaces
    }

    /// Puts a fault in force, after those that are.
    ///
    /// # Errors
    ///
    /// If it cannot be carried out, for example for a status of 99, or 200 are in force.
    pub fn add_fault(&self, fault: Fault) -> Result<(), EmulatorError> {
        self.app.faults.add(fault)
    }

    /// The faults in force, without those of the scenario. Counted ones have the number of calls that they still apply to.
    pub fn faults(&self) -> Vec<Fault> {
        self.app.faults.list()
    }

    /// What the clock of the services shows.
    pub fn now(&self) -> Timestamp {
        self.app.clock.read().now
    }

    /// Moves the clock of the services forwards: what is due in between has happened then.
    pub fn advance(&self, by: Duration) {
        self.app.clock.advance(by);
    }

    /// Sets the clock of the services, backwards too: they answer as they did then.
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

    /// Puts clock, faults and requests back to how they were at the start. Tokens that were issued stay valid.
    pub fn reset(&self) {
        self.app.reset();
    }

    /// Removes all faults but those of the scenario.
    pub fn clear_faults(&self) {
        self.app.faults.clear();
    }

    /// The latest 10,000 requests to the services, oldest first, with secrets masked; fewer if they are large.
    pub fn requests(&self) -> Vec<SeenRequest> {
        self.app.journal.requests()
    }

    /// How many requests arrived, those that are no longer remembered included.
    pub fn request_counts(&self) -> RequestCounts {
        self.app.journal.counts()
    }

    /// Forgets all requests and counts from zero.
    pub fn reset_requests(&self) {
        self.app.journal.reset();
    }

    /// How many connections were opened, to control it included.
    pub fn connections(&self) -> ConnectionCounts {
        self.counters.read()
    }

    /// Accepts no more connections, lets answers in progress end, and returns; at the latest after two seconds.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        let ended = tokio::time::timeout(STOP_GRACE, &mut self.server).await;
        if ended.is_err() {
            self.server.abort();
        }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.stop.send_replace(true);
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
    builder: EmulatorBuilder,
    url: String,
    stop: StopSignal,
) -> Result<AppState, EmulatorError> {
    let scenario = match &builder.scenario {
        Some(scenario) => scenario.clone(),
        None => Scenario::named("demo")?,
    };
    let seed = builder.seed;
    let clock = Clock::new(builder.clock(&scenario))?;
    let paging = scenario.form.paging.clone();
    let state = State::new(&scenario, seed, builder.generated)?;
    let faults = scenario.faults()?.into_iter();
    let faults = faults.map(|timed| state.resolve(timed));
    let faults = faults.collect::<Result<Vec<_>, _>>()?;
    let started = builder.start_time.unwrap_or_else(Timestamp::now);
    Ok(AppState {
        scenario: scenario.name().to_owned(),
        seed,
        url,
        auth: builder.auth,
        latency: builder.latency,
        tasks_paging: builder.tasks_paging.unwrap_or(paging.tasks),
        records_paging: builder.records_paging.unwrap_or(paging.records),
        clock,
        gateway_clock: GatewayClock::starting_at(started),
        state,
        tokens: Tokens::new(salt(seed, "tokens")),
        faults: FaultList::new(seed, builder.faults, faults)?,
        journal: Journal::default(),
        stop,
        counters: RequestCounters::default(),
    })
}

/// An address that means "any" can be listened on, but not called.
fn url_of(mut address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        match address {
            SocketAddr::V4(_) => address.set_ip(Ipv4Addr::LOCALHOST.into()),
            SocketAddr::V6(_) => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        }
    }
    format!("http://{address}")
}

/// Tells everything that waits when the emulator stops.
#[derive(Clone, Debug)]
pub(crate) struct StopSignal(watch::Receiver<bool>);

impl StopSignal {
    /// Returns after `duration`, or as soon as the emulator stops.
    pub(crate) async fn pause(&self, duration: Duration) {
        if duration.is_zero() {
            return;
        }
        tokio::select! {
            () = sleep(duration) => {}
            () = self.stopped() => {}
        }
    }

    /// Returns when the emulator stops.
    pub(crate) async fn stopped(&self) {
        // An error means that the emulator was dropped, which is stopping too.
        let _ = self.0.clone().wait_for(|stopping| *stopping).await;
    }

    pub(crate) fn is_stopping(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }
}
