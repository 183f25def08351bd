//! How an emulator is set up.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use jiff::Timestamp;

use crate::auth::Auth;
use crate::clock::ClockSettings;
use crate::error::EmulatorError;
use crate::faults::Fault;
use crate::paging::{OffsetUnit, Paging};
use crate::scenario::Scenario;
use crate::scenario::form::GeneratedForm;
use crate::server::Emulator;

/// Sets up an [`Emulator`]. Made by [`Emulator::builder`].
#[derive(Clone, Debug)]
#[must_use = "nothing runs before `start`"]
pub struct EmulatorBuilder {
    pub(crate) listen: SocketAddr,
    pub(crate) scenario: Option<Scenario>,
    pub(crate) seed: u64,
    pub(crate) auth: Auth,
    pub(crate) latency: Duration,
    pub(crate) generated: GeneratedForm,
    pub(crate) faults: Vec<Fault>,
    pub(crate) start_time: Option<Timestamp>,
    time_scale: Option<f64>,
    is_stopped: bool,
    pub(crate) tasks_paging: Option<Paging>,
    pub(crate) records_paging: Option<Paging>,
}

impl Default for EmulatorBuilder {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            scenario: None,
            seed: 1,
            auth: Auth::default(),
            latency: Duration::ZERO,
            generated: GeneratedForm::default(),
            faults: Vec::new(),
            start_time: None,
            time_scale: None,
            is_stopped: false,
            tasks_paging: None,
            records_paging: None,
        }
    }
}

impl EmulatorBuilder {
    /// Address to listen on. Default: a free port of `127.0.0.1`.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Whether credentials are checked. Default: [`Auth::Strict`].
    pub fn auth(mut self, auth: Auth) -> Self {
        self.auth = auth;
        self
    }

    /// The state of the services. Default: the built-in scenario `demo`.
    pub fn scenario(mut self, scenario: Scenario) -> Self {
        self.scenario = Some(scenario);
        self
    }

    /// Ids, tokens, generated data and shares of faults follow from it. Default: 1.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Time that passes before each answer of a service. Default: none.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// Adds so many generated tasks, each with a cluster, to the first workspace: at most
    /// [`MAX_GENERATED_TASKS`](crate::MAX_GENERATED_TASKS). Default: as in the scenario.
    pub fn tasks(mut self, count: u32) -> Self {
        self.generated.tasks = Some(count);
        self
    }

    /// Gives the first DWS cluster exactly so many records: the scenario's, then generated ones from longer ago. Default: the
    /// scenario's.
    pub fn records(mut self, count: u64) -> Self {
        self.generated.records = Some(count);
        self
    }

    /// What DWS counts in `offset`; the rest of its paging is as documented. Default: as in the scenario, else pages.
    pub fn dws_offset(self, unit: OffsetUnit) -> Self {
        self.records_paging(Paging::counting(unit))
    }

    /// What DataArts Studio counts in `offset`; the rest of its paging is as documented. Default: as in the scenario, else items.
    pub fn dataarts_offset(self, unit: OffsetUnit) -> Self {
        self.tasks_paging(Paging::counting(unit))
    }

    /// How DWS cuts records into pages. Default: as in the scenario.
    pub fn records_paging(mut self, paging: Paging) -> Self {
        self.records_paging = Some(paging);
        self
    }

    /// How DataArts Studio cuts tasks into pages. Default: as in the scenario.
    pub fn tasks_paging(mut self, paging: Paging) -> Self {
        self.tasks_paging = Some(paging);
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

    /// Seconds that pass at the services in one second of real time: above 0, at most
    /// [`MAX_TIME_SCALE`](crate::MAX_TIME_SCALE). Default: that of the scenario, else 1.
    pub fn time_scale(mut self, scale: f64) -> Self {
        self.time_scale = Some(scale);
        self
    }

    /// Stops the clock of the services at its start: it moves by [`Emulator::advance`] and [`Emulator::set_time`] only.
    pub fn stopped_clock(mut self) -> Self {
        self.is_stopped = true;
        self
    }

    /// Binds the address and serves until the emulator is stopped or dropped.
    ///
    /// # Errors
    ///
    /// If the address cannot be bound, a fault cannot be carried out, the scale of time is out of range, or too many tasks are
    /// to be generated.
    pub async fn start(self) -> Result<Emulator, EmulatorError> {
        Emulator::start(self).await
    }

    /// The settings of the clock over those of the scenario.
    pub(crate) fn clock(&self, scenario: &Scenario) -> ClockSettings {
        let own = scenario.clock();
        ClockSettings {
            start: self.start_time.or(own.start),
            scale: self.time_scale.unwrap_or(own.scale),
            running: own.running && !self.is_stopped,
        }
    }
}
