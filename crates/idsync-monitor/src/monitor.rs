//! The monitor: what it knows, and what is shared by its sweeps, its page and its messages.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use idsync::Client;
use idsync::health::Report;
use jiff::Timestamp;
use tokio::sync::{Notify, watch};

use crate::cluster_key::ClusterKey;
use crate::episodes::Episodes;
use crate::fleet::{Fleet, KnownCluster};
use crate::web::Rendered;
use crate::{MonitorError, Settings, Store};

/// The time of the services.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Upper bounds of the histogram of sweep durations, in seconds.
pub(crate) const DURATION_BUCKETS: [f64; 9] =
    [0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0];

/// The loop hangs if no sweep has begun or ended for so many intervals.
const MOST_INTERVALS: u32 = 10;

/// A shorter interval counts as this long, because a sweep may take longer.
const SHORTEST_INTERVAL: Duration = Duration::from_secs(60);

/// Watches clusters: makes sweeps, stores what changes, and sends alerts.
pub struct Monitor {
    pub(crate) settings: Settings,
    pub(crate) store: Store,
    /// One for each connection; projects of one user share it.
    pub(crate) clients: Vec<Client>,
    pub(crate) state: Mutex<State>,
    pub(crate) counters: Mutex<Counters>,
    snapshot: Mutex<Option<Arc<Snapshot>>>,
    clock: Mutex<Clock>,
    /// Wakes what delivers messages.
    pub(crate) has_messages: Notify,
    is_stopping: watch::Sender<bool>,
    /// When the loop last began or ended a sweep.
    pub(crate) ticked_at: Mutex<Instant>,
}

/// What a sweep builds on.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub(crate) fleet: Arc<Fleet>,
    /// By the name of the receiver.
    pub(crate) episodes: BTreeMap<String, Episodes>,
    /// When the newest run of each cluster started that is stored and has ended.
    pub(crate) newest_runs: Arc<HashMap<i64, Timestamp>>,
    /// A fingerprint of the tasks of each cluster.
    pub(crate) task_marks: Arc<HashMap<i64, u64>>,
    /// Requests that one asked cluster takes.
    pub(crate) cost: f64,
}

/// What the last sweep found.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) at: Timestamp,
    pub(crate) fleet: Arc<Fleet>,
    /// The report without its clusters, which are in `fleet`.
    pub(crate) report: Report,
    /// Whether a source of a project answered at least once.
    pub(crate) sources: BTreeMap<(String, &'static str), bool>,
    /// The whole report in JSON.
    pub(crate) report_text: Rendered,
    /// The metrics of the report.
    pub(crate) metrics_text: Rendered,
}

/// Numbers that only grow, and times of the last sweeps.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counters {
    /// Sweeps by outcome.
    pub(crate) sweeps: BTreeMap<&'static str, u64>,
    /// How many sweeps took no longer than each of [`DURATION_BUCKETS`].
    pub(crate) buckets: [u64; DURATION_BUCKETS.len()],
    /// How long all sweeps took.
    pub(crate) seconds: f64,
    pub(crate) sweep_count: u64,
    pub(crate) write_failures: u64,
    pub(crate) last_sweep_at: Option<Timestamp>,
    pub(crate) last_complete_at: Option<Timestamp>,
    /// Deliveries by receiver and outcome.
    pub(crate) notifications: BTreeMap<(String, &'static str), u64>,
}

impl Monitor {
    /// Goes on where the history of `store` ends. `clients` has one client of each connection. A store of one shard has no
    /// receivers: only `idsync serve` sends alerts.
    ///
    /// # Errors
    ///
    /// If the history cannot be read.
    pub fn new(
        mut settings: Settings,
        store: Store,
        clients: Vec<Client>,
    ) -> Result<Self, MonitorError> {
        if !store.shard.is_whole() {
            settings.receivers.clear();
        }
        let monitor = Self {
            settings,
            store,
            clients,
            state: Mutex::default(),
            counters: Mutex::default(),
            snapshot: Mutex::default(),
            clock: Mutex::new(Arc::new(Timestamp::now)),
            has_messages: Notify::new(),
            is_stopping: watch::Sender::new(false),
            ticked_at: Mutex::new(Instant::now()),
        };
        monitor.load()?;
        Ok(monitor)
    }

    /// Reads what is stored in place of what is known.
    fn load(&self) -> Result<(), MonitorError> {
        let reader = self.store.reader();
        let mut state = State {
            fleet: Arc::new(reader.fleet()?.within(self.store.shard)),
            newest_runs: Arc::new(reader.newest_runs()?),
            cost: 1.5,
            ..State::default()
        };
        for receiver in &self.settings.receivers {
            let episodes = Episodes::of(reader.episodes(&receiver.name)?);
            state.episodes.insert(receiver.name.clone(), episodes);
        }
        let last = reader.last_sweeps()?;
        let mut counters = lock(&self.counters);
        (counters.last_sweep_at, counters.last_complete_at) = last;
        drop(counters);
        *lock(&self.state) = state;
        Ok(())
    }

    /// Reads and shows what is stored in place of what is known.
    pub(crate) fn reload(&self) -> Result<(), MonitorError> {
        self.load()?;
        let fleet = Arc::clone(&lock(&self.state).fleet);
        if let Some((at, report)) = self.store.reader().last_report(&fleet)? {
            self.publish(at, fleet, report, BTreeMap::new());
        }
        Ok(())
    }

    /// Whether this process sweeps and sends alerts; if not, another one does.
    pub fn is_leading(&self) -> bool {
        self.store.writer.is_leading()
    }

    /// Waits for what uses the history, outside the threads of the runtime.
    pub(crate) async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, MonitorError> + Send + 'static,
    ) -> Result<T, MonitorError> {
        let monitor = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || work(&monitor)).await;
        done.unwrap_or_else(|error| {
            let message = "the history could not be used";
            Err(MonitorError::caused(message, error))
        })
    }

    /// How many clusters of each verdict the last sweep found, in words.
    pub fn summary(&self) -> String {
        let Some(snapshot) = self.snapshot() else {
            return "no sweep yet".to_owned();
        };
        let counts = snapshot.report.counts.iter().rev();
        let counts = counts.map(|(verdict, count)| format!("{count} {verdict}"));
        let counts: Vec<_> = counts.collect();
        if counts.is_empty() {
            return "no clusters".to_owned();
        }
        counts.join(", ")
    }

    /// The time of the services.
    pub(crate) fn now(&self) -> Timestamp {
        let clock = Arc::clone(&lock(&self.clock));
        clock()
    }

    pub(crate) fn set_clock(&self, clock: Clock) {
        *lock(&self.clock) = clock;
    }

    /// What the last sweep of this process found.
    pub(crate) fn snapshot(&self) -> Option<Arc<Snapshot>> {
        lock(&self.snapshot).clone()
    }

    pub(crate) fn publish(
        &self,
        at: Timestamp,
        fleet: Arc<Fleet>,
        report: Report,
        sources: BTreeMap<(String, &'static str), bool>,
    ) {
        *lock(&self.snapshot) = Some(Arc::new(Snapshot {
            at,
            fleet,
            report,
            sources,
            report_text: Rendered::default(),
            metrics_text: Rendered::default(),
        }));
    }

    /// Ends the sweep in progress without storing it, and makes the probe of readiness fail.
    pub fn stop(&self) {
        self.is_stopping.send_replace(true);
    }

    pub(crate) fn is_stopping(&self) -> bool {
        *self.is_stopping.borrow()
    }

    /// Waits until the monitor stops.
    pub(crate) async fn stopped(&self) {
        let mut is_stopping = self.is_stopping.subscribe();
        // It cannot fail: the sender is in this monitor.
        let _ = is_stopping.wait_for(|is_stopping| *is_stopping).await;
    }

    /// What is known of one cluster.
    pub(crate) fn known(&self, key: &ClusterKey) -> Option<Arc<KnownCluster>> {
        lock(&self.state).fleet.get(key).cloned()
    }

    /// Notes that the loop runs.
    pub(crate) fn tick(&self) {
        *lock(&self.ticked_at) = Instant::now();
    }

    /// Whether the loop makes sweeps; the health of the clusters never changes it.
    pub fn is_alive(&self) -> bool {
        let interval = self.settings.serve.interval.max(SHORTEST_INTERVAL);
        lock(&self.ticked_at).elapsed() <= interval.saturating_mul(MOST_INTERVALS)
    }

    /// Waits, unless the monitor stops first.
    pub(crate) async fn pause(&self, pause: Duration) {
        let _ = tokio::time::timeout(pause, self.stopped()).await;
    }

    pub(crate) fn count_notification(&self, receiver: &str, outcome: &'static str) {
        let counts = &mut lock(&self.counters).notifications;
        *counts.entry((receiver.to_owned(), outcome)).or_default() += 1;
    }
}

impl std::fmt::Debug for Monitor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Monitor")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
