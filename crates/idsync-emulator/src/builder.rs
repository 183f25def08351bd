//! How an emulator is set up.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use jiff::Timestamp;

use crate::auth::Auth;
use crate::clock::{InvalidTime, Pace};
use crate::emulator::Emulator;
use crate::faults::{Fault, InvalidFault};
use crate::scenario::{Generated, MAX_GENERATED_TASKS, Scenario};
use crate::state::{Behaviour, DataArtsOffset, DwsOffset};

/// Patience with slow callers unless told otherwise.
const PATIENCE: Duration = Duration::from_mins(1);

/// Sets up an [`Emulator`]. Made by [`Emulator::builder`].
#[derive(Clone, Debug)]
#[must_use = "nothing runs before `start`"]
pub struct Builder {
    pub(crate) listen: SocketAddr,
    pub(crate) scenario: Scenario,
    pub(crate) seed: u64,
    pub(crate) extra: Generated,
    pub(crate) behaviour: Behaviour,
    pub(crate) faults: Vec<Fault>,
    pub(crate) start_time: Option<Timestamp>,
    pub(crate) patience: Duration,
    pub(crate) time_scale: Option<f64>,
    pub(crate) is_stopped: bool,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            scenario: Scenario::demo(),
            seed: 1,
            extra: Generated::default(),
            behaviour: Behaviour::default(),
            faults: Vec::new(),
            start_time: None,
            patience: PATIENCE,
            time_scale: None,
            is_stopped: false,
        }
    }

    /// Address to listen on. Default: a free port of `127.0.0.1`.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Whether credentials are checked. Default: [`Auth::Strict`].
    pub fn auth(mut self, auth: Auth) -> Self {
        self.behaviour.auth = auth;
        self
    }

    /// What is played. Default: [`Scenario::demo`].
    pub fn scenario(mut self, scenario: Scenario) -> Self {
        self.scenario = scenario;
        self
    }

    /// Where ids, tokens, generated data and shares of faults follow from. Default: 1.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Time that passes before each answer of a service. Default: none.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.behaviour.latency = latency;
        self
    }

    /// Adds so many generated tasks, each with a cluster, to the first workspace: at most
    /// [`MAX_GENERATED_TASKS`](crate::MAX_GENERATED_TASKS). Default: as in the scenario.
    ///
    /// They are computed when asked for, so their number costs next to nothing.
    pub fn tasks(mut self, count: u32) -> Self {
        self.extra.tasks = Some(count);
        self
    }

    /// Gives the first DWS cluster exactly so many records: the scenario's, then generated ones from longer ago. Default: the
    /// scenario's.
    pub fn records(mut self, count: u64) -> Self {
        self.extra.records = Some(count);
        self
    }

    /// How DWS reads `offset`. Default: [`DwsOffset::Page`].
    pub fn dws_offset(mut self, mode: DwsOffset) -> Self {
        self.behaviour.dws_offset = mode;
        self
    }

    /// How DataArts Studio reads `offset`. Default: [`DataArtsOffset::Exact`].
    pub fn dataarts_offset(mut self, mode: DataArtsOffset) -> Self {
        self.behaviour.dataarts_offset = mode;
        self
    }

    /// Adds a fault that is in force from the start.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// What both clocks of the emulator show at the start. Default: the start of the scenario for the clock of the services, if
    /// it has one, else the time.
    ///
    /// With a fixed start and a clock that is stopped the answers are the same bytes in every run. Signatures and tokens are
    /// checked by the gateway's clock, which runs on from here at the speed of time whatever happens to the other one: a
    /// caller who signs by another time is refused.
    pub fn start_time(mut self, time: Timestamp) -> Self {
        self.start_time = Some(time);
        self
    }

    /// How long a caller may take to send the head of a request, or its body, and a connection may be idle. Default: a minute.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Seconds that pass at the services in one second of real time: above 0, at most
    /// [`MAX_TIME_SCALE`](crate::MAX_TIME_SCALE). Default: that of the scenario,
    /// else 1.
    pub fn time_scale(mut self, scale: f64) -> Self {
        self.time_scale = Some(scale);
        self
    }

    /// Stops the clock of the services at its start: it moves by [`Emulator::advance`] and [`Emulator::set_time`] only.
    pub fn stopped_clock(mut self) -> Self {
        self.is_stopped = true;
        self
    }

    pub(crate) fn check_tasks(&self) -> Result<(), StartError> {
        match self.extra.tasks {
            Some(count) if count > MAX_GENERATED_TASKS => Err(StartError::Tasks { count }),
            _ => Ok(()),
        }
    }

    pub(crate) fn pace(&self) -> Pace {
        let own = self.scenario.pace;
        Pace {
            start: self.start_time.or(own.start),
            scale: self.time_scale.unwrap_or(own.scale),
            running: own.running && !self.is_stopped,
        }
    }

    /// Binds the address and serves until the emulator is stopped or dropped.
    ///
    /// # Errors
    ///
    /// [`StartError`] if the address can not be bound, a fault can not be carried out, the scale of time is out of
    /// range, or too many tasks are to be generated.
    pub async fn start(self) -> Result<Emulator, StartError> {
        Emulator::start(self).await
    }
}

/// The emulator could not be started.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// The address could not be bound.
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// A fault can not be carried out.
    Fault(InvalidFault),
    /// The clock can not run like that.
    Clock(InvalidTime),
    /// More tasks than can be listed.
    Tasks {
        /// How many were asked for.
        count: u32,
    },
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen { address, .. } => {
                write!(
                    f,
                    "can not listen on {address}; port 0 takes any that is free"
                )
            }
            Self::Fault(_) => f.write_str("a fault can not be carried out"),
            Self::Clock(_) => f.write_str("the clock can not run like that"),
            Self::Tasks { count } => write!(
                f,
                "at most {MAX_GENERATED_TASKS} tasks are generated, not {count}"
            ),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen { source, .. } => Some(source),
            Self::Fault(source) => Some(source),
            Self::Clock(source) => Some(source),
            Self::Tasks { .. } => None,
        }
    }
}
