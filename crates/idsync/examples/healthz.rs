//! A web service whose `/healthz` reports the health of identity synchronization: 200, or 503 with the counts.
//!
//! `cargo run -p idsync --example healthz -- 127.0.0.1:8080` serves until it is interrupted. Without an address it takes a
//! free port, asks itself once, and ends. Neither needs an account: both start an emulator.
#![allow(clippy::print_stdout, reason = "an example prints its results")]

use std::error::Error;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use idsync::health::{Report, Verdict};
use idsync::{Client, Credentials};
use idsync_emulator::Emulator;
use tokio::net::TcpListener;

/// What each request needs: a client is cheap to clone, and its clones share their connections.
#[derive(Clone)]
struct Health {
    client: Client,
    workspace: String,
}

async fn healthz(State(health): State<Health>) -> (StatusCode, Json<serde_json::Value>) {
    let check = health.client.health().workspace(health.workspace);
    match check.check().await {
        Ok(report) => (status(&report), Json(summary(&report))),
        Err(error) => {
            let error = serde_json::json!({ "error": error.to_string() });
            (StatusCode::INTERNAL_SERVER_ERROR, Json(error))
        }
    }
}

/// Only a report that has seen everything can say that all is well.
fn status(report: &Report) -> StatusCode {
    if report.is_conclusive() && report.verdict <= Verdict::Running {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

/// The report in brief: a probe of this kind is often seen by people who may not see the names of clusters.
fn summary(report: &Report) -> serde_json::Value {
    serde_json::json!({
        "verdict": report.verdict,
        "conclusive": report.is_conclusive(),
        "counts": report.counts,
    })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let emulator = Emulator::builder().start().await?;
    let ready = emulator.ready();
    let client = Client::builder()
        .endpoint(&ready.url)
        .project_id(&ready.project_id)
        .credentials(Credentials::access_key(&ready.ak, &ready.sk))
        .build()?;
    let workspace = ready.workspace.clone();
    let app = Router::new()
        .route("/healthz", get(healthz))
        .with_state(Health { client, workspace });

    let address = std::env::args().nth(1);
    let listener = TcpListener::bind(address.as_deref().unwrap_or("127.0.0.1:0")).await?;
    let url = format!("http://{}/healthz", listener.local_addr()?);
    println!("{url}");
    let server = async { axum::serve(listener, app).await };
    if address.is_some() {
        return Ok(server.await?);
    }
    tokio::select! {
        ended = server => Ok(ended?),
        asked = ask(&url) => asked,
    }
}

/// Asks as a load balancer would.
async fn ask(url: &str) -> Result<(), Box<dyn Error>> {
    // This build of reqwest comes without one; an error says that the program has chosen one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let answer = reqwest::Client::builder()
        .no_proxy()
        .build()?
        .get(url)
        .send()
        .await?;
    println!("{}\n{}", answer.status(), answer.text().await?);
    Ok(())
}
