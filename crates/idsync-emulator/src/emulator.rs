//! A running emulator, from the side of the program that started it.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::account::{ACCESS_KEY, REGION, SECRET_KEY};
use crate::auth::Tokens;
use crate::builder::{Builder, StartError};
use crate::calendar::{Calendar, TimedFault};
use crate::clock::{Adjustment, Clock, InvalidTime, SteadyClock};
use crate::connection::{ConnectionCounts, Entrance, Traffic};
use crate::faults::{Fault, FaultPlan, InvalidFault};
use crate::ids::Ids;
use crate::journal::{Journal, RequestCounts, SeenRequest};
use crate::pauses::Pauses;
use crate::ready::{Ready, ReadyClusters};
use crate::scenario::ClusterType;
use crate::server::Server;
use crate::state::{RequestIds, State};
use crate::world::World;

/// How long [`Emulator::stop`] waits for answers that are under way.
const STOP_GRACE: Duration = Duration::from_secs(2);

/// The services, on one port. They stop when this is dropped.
pub struct Emulator {
    state: Arc<State>,
    ready: Ready,
    workspaces: Vec<String>,
    traffic: Arc<Traffic>,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
}

impl Emulator {
    /// Sets up an emulator: on a free port, with strict authentication and the scenario `demo`, unless told otherwise.
    pub fn builder() -> Builder {
        Builder::new()
    }

    pub(crate) async fn start(builder: Builder) -> Result<Self, StartError> {
        let address = builder.listen;
        let listen = |source| StartError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let url = url_of(listener.local_addr().map_err(listen)?);

        let patience = builder.patience;
        let (stop, stopping) = watch::channel(false);
        let state = Arc::new(state_of(builder, Pauses::new(stopping))?);
        let workspaces: Vec<String> = state.world.workspace_ids().map(str::to_owned).collect();
        let ready = ready_of(&state, url, workspaces.first().cloned().unwrap_or_default());
        let traffic = Arc::<Traffic>::default();
        let entrance = Entrance {
            listener,
            traffic: Arc::clone(&traffic),
            pauses: state.pauses.clone(),
        };
        let server = tokio::spawn(Server::new(Arc::clone(&state), patience).run(entrance));
        Ok(Self {
            state,
            ready,
            workspaces,
            traffic,
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
    /// [`InvalidFault`] if it can not be carried out, for example for a status of 99.
    pub fn add_fault(&self, fault: Fault) -> Result<(), InvalidFault> {
        self.state.faults.add(fault)
    }

    /// The faults in force, without those of the scenario. Counted ones tell how many calls they still strike.
    pub fn faults(&self) -> Vec<Fault> {
        self.state.faults.list()
    }

    /// What the clock of the services shows.
    pub fn now(&self) -> Timestamp {
        self.state.clock.read().now
    }

    /// Moves the clock of the services forwards: what is due in between has happened then. It stays at a hundred years after its
    /// start.
    pub fn advance(&self, by: Duration) {
        self.state.clock.advance(by);
    }

    /// Sets the clock of the services, backwards too: they answer as they did then.
    ///
    /// # Errors
    ///
    /// [`InvalidTime`] for a time before the start of the clock, or more than a hundred years after it.
    pub fn set_time(&self, now: Timestamp) -> Result<(), InvalidTime> {
        self.state.clock.adjust(Adjustment {
            now: Some(now),
            ..Adjustment::default()
        })
    }

    /// Puts clock, faults and requests back to how they were at the start. Tokens that were issued stay good.
    pub fn reset(&self) {
        self.state.reset();
    }

    /// Removes all faults but those of the scenario.
    pub fn clear_faults(&self) {
        self.state.faults.clear();
    }

    /// The latest 10,000 requests to the services, oldest first, with secrets masked.
    pub fn requests(&self) -> Vec<SeenRequest> {
        self.state.journal.requests()
    }

    /// How many requests arrived, those that are no longer remembered included.
    pub fn request_counts(&self) -> RequestCounts {
        self.state.journal.counts()
    }

    /// Forgets all requests and counts from zero.
    pub fn reset_requests(&self) {
        self.state.journal.reset();
    }

    /// How many connections were opened, to control it included.
    pub fn connections(&self) -> ConnectionCounts {
        self.traffic.counts()
    }

    /// Accepts no more connections, lets answers that are under way end, and returns; at the latest after two seconds.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if tokio::time::timeout(STOP_GRACE, &mut self.server)
            .await
            .is_err()
        {
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

fn state_of(builder: Builder, pauses: Pauses) -> Result<State, StartError> {
    builder.check_tasks()?;
    let clock = Clock::new(builder.pace()).map_err(StartError::Clock)?;
    let Builder {
        scenario,
        seed,
        extra,
        behaviour,
        faults,
        start_time,
        ..
    } = builder;
    let world = World::new(&scenario, seed, extra);
    let timed = scenario.faults.iter();
    let timed = timed.map(|timed| with_cluster_id(timed, &world)).collect();
    let calendar = Calendar::new(seed, timed).map_err(StartError::Fault)?;
    let faults = FaultPlan::new(seed, faults).map_err(StartError::Fault)?;
    let ids = Ids::new(seed);
    Ok(State {
        scenario: scenario.name,
        seed,
        behaviour,
        clock,
        gateway_clock: SteadyClock::starting_at(start_time.unwrap_or_else(Timestamp::now)),
        world,
        tokens: Tokens::new(ids.salt("tokens")),
        calendar,
        faults,
        journal: Journal::default(),
        pauses,
        request_ids: RequestIds::new(ids.salt("requests")),
    })
}

/// A scenario names clusters; their ids follow from the seed.
fn with_cluster_id(timed: &TimedFault, world: &World) -> TimedFault {
    let mut timed = timed.clone();
    let name = timed.fault.cluster_id.as_deref();
    if let Some(id) = name.and_then(|name| world.cluster_id_of(name)) {
        timed.fault.cluster_id = Some(id.to_owned());
    }
    timed
}

fn ready_of(state: &State, url: String, workspace: String) -> Ready {
    let (token, _) = state.tokens.issue(state.gateway_clock.now_ms());
    let own = |kind| state.world.cluster_ids(kind).map(str::to_owned).collect();
    Ready {
        ready: true,
        url,
        region: REGION.to_owned(),
        project_id: state.world.account.project_id.clone(),
        workspace,
        ak: ACCESS_KEY.to_owned(),
        sk: SECRET_KEY.to_owned(),
        token,
        clusters: ReadyClusters {
            dws: own(ClusterType::Dws),
            mrs: own(ClusterType::Mrs),
        },
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_of_any_address_is_one_that_can_be_called() {
        assert_eq!(url_of("0.0.0.0:80".parse().unwrap()), "http://127.0.0.1:80");
        assert_eq!(url_of("[::]:80".parse().unwrap()), "http://[::1]:80");
        assert_eq!(url_of("192.0.2.1:8".parse().unwrap()), "http://192.0.2.1:8");
    }
}
