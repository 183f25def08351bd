//! Configuration of an emulator, and the error for a wrong one.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp;

use crate::auth::Auth;
use crate::clock::ClockSettings;
use crate::faults::Fault;
use crate::scenario::Scenario;
use crate::scenario::form::GeneratedForm;

/// Configures an [`Emulator`](crate::Emulator). Created by [`Emulator::builder`](crate::Emulator::builder).
///
/// Services on a stopped clock, which give the same responses in every run:
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
/// use idsync_emulator::{Emulator, Scenario};
///
/// let emulator = Emulator::builder()
///     .scenario(Scenario::named("healthy")?)
///     .start_time("2026-05-01T10:00:00Z".parse()?)
///     .stopped_clock()
///     .start()
///     .await?;
/// emulator.advance(Duration::from_secs(3 * 3_600));
/// assert_eq!(emulator.now().to_string(), "2026-05-01T13:00:00Z");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "nothing runs before `start`"]
pub struct EmulatorBuilder {
    pub(crate) listen: Option<SocketAddr>,
    pub(crate) scenario: Option<Scenario>,
    pub(crate) seed: Option<u64>,
    pub(crate) auth: Auth,
    pub(crate) latency: Duration,
    pub(crate) generated: GeneratedForm,
    pub(crate) faults: Vec<Fault>,
    pub(crate) clock: ClockSettings,
    pub(crate) dataarts_offset: Option<OffsetUnit>,
    pub(crate) dws_offset: Option<OffsetUnit>,
}

impl EmulatorBuilder {
    /// Address to listen on. Default: a free port of `127.0.0.1`.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = Some(address);
        self
    }

    /// Whether credentials are checked. Default: [`Auth::Strict`].
    pub fn auth(mut self, auth: Auth) -> Self {
        self.auth = auth;
        self
    }

    /// The scenario. Default: the built-in `demo`.
    pub fn scenario(mut self, scenario: Scenario) -> Self {
        self.scenario = Some(scenario);
        self
    }

    /// Seed of ids, tokens, generated data and [`Fault::share`]. Default: 1.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Pause before each response of a service. Default: none.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// Number of generated tasks, each with a cluster, in the first workspace: at most
    /// [`MAX_GENERATED_TASKS`](crate::MAX_GENERATED_TASKS). Default: as in the scenario.
    pub fn tasks(mut self, count: u32) -> Self {
        self.generated.tasks = Some(count);
        self
    }

    /// Number of records of the first DWS cluster: the scenario's and generated older ones. Default: the scenario's.
    pub fn records(mut self, count: u64) -> Self {
        self.generated.records = Some(count);
        self
    }

    /// Unit of `offset` at DWS. Default: pages, as the reference page says.
    pub fn dws_offset(mut self, unit: OffsetUnit) -> Self {
        self.dws_offset = Some(unit);
        self
    }

    /// Unit of `offset` at DataArts Studio. Default: items, as the reference page says.
    pub fn dataarts_offset(mut self, unit: OffsetUnit) -> Self {
        self.dataarts_offset = Some(unit);
        self
    }

    /// Adds a fault that is active from the start.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Time of both clocks at the start. Default: the machine's time; for the services' clock, the start in the scenario if it has
    /// one.
    ///
    /// Signatures and tokens are checked by the gateway's clock, which always runs at normal speed from this start: clients must
    /// sign by it.
    pub fn start_time(mut self, time: Timestamp) -> Self {
        self.clock.start = Some(time);
        self
    }

    /// Seconds that pass at the services in one second of real time: above 0, at most
    /// [`MAX_TIME_SCALE`](crate::MAX_TIME_SCALE). Default: as in the scenario, else 1.
    pub fn time_scale(mut self, scale: f64) -> Self {
        self.clock.scale = Some(scale);
        self
    }

    /// Stops the services' clock at the start: only [`Emulator::advance`](crate::Emulator::advance) and
    /// [`Emulator::set_time`](crate::Emulator::set_time) move it. Default: as in the
    /// scenario, else it runs.
    pub fn stopped_clock(mut self) -> Self {
        self.clock.running = Some(false);
        self
    }
}

/// Unit of `offset`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OffsetUnit {
    /// Items.
    Items,
    /// Items, rounded down to a multiple of `limit`, as sibling operations of DataArts Studio do.
    FlooredItems,
    /// Pages of `limit` items.
    Pages,
}

/// An invalid setting, fault, time or scenario, or an address that cannot be listened on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmulatorError(String);

impl From<String> for EmulatorError {
    fn from(message: String) -> Self {
        Self(message)
    }
}

impl fmt::Display for EmulatorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for EmulatorError {}
