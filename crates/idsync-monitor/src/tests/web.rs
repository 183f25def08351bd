//! Page, metrics, API and messages over HTTP.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use idsync::health::Report;
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

async fn status(address: SocketAddr, path: &str) -> u16 {
    let answer = get(address, path).await;
    answer.split(' ').nth(1).unwrap().parse().unwrap()
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
    assert_eq!(status(address, "/livez").await, 200);
    assert_eq!(status(address, "/api/v1/report").await, 503);
    session.sweep().await;
    assert_eq!(status(address, "/api/v1/report").await, 200);
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
        assert_eq!(status(address, path).await, 200, "{path}");
    }
}

#[tokio::test]
async fn report_and_metrics_follow_each_sweep() {
    let session = Session::start("outage", listening()).await;
    session.sweep().await;
    let address = serve(&session).await;
    let observed = async || {
        let answer = get(address, "/api/v1/report").await;
        let report: Report =
            serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
        assert_eq!(report.clusters.len(), 6);
        let verdicts = report.clusters.iter().map(|cluster| cluster.verdict);
        assert!(verdicts.is_sorted_by(|one, next| one >= next));
        assert_eq!(report.clusters[0].verdict, report.verdict);
        let failing = "cluster_type=\"dws\",verdict=\"failing\"} 0\n";
        (
            report.observed_at,
            get(address, "/metrics").await.contains(failing),
        )
    };
    let (first, has_no_failure) = observed().await;
    assert_eq!(observed().await, (first, true));
    assert!(has_no_failure);
    session.emulator.advance(Duration::from_mins(30));
    session.sweep().await;
    let (second, has_no_failure) = observed().await;
    assert!(second != first && !has_no_failure);
}

#[tokio::test]
async fn the_words_of_a_service_do_not_end_the_report_early() {
    let fault = r#"
faults:
  - fault:
      operation: records
      kind: status
      status: 403
      body: '{"error_code": "X", "error_msg": "not \"clusters\":[] of yours"}'
"#;
    let session = Session::start(&format!("{HOSTILE}{fault}"), listening()).await;
    session.sweep().await;
    let answer = get(serve(&session).await, "/api/v1/report").await;
    let body = answer.split("\r\n\r\n").nth(1).unwrap();
    let report: Report = serde_json::from_str(body).unwrap();
    assert_eq!(report.clusters.len(), 1);
    assert!(report.problems[0].error.message.contains("\"clusters\":[]"));
}

#[tokio::test]
async fn the_probe_fails_when_the_loop_hangs_but_not_when_clusters_fail() {
    let session = Session::start("outage", listening()).await;
    let address = serve(&session).await;
    assert_eq!(status(address, "/livez").await, 200);
    let ten_intervals = 10 * session.monitor.settings.serve.interval;
    let long_ago = Instant::now().checked_sub(ten_intervals).unwrap();
    *lock(&session.monitor.ticked_at) = long_ago;
    assert_eq!(status(address, "/livez").await, 503);
    session.monitor.tick();
    assert_eq!(status(address, "/livez").await, 200);
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
    let session = Session::generated(298, listening()).await;
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

/// Notes requests, and answers each with the next status and a place to look instead.
async fn hook(statuses: Vec<u16>) -> (String, Arc<Mutex<Vec<(HeaderMap, String)>>>) {
    let arrived = Arc::new(Mutex::new(Vec::new()));
    let requests = Arc::clone(&arrived);
    let answer = async move |headers: HeaderMap, body: String| {
        let mut requests = lock(&requests);
        let status = StatusCode::from_u16(statuses[requests.len()]).unwrap();
        requests.push((headers, body));
        (status, [("location", "http://127.0.0.1:1/")])
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let app = Router::new().route("/hook", post(answer));
    tokio::spawn(axum::serve(listener, app).into_future());
    (url, arrived)
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
        let counters = lock(&session.monitor.counters);
        counters
            .notifications
            .get(&("ops".to_owned(), outcome))
            .copied()
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
    while !session.monitor.store.reader().outbox().unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(count(&session, "delivered"), Some(1));
    let requests = std::mem::take(&mut *lock(&arrived));
    let [(first, _), (second, body)] = &requests[..] else {
        panic!("{requests:?}")
    };
    assert_eq!(first["webhook-id"], second["webhook-id"]);
    let signature = second["webhook-signature"].to_str().unwrap();
    assert!(signature.starts_with("v1,"), "{signature}");
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(
        (&body["type"], &body["totals"]["fired"]),
        (&"fired".into(), &1.into())
    );
    session.monitor.stop();
}
