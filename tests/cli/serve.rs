//! `idsync serve`, `idsync sweep` and `idsync history`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Child;

use crate::idsync::{Idsync, Run};
use crate::services::Services;

/// A page that a running command serves.
fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The address that the command says it listens on.
fn address(child: &mut Child) -> String {
    let stderr = BufReader::new(child.stderr.take().unwrap());
    let mut lines = stderr.lines();
    let line = lines.find_map(|line| {
        let line = line.unwrap();
        let rest = line.split("page at http://").nth(1)?;
        Some(rest.split('/').next().unwrap().to_owned())
    });
    // The rest is read to its end, so that the command never waits for it.
    std::thread::spawn(move || lines.for_each(drop));
    line.unwrap()
}

#[test]
fn the_demo_shows_a_page_with_timelines_until_it_is_stopped() {
    let mut child = Idsync::new("serve --demo --listen 127.0.0.1:0 --interval 100ms").spawn();
    let address = address(&mut child);
    let page = loop {
        let page = get(&address, "/");
        if page.contains("<rect") {
            break page;
        }
    };
    assert!(page.contains("orders-dws"), "{page}");
    assert!(get(&address, "/metrics").contains("idsync_clusters{"));
    assert!(get(&address, "/readyz").starts_with("HTTP/1.1 200"));
    stop(&child);
    assert_eq!(Run::of(child).code, 0);
}

#[cfg(unix)]
fn stop(child: &Child) {
    let id = rustix::process::Pid::from_child(child);
    rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
}

#[cfg(not(unix))]
fn stop(child: &Child) {
    panic!("there is no signal for {}", child.id());
}

fn with_store(services: &Services, arguments: &str, store: &Path) -> Idsync {
    let flags = format!("{arguments} --store {}", store.display());
    services.idsync(&flags)
}

#[test]
fn sweeps_make_a_history_that_can_be_read_and_compared_with() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("history.db");
    let services = Services::start();
    for _ in 0..2 {
        let run = with_store(&services, "sweep", &store).run().exits(0);
        run.says("failing");
    }
    let history = |flags: &str| with_store(&services, &format!("history {flags}"), &store).run();
    let json = history("risk-prod-dws -o json").exits(0).json();
    assert_eq!(json["schema"], "idsync.history/v1");
    assert_eq!(json["spells"].as_array().unwrap().len(), 1);
    assert_eq!(json["spells"][0]["verdict"], "failing");
    assert_eq!(
        (&json["ended_runs"], &json["succeeded_runs"]),
        (&7.into(), &2.into())
    );
    let text = history("risk-prod-dws").exits(0).stdout;
    assert!(
        text.contains("failing") && text.contains("ended runs"),
        "{text}"
    );
    let unknown = history("nothing -o json").exits(2).error();
    assert!(unknown["message"].as_str().unwrap().contains("no cluster"));
    let compared = with_store(&services, "status --compare 0s -o json", &store)
        .run()
        .exits(0)
        .json();
    assert_eq!(
        compared["changes"].as_array().unwrap().len(),
        0,
        "{compared}"
    );
    let early = with_store(&services, "status --compare 24h -o json", &store).run();
    let early = early.exits(1).error();
    assert!(
        early["message"]
            .as_str()
            .unwrap()
            .contains("does not reach back")
    );
}

#[test]
fn a_history_that_does_not_exist_is_an_error_with_a_hint_how_to_make_one() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("none.db");
    for command in [
        "history orders",
        "export --to . --day yesterday",
        "status --compare 24h",
    ] {
        let run = |store: &Path| {
            let flags = format!("{command} --store {}", store.display());
            Idsync::new(&flags).run().exits(1)
        };
        let missing = run(&store);
        missing.says(format!("there is no history at {}", store.display()));
        for word in ["hint:", "`idsync serve`", "`idsync sweep`", "--store"] {
            missing.says(word);
        }
        let unreadable = run(folder.path()).stderr;
        assert!(!unreadable.contains("hint:"), "{unreadable}");
    }
}

#[test]
fn metrics_of_one_report_are_text_for_a_collector() {
    let run = Idsync::new("status --demo -o prometheus").run().exits(0);
    run.shows("# TYPE idsync_cluster_verdict gauge\n");
    let failing = run
        .stdout
        .lines()
        .filter(|line| line.starts_with("idsync_cluster_verdict{") && line.contains("failing"));
    assert!(failing.count() >= 3);
    let refused = Idsync::new("tasks --demo -o prometheus").run().exits(2);
    refused.says("only `idsync status` has metrics");
}

#[test]
fn a_wrong_configuration_is_refused_with_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("serve.toml");
    for (text, words) in [
        (
            "[serve]\nbudget = '0/5m'",
            "budget: write requests and time",
        ),
        ("[serve]\nintervall = '5m'", "unknown field `intervall`"),
        (
            "[[receiver]]\nname = 'a'\nformat = 'slack'\nurl = 'http://example.com'",
            "give a URL with https",
        ),
        ("[history]\nstore = 'mysql://x'", "is not supported"),
    ] {
        std::fs::write(&path, text).unwrap();
        let run = Idsync::new("serve --demo --config")
            .arg(path.to_str().unwrap())
            .run()
            .exits(2);
        run.says("serve.toml");
        run.says(words);
    }
    let open = Idsync::new("serve --demo --listen 0.0.0.0:0")
        .run()
        .exits(1);
    open.says("anyone who can reach");
}
