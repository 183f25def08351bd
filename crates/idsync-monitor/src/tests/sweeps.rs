//! Sweeps of an emulator.

use std::sync::Arc;
use std::time::Duration;

use idsync::health::{Checker, Rules, Verdict};
use idsync::{Client, Credentials};
use idsync_emulator::{Emulator, Fault, FaultKind, Operation, Scenario};
use tempfile::TempDir;

use super::given::store;
use crate::monitor::Clock;
use crate::{Budget, Monitor, Settings, Shard, Store, StoreLocation, SweepOutcome};

/// A monitor of an emulator whose clock stands still.
pub(super) struct Session {
    pub(super) emulator: Arc<Emulator>,
    pub(super) monitor: Arc<Monitor>,
    pub(super) client: Client,
    pub(super) folder: TempDir,
}

impl Session {
    pub(super) async fn start(scenario: &str, settings: Settings) -> Self {
        let scenario = match Scenario::named(scenario) {
            Ok(scenario) => scenario,
            Err(_) => Scenario::from_yaml(scenario, "test").unwrap(),
        };
        let emulator = Emulator::builder().scenario(scenario).stopped_clock();
        Self::of(emulator.start().await.unwrap(), settings)
    }

    /// A monitor of a generated fleet with so many tasks.
    pub(super) async fn generated(tasks: u32, settings: Settings) -> Self {
        let scenario = Scenario::named("fleet-10k").unwrap();
        let emulator = Emulator::builder().scenario(scenario).tasks(tasks);
        Self::of(emulator.stopped_clock().start().await.unwrap(), settings)
    }

    fn of(emulator: Emulator, settings: Settings) -> Self {
        let ready = emulator.ready();
        let client = Client::builder()
            .endpoint(emulator.url())
            .project_id(&*ready.project_id)
            .credentials(Credentials::token(&*ready.token))
            .retries(0);
        let client = client.build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let monitor = Monitor::new(settings, store(folder.path()), vec![client.clone()]).unwrap();
        Self {
            emulator: Arc::new(emulator),
            monitor: Arc::new(monitor),
            client,
            folder,
        }
    }

    fn clock(&self) -> Clock {
        let emulator = Arc::clone(&self.emulator);
        Arc::new(move || emulator.now())
    }

    pub(super) async fn sweep(&self) -> SweepOutcome {
        self.sweep_by(self.client.rules().clone()).await
    }

    /// A sweep with other rules than those of the client.
    pub(super) async fn sweep_by(&self, rules: Rules) -> SweepOutcome {
        let workspaces = self.emulator.workspaces().iter();
        let checker = self.client.health().rules(rules);
        let checker = workspaces.fold(checker, |checker, id| checker.workspace(id.as_str()));
        self.sweep_with(checker).await
    }

    async fn sweep_with(&self, checker: Checker) -> SweepOutcome {
        let clock = self.clock();
        let checker = checker.clock(move || clock());
        self.monitor.sweep(checker, self.clock()).await.unwrap()
    }

    /// A new process that goes on with the same history.
    pub(super) fn restart(self) -> Self {
        self.restart_as(Shard::default())
    }

    fn restart_as(self, shard: Shard) -> Self {
        let settings = self.monitor.settings.clone();
        drop(self.monitor);
        let location = StoreLocation::from(self.folder.path().join("history.db"));
        let store = Store::open_shard(&location, shard).unwrap();
        let monitor = Monitor::new(settings, store, vec![self.client.clone()]).unwrap();
        Self {
            monitor: Arc::new(monitor),
            ..self
        }
    }

    pub(super) fn verdict(&self, name: &str) -> Verdict {
        let snapshot = self.monitor.snapshot().unwrap();
        let mut clusters = snapshot.fleet.present();
        let cluster = clusters.find(|cluster| cluster.title() == name);
        cluster.unwrap().verdict()
    }

    fn count(&self, verdict: Verdict) -> u64 {
        let snapshot = self.monitor.snapshot().unwrap();
        let count = snapshot.report.counts.get(&verdict);
        count.copied().unwrap_or_default()
    }

    /// The requests to clusters since the last call.
    fn asked(&self) -> usize {
        let requests = self.emulator.requests();
        self.emulator.reset_requests();
        let requests = requests.iter();
        let of_clusters = requests.filter(|request| request.path.contains("/clusters/"));
        of_clusters.count()
    }
}

fn limited(requests: usize) -> Settings {
    let mut settings = Settings::default();
    settings.serve.budget = Some(Budget {
        requests,
        per: settings.serve.interval,
    });
    settings
}

#[tokio::test]
async fn the_spells_of_an_outage_are_what_the_checks_of_the_facade_see() {
    let session = Session::start("outage", Settings::default()).await;
    let mut seen = Vec::new();
    for _ in 0..30 {
        session.sweep().await;
        let verdict = session.verdict("lake-mrs");
        if seen.last().is_none_or(|(_, last)| *last != verdict) {
            seen.push((session.emulator.now().as_second(), verdict));
        }
        session.emulator.advance(Duration::from_mins(5));
    }
    assert!(seen.len() >= 4, "{seen:?}");
    let from = jiff::Timestamp::UNIX_EPOCH;
    let histories = session.monitor.store.reader().histories("lake-mrs", from);
    let history = histories.unwrap().remove(0);
    let spells = history.spells.iter();
    let spells = spells.map(|spell| (spell.began_at.as_second(), spell.verdict));
    assert_eq!(spells.collect::<Vec<_>>(), seen);
    assert!(history.runs.iter().any(|run| run.succeeded == Some(false)));
}

#[tokio::test]
async fn a_budget_is_kept_and_every_cluster_is_asked_in_the_end() {
    let session = Session::generated(58, limited(20)).await;
    let mut never = Vec::new();
    for _ in 0..12 {
        session.emulator.reset_requests();
        assert_eq!(session.sweep().await, SweepOutcome::Complete);
        assert!(session.emulator.requests().len() <= 20);
        let snapshot = session.monitor.snapshot().unwrap();
        let clusters = snapshot.fleet.present();
        never.push(clusters.filter(|one| one.asked_at.is_none()).count());
        session.emulator.advance(Duration::from_mins(5));
    }
    assert!(never[0] >= 40, "{never:?}");
    assert_eq!(never.last(), Some(&0), "{never:?}");
}

#[tokio::test]
async fn the_last_answer_of_a_cluster_counts_until_it_is_too_old_also_after_a_restart() {
    let mut settings = limited(30);
    settings.serve.carry_max = Duration::from_hours(1);
    let session = Session::generated(18, settings.clone()).await;
    for _ in 0..4 {
        session.sweep().await;
    }
    let known = session.count(Verdict::Healthy);
    assert!(known > 0);
    let mut session = session.restart();
    let monitor = Arc::get_mut(&mut session.monitor).unwrap();
    // From here on no request is left for a cluster.
    monitor.settings.serve.budget = Some(Budget {
        requests: 1,
        per: settings.serve.interval,
    });
    session.asked();
    session.sweep().await;
    assert_eq!(
        (session.asked(), session.count(Verdict::Healthy)),
        (0, known)
    );
    session.emulator.advance(Duration::from_mins(61));
    session.sweep().await;
    assert_eq!(session.asked(), 0);
    let snapshot = session.monitor.snapshot().unwrap();
    let mut dws = snapshot
        .fleet
        .present()
        .filter(|one| one.key.cluster_type == "dws");
    assert!(dws.all(|one| one.health.reasons.iter().any(|reason| {
        reason.verdict == Verdict::Unknown && reason.message.contains("too long")
    })));
}

#[tokio::test]
async fn a_flag_that_is_true_at_every_look_for_too_long_is_stuck() {
    let yaml = "
workspaces: [w]
clusters:
  - name: lake-mrs
    type: MRS
    is_synchronizing: always
";
    let session = Session::start(yaml, Settings::default()).await;
    let id = &session.emulator.ready().clusters.mrs[0];
    let look = || async {
        let cluster = format!("mrs:{id}").parse().unwrap();
        session
            .sweep_with(session.client.health().cluster(cluster))
            .await;
        session.monitor.snapshot().unwrap().report.verdict
    };
    assert_eq!(look().await, Verdict::Running);
    session.emulator.advance(Duration::from_mins(34));
    assert_eq!(look().await, Verdict::Running);
    session.emulator.advance(Duration::from_mins(2));
    assert_eq!(look().await, Verdict::Stuck);
}

#[tokio::test]
async fn a_list_that_cannot_be_read_makes_its_clusters_unknown_and_not_gone() {
    let session = Session::start("outage", Settings::default()).await;
    assert_eq!(session.sweep().await, SweepOutcome::Complete);
    let fault = Fault::on(Operation::Tasks, FaultKind::status(500));
    session.emulator.add_fault(fault).unwrap();
    session.emulator.advance(Duration::from_mins(5));
    assert_eq!(session.sweep().await, SweepOutcome::Partial);
    assert_eq!(session.verdict("stream-mrs"), Verdict::Unknown);
    assert_eq!(
        session.monitor.snapshot().unwrap().fleet.present().count(),
        6
    );
}

#[tokio::test]
async fn a_shard_leaves_the_clusters_of_other_shards_alone_and_sends_no_alert() {
    let settings = Settings::parse(
        "[[receiver]]\nname = 'ops'\nformat = 'webhook'\nurl = 'http://127.0.0.1:9/'",
    )
    .unwrap();
    let session = Session::start("demo", settings).await;
    session.sweep().await;
    let reader = session.monitor.store.reader();
    let (before, messages) = (reader.fleet().unwrap(), reader.outbox().unwrap());
    assert!(!messages.is_empty());
    let own = session.emulator.ready().project_id.as_str();
    let shards = ["0/2", "1/2"].map(|shard| shard.parse::<Shard>().unwrap());
    let foreign = *shards.iter().find(|shard| !shard.has(own)).unwrap();
    session.emulator.advance(Duration::from_mins(5));
    let session = session.restart_as(foreign);
    let cluster = "dws:c1".parse().unwrap();
    let mut projects = ["a", "b", "c", "d"].into_iter();
    let project = projects.find(|id| foreign.has(id)).unwrap();
    let other = session.client.for_project(project).unwrap();
    session.sweep_with(other.health().cluster(cluster)).await;
    let reader = session.monitor.store.reader();
    let after = reader.fleet().unwrap();
    assert_eq!(after.present().count(), before.present().count() + 1);
    for known in before.present() {
        assert_eq!(after.get(&known.key), Some(known));
    }
    assert_eq!(reader.outbox().unwrap(), messages);
    // The project is given up: its shard has none.
    let sweep = session.monitor.sweep_nothing(session.clock());
    sweep.await.unwrap();
    let fleet = reader.fleet().unwrap();
    assert_eq!(fleet.present().count(), before.present().count());
}

#[tokio::test]
async fn a_stopped_monitor_stores_nothing_of_the_sweep_in_progress() {
    let session = Session::start("outage", Settings::default()).await;
    session.monitor.stop();
    assert_eq!(session.sweep().await, SweepOutcome::Stopped);
    assert_eq!(
        session.monitor.store.reader().last_sweeps().unwrap(),
        (None, None)
    );
}
