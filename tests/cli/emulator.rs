//! `idsync emulator`.

use std::net::TcpListener;
use std::process::Child;

use serde_json::Value;

use crate::idsync::{Idsync, Run, first_line};
use crate::schemas::assert_valid;

/// The emulator in its own process; it is killed on drop unless it has ended.
struct Server {
    child: Option<Child>,
    ready: String,
}

impl Server {
    fn start(flags: &str) -> Self {
        let mut child = Idsync::new(&format!("emulator {flags}")).spawn();
        Self {
            ready: first_line(&mut child),
            child: Some(child),
        }
    }

    fn ready(&self) -> Value {
        serde_json::from_str(&self.ready).unwrap()
    }

    /// The command with `arguments`, configured by the ready line alone.
    fn idsync(&self, arguments: &str) -> Idsync {
        Idsync::new(arguments).at(&self.ready())
    }

    /// Sends a signal and waits for the end.
    #[cfg(unix)]
    fn end_by(mut self, signal: &str) -> Run {
        let child = self.child.take().unwrap();
        crate::interrupt::signal(&child, signal);
        Run::of(child)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[test]
fn the_ready_line_has_everything_that_a_client_needs() {
    let server = Server::start("");
    assert_eq!(server.ready()["ready"], true);
    assert_valid("emulator-ready", &[server.ready()]);
    let cluster = |service: &str| {
        server.ready()["clusters"][service][0]
            .as_str()
            .unwrap()
            .to_owned()
    };
    server.idsync("tasks -o json").run().exits(0);
    server
        .idsync(&format!("syncing {}", cluster("mrs")))
        .run()
        .exits(0);
    let records = server
        .idsync(&format!("records {} -o json", cluster("dws")))
        .run()
        .exits(0)
        .json();
    assert!(records.as_array().unwrap().len() >= 5);
    server
        .idsync("tasks")
        .env("HUAWEICLOUD_SDK_SK", "wrong")
        .run()
        .exits(4);
}

#[cfg(unix)]
#[test]
fn a_signal_stops_the_emulator() {
    for (signal, name) in [("-TERM", "SIGTERM"), ("-INT", "SIGINT")] {
        let run = Server::start("").end_by(signal).exits(0);
        assert_eq!(run.stdout, "", "only the ready line is on stdout");
        run.says("listening on ");
        run.says(name);
        assert_eq!(Server::start("-q").end_by(signal).exits(0).stderr, "");
    }
}

#[test]
fn without_authentication_any_key_is_accepted() {
    let server = Server::start("--auth off --tasks 150 --records 30 --seed 7 --latency 1ms");
    let tasks = server
        .idsync("tasks -o ndjson")
        .env("HUAWEICLOUD_SDK_SK", "any")
        .run()
        .exits(0);
    assert!(tasks.stdout.lines().count() > 150);
    let cluster = server.ready()["clusters"]["dws"][0]
        .as_str()
        .unwrap()
        .to_owned();
    let records = server
        .idsync(&format!("records {cluster} -o ndjson"))
        .run()
        .exits(0);
    assert_eq!(records.stdout.lines().count(), 30);
}

#[test]
fn an_address_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let run = Idsync::new("emulator --listen")
        .arg(&address)
        .run()
        .exits(1);
    run.says(&address);
    assert_eq!(run.stdout, "");
}

#[test]
fn a_scenario_file_can_be_checked_and_played() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("mine.yaml");
    let yaml = "workspaces: [a]\nclusters: [{name: only-mrs, type: MRS, task: {runs: [{status: SYNCING}]}}]\n";
    std::fs::write(&path, yaml).unwrap();
    let path = path.to_str().unwrap();
    let server = Server::start(&format!("--scenario {path} --time-scale 60"));
    let listed = server.idsync("tasks -o ndjson").run().exits(0);
    let tasks = listed.lines();
    assert_eq!(tasks.len(), 1);
    assert_eq!(tasks[0]["cluster_name"], "only-mrs");
    assert_eq!(tasks[0]["sync_status"], "SYNCING");

    let checked = Idsync::new(&format!("emulator --check-scenario {path}"))
        .run()
        .exits(0);
    checked.shows("clusters: 1,");
    let printed = Idsync::new("emulator --print-scenario demo").run().exits(0);
    std::fs::write(path, printed.stdout).unwrap();
    let check = format!("emulator --check-scenario {path}");
    Idsync::new(&check).run().exits(0);
    std::fs::write(path, yaml.replace("SYNCING", "[SYNCING]")).unwrap();
    for flag in ["--check-scenario", "--scenario"] {
        let refused = Idsync::new(&format!("emulator {flag} {path}"))
            .run()
            .exits(2);
        refused.says("mine.yaml: ");
        refused.says("line 2");
    }
}
