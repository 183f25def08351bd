//! Metrics in the text format of Prometheus, version 0.0.4.

use std::collections::BTreeMap;
use std::fmt::{Display, Write};
use std::sync::atomic::Ordering;

use idsync::Service;
use idsync::health::{ClusterHealth, Report, Verdict};
use jiff::Timestamp;

use crate::cluster_key::ClusterKey;
use crate::fleet::{KnownCluster, is_unwell};
use crate::monitor::{DURATION_BUCKETS, Monitor, Snapshot, lock};
use crate::settings::PerCluster;

/// Name, type and help of each family of one cluster, in the order in which they are written.
const CLUSTER_FAMILIES: [(&str, &str); 8] = [
    ("idsync_cluster_info", "Names of a cluster; always 1."),
    (
        "idsync_cluster_verdict",
        "The verdict of a cluster: 1 for the present one, absent for the others.",
    ),
    (
        "idsync_cluster_unwell_since_timestamp_seconds",
        "When the trouble that goes on began; a run in progress does not end it. Absent where all is well.",
    ),
    (
        "idsync_cluster_asked_timestamp_seconds",
        "When the cluster's own service last answered.",
    ),
    (
        "idsync_cluster_last_attempt_timestamp_seconds",
        "When a run last started. Absent where no service tells.",
    ),
    (
        "idsync_cluster_last_success_timestamp_seconds",
        "When a run last succeeded. Absent where no service tells.",
    ),
    (
        "idsync_cluster_next_due_timestamp_seconds",
        "When the next scheduled run is due. Absent without a schedule.",
    ),
    (
        "idsync_cluster_consecutive_failures",
        "Newest runs of DWS that failed one after another.",
    ),
];

/// What is shown of one cluster.
struct ClusterSample<'a> {
    key: ClusterKey,
    health: &'a ClusterHealth,
    unwell_since: Option<Timestamp>,
    asked_at: Option<Timestamp>,
}

impl<'a> From<&'a KnownCluster> for ClusterSample<'a> {
    fn from(known: &'a KnownCluster) -> Self {
        Self {
            key: known.key.clone(),
            health: &known.health,
            unwell_since: known.unwell_since,
            asked_at: known.asked_at,
        }
    }
}

/// The metrics of one report, for the textfile collector of the node exporter.
pub fn textfile(report: &Report) -> String {
    let mut text = Text::default();
    text.build_info();
    let clusters = report.clusters.iter().map(|health| ClusterSample {
        key: ClusterKey::of(health),
        health,
        unwell_since: None,
        asked_at: None,
    });
    let clusters: Vec<_> = clusters.collect();
    text.counts(&clusters);
    text.report(report);
    text.clusters(&clusters);
    text.0
}

impl Monitor {
    /// The metrics of the last sweep and of the monitor itself.
    pub(crate) fn metrics(&self) -> String {
        let mut text = Text::default();
        text.build_info();
        if let Some(snapshot) = self.snapshot() {
            text.snapshot(&snapshot, self.settings.serve.per_cluster);
        }
        self.write_sweeps(&mut text);
        self.write_requests(&mut text);
        self.write_own(&mut text);
        text.0
    }

    fn write_sweeps(&self, text: &mut Text) {
        let counts = lock(&self.counters.sweeps).clone();
        text.family(
            "idsync_sweeps_total",
            "counter",
            "Sweeps by how they ended.",
        );
        for outcome in ["complete", "partial", "stopped"] {
            let count = counts.outcomes.get(outcome).copied().unwrap_or(0);
            text.sample("idsync_sweeps_total", &[("outcome", outcome)], count);
        }
        let name = "idsync_sweep_duration_seconds";
        text.family(name, "histogram", "How long sweeps took.");
        let bucket = format!("{name}_bucket");
        for (bound, count) in DURATION_BUCKETS.iter().zip(counts.buckets) {
            text.sample(&bucket, &[("le", &bound.to_string())], count);
        }
        text.sample(&bucket, &[("le", "+Inf")], counts.count);
        text.sample(&format!("{name}_sum"), &[], counts.seconds);
        text.sample(&format!("{name}_count"), &[], counts.count);
        let interval = self.settings.serve.interval.as_secs_f64();
        text.gauge(
            "idsync_sweep_interval_seconds",
            "The interval between sweeps that is configured.",
            Some(interval),
        );
        text.gauge(
            "idsync_last_sweep_timestamp_seconds",
            "When a sweep last ended.",
            counts.last_at.map(seconds),
        );
        text.gauge(
            "idsync_last_complete_sweep_timestamp_seconds",
            "When a sweep that left nothing unasked last ended.",
            counts.last_complete_at.map(seconds),
        );
    }

    fn write_requests(&self, text: &mut Text) {
        let mut waits = Vec::new();
        text.family(
            "idsync_requests_total",
            "counter",
            "Requests to the services, attempts included.",
        );
        for service in Service::ALL {
            let counts: Vec<_> = self
                .clients
                .iter()
                .map(|client| client.request_counts(service))
                .collect();
            for (outcome, count) in [
                (
                    "answered",
                    counts.iter().map(|count| count.answered).sum::<u64>(),
                ),
                (
                    "throttled",
                    counts.iter().map(|count| count.throttled).sum(),
                ),
                ("failed", counts.iter().map(|count| count.failed).sum()),
            ] {
                let labels = [("source", service.as_str()), ("outcome", outcome)];
                text.sample("idsync_requests_total", &labels, count);
            }
            let waited: f64 = counts.iter().map(|count| count.waited.as_secs_f64()).sum();
            waits.push((service, waited));
        }
        let name = "idsync_request_wait_seconds_total";
        text.family(
            name,
            "counter",
            "Time that requests waited for a place under a rate limit.",
        );
        for (service, waited) in waits {
            text.sample(name, &[("source", service.as_str())], waited);
        }
    }

    fn write_own(&self, text: &mut Text) {
        let failures = self.counters.write_failures.load(Ordering::Relaxed);
        let name = "idsync_history_write_failures_total";
        text.family(name, "counter", "Sweeps whose results could not be stored.");
        text.sample(name, &[], failures);
        let bytes = self.store.reader().bytes();
        text.gauge(
            "idsync_history_bytes",
            "Size of the stored history.",
            Some(bytes),
        );
        let name = "idsync_notifications_total";
        text.family(name, "counter", "Deliveries by receiver and outcome.");
        for ((receiver, outcome), count) in lock(&self.counters.notifications).iter() {
            text.sample(name, &[("receiver", receiver), ("outcome", outcome)], count);
        }
        let name = "idsync_notifications_pending";
        text.family(name, "gauge", "Deliveries that wait or are retried.");
        let waiting = self.store.reader().outbox().unwrap_or_default();
        for receiver in &self.settings.receivers {
            let waiting = waiting
                .iter()
                .filter(|entry| entry.receiver == receiver.name);
            text.sample(name, &[("receiver", &receiver.name)], waiting.count());
        }
        let is_leading = u8::from(self.is_leading());
        text.gauge(
            "idsync_leader",
            "Whether this instance sweeps.",
            Some(is_leading),
        );
    }
}

/// Families and their samples, one after another.
#[derive(Default)]
struct Text(String);

impl Text {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a string cannot fail.
        let _ = write!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        self.0.push_str(name);
        for (position, (label, text)) in labels.iter().enumerate() {
            let _ = write!(
                self.0,
                "{}{label}=\"",
                if position == 0 { '{' } else { ',' }
            );
            for character in text.chars() {
                match character {
                    '\\' => self.0.push_str("\\\\"),
                    '"' => self.0.push_str("\\\""),
                    '\n' => self.0.push_str("\\n"),
                    other => self.0.push(other),
                }
            }
            self.0.push('"');
        }
        let end = if labels.is_empty() { "" } else { "}" };
        let _ = writeln!(self.0, "{end} {value}");
    }

    /// A family of one sample; of none where there is no value.
    fn gauge(&mut self, name: &str, help: &str, value: Option<impl Display>) {
        self.family(name, "gauge", help);
        if let Some(value) = value {
            self.sample(name, &[], value);
        }
    }

    fn build_info(&mut self) {
        let name = "idsync_build_info";
        self.family(name, "gauge", "Version of idsync; always 1.");
        self.sample(name, &[("version", env!("CARGO_PKG_VERSION"))], 1);
    }

    fn snapshot(&mut self, snapshot: &Snapshot, per_cluster: PerCluster) {
        let clusters = snapshot.fleet.present();
        let mut clusters: Vec<_> = clusters
            .map(|known| ClusterSample::from(&**known))
            .collect();
        self.counts(&clusters);
        self.report(&snapshot.report);
        let name = "idsync_source_up";
        self.family(
            name,
            "gauge",
            "Whether the service answered at least once in the last sweep.",
        );
        for ((project_id, source), is_up) in &snapshot.sources {
            let labels = [("project_id", project_id.as_str()), ("source", source)];
            self.sample(name, &labels, u8::from(*is_up));
        }
        let asked = clusters.iter().filter_map(|cluster| cluster.asked_at);
        let oldest = asked.min();
        clusters.retain(|cluster| match per_cluster {
            PerCluster::All => true,
            PerCluster::Unwell => {
                cluster.unwell_since.is_some()
                    || is_unwell(cluster.health.verdict)
                    || cluster.health.verdict == Verdict::Unknown
            }
            PerCluster::None => false,
        });
        self.clusters(&clusters);
        self.gauge(
            "idsync_oldest_answer_timestamp_seconds",
            "When the cluster that was asked longest ago was last asked.",
            oldest.map(seconds),
        );
    }

    fn counts(&mut self, clusters: &[ClusterSample<'_>]) {
        let mut counts: BTreeMap<(&str, &str), [u64; Verdict::ALL.len()]> = BTreeMap::new();
        for cluster in clusters {
            let key = &cluster.key;
            let counts = counts
                .entry((&key.project_id, &key.cluster_type))
                .or_default();
            let verdicts = counts.iter_mut().zip(Verdict::ALL);
            for (count, verdict) in verdicts {
                *count += u64::from(verdict == cluster.health.verdict);
            }
        }
        let name = "idsync_clusters";
        self.family(name, "gauge", "Clusters by their verdict.");
        for ((project_id, cluster_type), counts) in counts {
            for (verdict, count) in Verdict::ALL.into_iter().zip(counts) {
                let labels = [
                    ("project_id", project_id),
                    ("cluster_type", cluster_type),
                    ("verdict", verdict.as_str()),
                ];
                self.sample(name, &labels, count);
            }
        }
    }

    fn report(&mut self, report: &Report) {
        let name = "idsync_clusters_ignored";
        self.family(name, "gauge", "Clusters that a rule leaves out.");
        let project_id = report.project_id.as_deref().unwrap_or_default();
        self.sample(name, &[("project_id", project_id)], report.ignored);
        let name = "idsync_problems";
        self.family(
            name,
            "gauge",
            "Questions of the last sweep that got no usable answer.",
        );
        let mut counts: BTreeMap<_, u64> = BTreeMap::new();
        for problem in &report.problems {
            let project_id = problem.project_id.as_deref().unwrap_or_default();
            let place = (
                project_id,
                problem.source.as_str(),
                problem.error.kind.as_str(),
            );
            *counts.entry(place).or_default() += 1;
        }
        for ((project_id, source, kind), count) in counts {
            let labels = [
                ("project_id", project_id),
                ("source", source),
                ("kind", kind),
            ];
            self.sample(name, &labels, count);
        }
    }

    fn clusters(&mut self, clusters: &[ClusterSample<'_>]) {
        for (position, (name, help)) in CLUSTER_FAMILIES.iter().enumerate() {
            self.family(name, "gauge", help);
            for cluster in clusters {
                self.cluster(name, position, cluster);
            }
        }
    }

    fn cluster(&mut self, name: &str, family: usize, cluster: &ClusterSample<'_>) {
        let (key, health) = (&cluster.key, cluster.health);
        let mut labels = vec![
            ("project_id", key.project_id.as_str()),
            ("cluster_id", key.cluster_id.as_str()),
            ("cluster_type", key.cluster_type.as_str()),
        ];
        let time = |time: Option<Timestamp>| time.map(|time| seconds(time).to_string());
        let value = match family {
            0 => {
                let name = health.cluster_name.as_deref().unwrap_or_default();
                labels.push(("cluster_name", name));
                Some("1".to_owned())
            }
            1 => {
                labels.push(("verdict", health.verdict.as_str()));
                Some("1".to_owned())
            }
            2 => time(cluster.unwell_since),
            3 => time(cluster.asked_at),
            4 => time(health.last_attempt_at),
            5 => time(health.last_success_at),
            6 => time(health.next_due_at),
            _ => health.consecutive_failures.map(|count| count.to_string()),
        };
        if let Some(value) = value {
            self.sample(name, &labels, value);
        }
    }
}

fn seconds(time: Timestamp) -> i64 {
    time.as_second()
}
