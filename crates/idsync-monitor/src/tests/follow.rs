//! A monitor that shows and reports what other processes sweep.

use std::sync::Arc;

use idsync::health::{ClusterHealth, Verdict};
use serde_json::Value;

use super::given::{at, health, store, sweep};
use crate::fleet::Fleet;
use crate::{Monitor, Settings};

#[test]
fn what_other_processes_sweep_is_shown_and_reported_once() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[serve]\nsweep = false\n[[receiver]]\nname = 'ops'\nformat = 'webhook'\nurl = 'http://127.0.0.1:1/'";
    let settings = Settings::parse(text).unwrap();
    let monitor = Monitor::new(settings, store(folder.path()), Vec::new()).unwrap();
    let mut fleet = Fleet::default();
    let mut reported = |minute, clusters: Vec<ClusterHealth>| {
        sweep(&monitor.store, &mut fleet, clusters, at(minute)).unwrap();
        monitor.set_clock(Arc::new(move || at(minute)));
        assert!(monitor.follow().unwrap());
        assert!(!monitor.follow().unwrap());
        let messages = monitor.store.reader().outbox().unwrap();
        let reported = messages.iter().map(|message| {
            monitor.store.remove_message(&message.id).unwrap();
            let body: Value = serde_json::from_str(&message.body).unwrap();
            let clusters = body["clusters"].as_array().unwrap().len();
            (body["type"].as_str().unwrap().to_owned(), clusters)
        });
        reported.collect::<Vec<_>>()
    };
    let failing = |name| health(name, Verdict::Failing, at(0));
    let healthy = health("c", Verdict::Healthy, at(10));
    assert_eq!(
        reported(0, vec![failing("c"), failing("d")]),
        [("fired".to_owned(), 2)]
    );
    assert_eq!(reported(5, vec![failing("c"), failing("d")]), []);
    // The other one is gone.
    assert_eq!(
        reported(10, vec![healthy.clone()]),
        [("resolved".to_owned(), 2)]
    );
    assert_eq!(reported(15, vec![healthy]), []);
    let snapshot = monitor.snapshot().unwrap();
    assert_eq!(snapshot.report.counts[&Verdict::Healthy], 1);
    assert_eq!(snapshot.fleet.present().count(), 1);
}
