//! The time of the services: that of this machine, unless `IDSYNC_CLOCK` names the clock of an emulator.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{StatusCode, Uri};
use http_body_util::{BodyExt, Empty, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::connect::{variable, wrong_variable};
use crate::errors::CliError;

/// Names the clock, such as `http://127.0.0.1:41234/_emulator/clock`.
const CLOCK: &str = "IDSYNC_CLOCK";

/// Timeout of one reading.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Largest response, in bytes.
const MAX_RESPONSE: usize = 64 * 1024;

type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// The clock that the environment names, if it names one.
///
/// # Errors
///
/// If it is not a URL.
pub(crate) fn service_clock() -> Result<Option<Uri>, CliError> {
    let Some(text) = variable(CLOCK) else {
        return Ok(None);
    };
    let url = text.trim().parse().ok();
    let url = url.filter(|url: &Uri| url.scheme_str() == Some("http"));
    let why = "give a URL such as http://127.0.0.1:41234/_emulator/clock";
    url.map(Some).ok_or_else(|| wrong_variable(CLOCK, why))
}

/// The time of the services, running on from its reading.
pub(crate) type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The response of a clock.
#[derive(Debug, Deserialize)]
struct ClockResponse {
    now: Timestamp,
    scale: f64,
    running: bool,
}

/// Reads the clock that the environment names, or that of this machine.
///
/// # Errors
///
/// If the clock cannot be read.
pub(crate) async fn read() -> Result<Clock, CliError> {
    let Some(url) = service_clock()? else {
        return Ok(Arc::new(Timestamp::now));
    };
    let unreadable = |why: &str| {
        let message = format!("the clock at {url} cannot be read: {why}");
        CliError::unfinished("connect", message)
            .with_hint("unset IDSYNC_CLOCK to use the clock of this machine")
    };
    let read_at = Instant::now();
    let response = tokio::time::timeout(TIMEOUT, fetch(&url)).await;
    let response = response.map_err(|_| unreadable(&format!("no response within {TIMEOUT:?}")))?;
    let response = response.map_err(|error| unreadable(&error.to_string()))?;
    let ClockResponse {
        now,
        scale,
        running,
    } = response;
    if !scale.is_finite() || scale < 0.0 {
        return Err(unreadable("its scale is not a number of seconds"));
    }
    let scale = if running { scale } else { 0.0 };
    Ok(Arc::new(move || {
        let passed = read_at.elapsed().as_secs_f64() * scale;
        let passed = SignedDuration::try_from_secs_f64(passed).unwrap_or(SignedDuration::MAX);
        now.saturating_add(passed).unwrap_or(now)
    }))
}

async fn fetch(url: &Uri) -> Result<ClockResponse, AnyError> {
    let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
    let response = client.get(url.clone()).await?;
    if response.status() != StatusCode::OK {
        return Err(response.status().to_string().into());
    }
    let body = Limited::new(response.into_body(), MAX_RESPONSE);
    let body = body.collect().await?.to_bytes();
    Ok(serde_json::from_slice(&body)?)
}
