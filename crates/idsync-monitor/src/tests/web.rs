//! Page, metrics, API and messages over HTTP.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use idsync_emulator::{Emulator, Scenario};
use jiff::tz::TimeZone;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::sweeps::Session;
use crate::Settings;
use crate::monitor::lock;

async fn exchange(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

async fn get(address: SocketAddr, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    exchange(address, &request).await
}

fn listening() -> Settings {
    let mut settings = Settings::default();
    settings.serve.listen = "127.0.0.1:0".parse().unwrap();
    settings
}

/// Serves what `session` has swept.
async fn serve(session: &Session) -> SocketAddr {
    let (address, running) = crate::serve(Arc::clone(&session.monitor), TimeZone::UTC)
        .await
        .unwrap();
    tokio::spawn(running);
    address
}

const HOSTILE: &str = r#"
workspaces: [w]
clusters:
  - name: hostile-dws
    type: DWS
    task:
      fields: {cluster_name: '<script>alert("1")</script>'}
      schedule: {every: 1d}
      first_run: 30m ago
      runs: [{status: SYNC_FAIL, message: '<img src=x onerror=alert(2)>'}]
"#;

#[tokio::test]
async fn hostile_names_are_shown_as_text_everywhere() {
    let session = Session::start(HOSTILE, listening()).await;
    session.sweep().await;
    let address = serve(&session).await;
    let overview = get(address, "/").await;
    assert!(overview.starts_with("HTTP/1.1 200"), "{overview}");
    assert!(overview.contains("content-security-policy: default-src 'none'; style-src 'self'"));
    let link = overview.split("class=\"name\" href=\"").nth(1).unwrap();
    let link = link.split('"').next().unwrap();
    let page = get(address, link).await;
    for page in [&overview, &page] {
        assert!(page.contains("alert("), "{page}");
        for tag in ["<script", "<img", "style=", "onerror=alert(2)>"] {
            let shown = page.split("\r\n\r\n").nth(1).unwrap();
            assert!(!shown.contains(tag), "{tag} in {shown}");
        }
    }
    let metrics = get(address, "/metrics").await;
    assert!(
        metrics.contains(r#"cluster_name="<script>alert(\"1\")</script>""#),
        "{metrics}"
    );
    assert!(!metrics.contains("onerror"));
}

#[tokio::test]
async fn only_get_and_known_hosts_are_answered() {
    let session = Session::start("outage", listening()).await;
    let address = serve(&session).await;
    let post = format!(
        "POST / HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    assert!(exchange(address, &post).await.starts_with("HTTP/1.1 405"));
    for path in ["/", "/metrics", "/api/v1/report", "/readyz"] {
        let foreign =
            format!("GET {path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
        assert!(
            exchange(address, &foreign)
                .await
                .starts_with("HTTP/1.1 421"),
            "{path}"
        );
    }
    assert!(get(address, "/livez").await.starts_with("HTTP/1.1 200"));
    assert!(
        get(address, "/api/v1/report")
            .await
            .starts_with("HTTP/1.1 503")
    );
    session.sweep().await;
    assert!(
        get(address, "/api/v1/report")
            .await
            .starts_with("HTTP/1.1 200")
    );
    session.monitor.stop();
}

#[tokio::test]
async fn with_a_token_only_probes_are_answered_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    std::fs::write(&path, "s3cret\n").unwrap();
    let mut settings = listening();
    settings.serve.token_file = Some(path);
    let session = Session::start(HOSTILE, settings).await;
    session.sweep().await;
    let address = serve(&session).await;
    let paths = [
        "/",
        "/style.css",
        "/metrics",
        "/api/v1/report",
        "/api/v1/clusters",
        "/api/v1/openapi.json",
    ];
    for path in paths {
        let refused = get(address, path).await;
        assert!(refused.starts_with("HTTP/1.1 401"), "{path}: {refused}");
        assert!(refused.contains("www-authenticate: Basic") && !refused.contains("hostile"));
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer s3cret\r\nConnection: close\r\n\r\n"
        );
        let answer = exchange(address, &request).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
    }
    for path in ["/livez", "/readyz"] {
        assert!(
            get(address, path).await.starts_with("HTTP/1.1 200"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn report_and_metrics_follow_each_sweep() {
    let session = Session::start("outage", listening()).await;
    session.sweep().await;
    let address = serve(&session).await;
    let observed = async || {
        let answer = get(address, "/api/v1/report").await;
        let body: serde_json::Value =
            serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
        assert_eq!(body["clusters"].as_array().unwrap().len(), 6);
        let failing = "cluster_type=\"dws\",verdict=\"failing\"} 0\n";
        (
            body["observed_at"].clone(),
            get(address, "/metrics").await.contains(failing),
        )
    };
    let (first, has_no_failure) = observed().await;
    assert_eq!(observed().await, (first.clone(), true));
    assert!(has_no_failure);
    session.emulator.advance(Duration::from_mins(30));
    session.sweep().await;
    let (second, has_no_failure) = observed().await;
    assert!(second != first && !has_no_failure);
}

#[tokio::test]
async fn the_probe_fails_when_the_loop_hangs_but_not_when_clusters_fail() {
    let session = Session::start("outage", listening()).await;
    let address = serve(&session).await;
    assert!(get(address, "/livez").await.starts_with("HTTP/1.1 200"));
    let ten_intervals = 10 * session.monitor.settings().serve.interval;
    let long_ago = Instant::now().checked_sub(ten_intervals).unwrap();
    *lock(&session.monitor.ticked_at) = long_ago;
    assert!(get(address, "/livez").await.starts_with("HTTP/1.1 503"));
    session.monitor.tick();
    assert!(get(address, "/livez").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn metrics_have_the_names_and_labels_that_are_documented() {
    let session = Session::start("outage", listening()).await;
    session.sweep().await;
    let address = serve(&session).await;
    let metrics = get(address, "/metrics").await;
    let project = &session.emulator.ready().project_id;
    for line in [
        format!(
            "idsync_clusters{{project_id=\"{project}\",cluster_type=\"mrs\",verdict=\"stuck\"}} 1\n"
        ),
        format!("idsync_source_up{{project_id=\"{project}\",source=\"dataarts\"}} 1\n"),
        "idsync_sweeps_total{outcome=\"complete\"} 1\n".to_owned(),
        "idsync_requests_total{source=\"mrs\",outcome=\"answered\"} 3\n".to_owned(),
        "idsync_leader 1\n".to_owned(),
    ] {
        assert!(metrics.contains(&line), "{line} is missing in {metrics}");
    }
    assert!(!metrics.contains("NaN") && !metrics.contains("Some("));
}

#[tokio::test]
async fn ten_thousand_clusters_answer_page_by_page() {
    let emulator = Emulator::builder()
        .scenario(Scenario::named("fleet-10k").unwrap())
        .tasks(298)
        .stopped_clock();
    let session = Session::of(emulator.start().await.unwrap(), listening());
    session.sweep().await;
    let address = serve(&session).await;
    let first = get(address, "/").await;
    assert_eq!(first.matches("<svg").count(), 50);
    assert!(first.contains("300 clusters"));
    let last = get(address, "/?page=5").await;
    assert!(!last.contains("rel=\"next\"") && last.contains("rel=\"prev\""));
    assert!(!first.contains("http-equiv=\"refresh\""));
    let live = get(address, "/?range=1h&refresh=1").await;
    assert!(live.contains("http-equiv=\"refresh\"") && live.contains("Stop reloading"));
    let unwell = get(address, "/?unwell=1&q=orders").await;
    assert!(unwell.contains("0 clusters") || unwell.contains("No cluster matches"));
}

/// Accepts one request after another, answers each with the next status, and gives what arrived.
async fn hook(statuses: Vec<u16>) -> (String, tokio::task::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let arrived = tokio::spawn(async move {
        let mut requests = Vec::new();
        for status in statuses {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            loop {
                let mut piece = [0; 4096];
                let read = stream.read(&mut piece).await.unwrap();
                request.extend_from_slice(&piece[..read]);
                let text = String::from_utf8_lossy(&request);
                let Some((head, body)) = text.split_once("\r\n\r\n") else {
                    continue;
                };
                let head = head.to_lowercase();
                let length = head
                    .split("content-length: ")
                    .nth(1)
                    .map(|rest| rest.lines().next().unwrap());
                if length.is_none_or(|length| length.parse::<usize>().unwrap() <= body.len()) {
                    break;
                }
            }
            let location = "location: http://127.0.0.1:1/\r\n";
            let answer = format!(
                "HTTP/1.1 {status} x\r\n{location}content-length: 0\r\nconnection: close\r\n\r\n"
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
            requests.push(String::from_utf8(request).unwrap());
        }
        requests
    });
    (url, arrived)
}

fn header<'a>(request: &'a str, name: &str) -> &'a str {
    let mut lines = request.lines();
    lines
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        .unwrap()
}

#[tokio::test]
async fn a_message_is_sent_again_with_the_same_id_until_it_is_taken_also_after_a_restart() {
    let (url, arrived) = hook(vec![302, 204]).await;
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n").unwrap();
    let config = format!(
        "[serve]\nlisten = '127.0.0.1:0'\n[[receiver]]\nname = 'ops'\nformat = 'webhook'\nurl = '{url}'\nsecret_file = '{}'\n",
        secret.display()
    );
    let session = Session::start(HOSTILE, Settings::parse(&config).unwrap()).await;
    session.sweep().await;
    let deliver = tokio::spawn(Arc::clone(&session.monitor).deliver());
    let count = |session: &Session, outcome| {
        let counts = lock(&session.monitor.counters.notifications);
        counts.get(&("ops".to_owned(), outcome)).copied()
    };
    while count(&session, "failed").is_none() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    session.monitor.stop();
    deliver.await.unwrap().unwrap();
    let session = session.restart();
    let waiting = session.monitor.store.reader().outbox().unwrap();
    assert_eq!((waiting.len(), waiting[0].tries), (1, 1));
    session
        .monitor
        .store
        .postpone_message(&waiting[0].id, 1, jiff::Timestamp::UNIX_EPOCH)
        .unwrap();
    // The same trouble again: nothing new is told.
    session.emulator.advance(Duration::from_mins(5));
    session.sweep().await;
    tokio::spawn(Arc::clone(&session.monitor).deliver());
    let requests = arrived.await.unwrap();
    while count(&session, "delivered").is_none() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let ids: Vec<_> = requests
        .iter()
        .map(|request| header(request, "webhook-id"))
        .collect();
    assert_eq!(ids[0], ids[1]);
    assert!(header(&requests[1], "webhook-signature").starts_with("v1,"));
    let body = requests[1].split("\r\n\r\n").nth(1).unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(
        (&body["type"], &body["totals"]["fired"]),
        (&"fired".into(), &1.into())
    );
    assert!(session.monitor.store.reader().outbox().unwrap().is_empty());
    session.monitor.stop();
}
