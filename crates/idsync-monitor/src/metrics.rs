//! Metrics in the text format of Prometheus, version 0.0.4. Their names and helps are in the templates.

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::io;
use std::sync::Arc;

use askama::Template;
use idsync::health::{ClusterHealth, Report, Verdict};
use idsync::{RequestCounts, Service};
use jiff::Timestamp;

use crate::cluster_key::ClusterKey;
use crate::fleet::KnownCluster;
use crate::monitor::{Counters, DURATION_BUCKETS, Monitor, Snapshot, lock};
use crate::settings::PerCluster;
use crate::store::OutboxEntry;

/// What every response begins with.
const BUILD_INFO: &str = concat!(
    "# HELP idsync_build_info Version of idsync; always 1.\n",
    "# TYPE idsync_build_info gauge\n",
    "idsync_build_info{version=\"",
    env!("CARGO_PKG_VERSION"),
    "\"} 1\n"
);

/// The metrics of a report.
#[derive(Template)]
#[template(path = "report.txt")]
struct ReportMetrics<'a> {
    report: &'a Report,
    /// By project and type of cluster.
    counts: BTreeMap<(&'a str, &'a str), BTreeMap<Verdict, u64>>,
    /// By project, source and kind of error.
    problems: BTreeMap<(&'a str, &'a str, &'a str), u64>,
    clusters: Vec<&'a ClusterMetrics<'a>>,
}

/// The metrics of the monitor itself.
#[derive(Template)]
#[template(path = "monitor.txt")]
struct MonitorMetrics<'a> {
    monitor: &'a Monitor,
    snapshot: Option<Arc<Snapshot>>,
    counters: Counters,
    requests: [(Service, RequestCounts); 4],
    outbox: Vec<OutboxEntry>,
}

struct ClusterMetrics<'a> {
    key: ClusterKey,
    /// The labels that all metrics of the cluster have.
    labels: String,
    health: &'a ClusterHealth,
    unwell_since: Option<Timestamp>,
    asked_at: Option<Timestamp>,
}

/// The value of a label.
struct Label<'a>(&'a str);

impl fmt::Display for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '\\' => f.write_str("\\\\")?,
                '"' => f.write_str("\\\"")?,
                '\n' => f.write_str("\\n")?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}

impl<'a> ClusterMetrics<'a> {
    fn of(key: ClusterKey, health: &'a ClusterHealth, known: Option<&KnownCluster>) -> Self {
        let labels = format!(
            "project_id=\"{}\",cluster_id=\"{}\",cluster_type=\"{}\"",
            Label(&key.project_id),
            Label(&key.cluster_id),
            Label(&key.cluster_type)
        );
        Self {
            key,
            labels,
            health,
            unwell_since: known.and_then(|known| known.unwell_since),
            asked_at: known.and_then(|known| known.asked_at),
        }
    }

    fn is_shown(&self, per_cluster: PerCluster) -> bool {
        let verdict = self.health.verdict;
        match per_cluster {
            PerCluster::All => true,
            PerCluster::Unwell => self.unwell_since.is_some() || verdict == Verdict::Unknown,
            PerCluster::None => false,
        }
    }
}

impl<'a> ReportMetrics<'a> {
    fn of(report: &'a Report, all: &'a [ClusterMetrics<'a>], per_cluster: PerCluster) -> Self {
        let mut counts: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        for cluster in all {
            let key = (&*cluster.key.project_id, &*cluster.key.cluster_type);
            let none = || Verdict::ALL.map(|verdict| (verdict, 0)).into();
            let counts = counts.entry(key).or_insert_with(none);
            *counts.entry(cluster.health.verdict).or_default() += 1;
        }
        let mut problems: BTreeMap<_, u64> = BTreeMap::new();
        for problem in &report.problems {
            let project_id = problem.project_id.as_deref().unwrap_or_default();
            let kind = problem.error.kind.as_str();
            let key = (project_id, problem.source.as_str(), kind);
            *problems.entry(key).or_default() += 1;
        }
        let shown = all.iter().filter(|cluster| cluster.is_shown(per_cluster));
        Self {
            report,
            counts,
            problems,
            clusters: shown.collect(),
        }
    }
}

/// The metrics of one report, for the textfile collector of the node exporter.
pub fn textfile(report: &Report) -> String {
    let clusters = report.clusters.iter();
    let clusters = clusters.map(|health| ClusterMetrics::of(ClusterKey::of(health), health, None));
    let clusters: Vec<_> = clusters.collect();
    rendered(&ReportMetrics::of(report, &clusters, PerCluster::All))
}

/// No template here can fail: each writes to a string, and none calls what can.
fn rendered(metrics: &impl Template) -> String {
    BUILD_INFO.to_owned() + &metrics.render().unwrap_or_default()
}

impl Snapshot {
    /// When the cluster that was asked longest ago was last asked.
    pub(crate) fn oldest_answer(&self) -> Option<Timestamp> {
        let clusters = self.fleet.present();
        clusters.filter_map(|cluster| cluster.asked_at).min()
    }
}

impl MonitorMetrics<'_> {
    fn pending(&self, receiver: &str) -> usize {
        let waiting = self.outbox.iter();
        waiting.filter(|entry| entry.receiver == receiver).count()
    }
}

impl Monitor {
    /// Writes the metrics of what a sweep found.
    pub(crate) fn report_metrics(
        &self,
        snapshot: &Snapshot,
        writer: &mut impl io::Write,
    ) -> io::Result<()> {
        let clusters = snapshot.fleet.present();
        let clusters =
            clusters.map(|known| ClusterMetrics::of(known.key.clone(), &known.health, Some(known)));
        let clusters: Vec<_> = clusters.collect();
        let per_cluster = self.settings.serve.per_cluster;
        ReportMetrics::of(&snapshot.report, &clusters, per_cluster).write_into(writer)
    }

    /// The metrics of the monitor itself.
    pub(crate) fn own_metrics(&self) -> String {
        let counters = lock(&self.counters).clone();
        rendered(&MonitorMetrics {
            monitor: self,
            snapshot: self.snapshot(),
            counters,
            requests: Service::ALL.map(|service| (service, self.request_counts(service))),
            outbox: self.store.reader().outbox().unwrap_or_default(),
        })
    }

    /// The requests to one service, of all connections.
    pub(crate) fn request_counts(&self, service: Service) -> RequestCounts {
        let mut totals = RequestCounts::default();
        for client in &self.clients {
            let counts = client.request_counts(service);
            totals.answered += counts.answered;
            totals.throttled += counts.throttled;
            totals.failed += counts.failed;
            totals.waited += counts.waited;
        }
        totals
    }
}
