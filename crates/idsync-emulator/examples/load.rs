//! How many answers a second the emulator gives, and how long it takes to start.
//!
//! `cargo run --release -p idsync-emulator --example load [SECONDS]` asks for the flag of an MRS cluster over 32 connections,
//! from one thread, of an emulator on another: first without authentication, then with signed requests.

#![allow(clippy::print_stdout, reason = "printing figures is what it is for")]

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use idsync_emulator::{Auth, Emulator, Ready};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};

const CONNECTIONS: usize = 32;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Outcome<()> {
    let seconds = std::env::args().nth(1).map_or(Ok(5), |text| text.parse())?;
    for (auth, name) in [(Auth::Off, "off"), (Auth::Strict, "strict")] {
        let (started, rate) = measure(auth, Duration::from_secs(seconds))?;
        println!("authentication {name}: started in {started:?}, {rate:.0} answers a second");
    }
    Ok(())
}

/// Runs an emulator on a thread of its own and loads it from this one.
fn measure(auth: Auth, time: Duration) -> Outcome<(Duration, f64)> {
    let before = Instant::now();
    let server = runtime()?;
    let emulator = server.block_on(Emulator::builder().auth(auth).start())?;
    let started = before.elapsed();
    let ready = emulator.ready().clone();
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let serving = thread::spawn(move || {
        server.block_on(async {
            // Either the load is over or its thread has failed: both end it.
            let _ = ended.await;
            emulator.stop().await;
        });
    });
    let rate = runtime()?.block_on(load(&ready, time));
    drop(end);
    serving.join().map_err(|_| "the emulator's thread failed")?;
    Ok((started, rate?))
}

fn runtime() -> Outcome<Runtime> {
    Ok(Builder::new_current_thread().enable_all().build()?)
}

/// Answers a second over all connections.
async fn load(ready: &Ready, time: Duration) -> Outcome<f64> {
    let request: Arc<[u8]> = signed_request(ready)?.into();
    let answers = Arc::new(AtomicU64::new(0));
    let address = ready.url.trim_start_matches("http://").to_owned();
    let before = Instant::now();
    let callers: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let (address, request) = (address.clone(), Arc::clone(&request));
            let answers = Arc::clone(&answers);
            tokio::spawn(async move { ask(&address, &request, &answers, before + time).await })
        })
        .collect();
    for caller in callers {
        caller.await??;
    }
    let count = u32::try_from(answers.load(Ordering::Relaxed))?;
    Ok(f64::from(count) / before.elapsed().as_secs_f64())
}

/// Sends the same request over and over. All answers have the length of the first.
async fn ask(address: &str, request: &[u8], answers: &AtomicU64, end: Instant) -> Outcome<()> {
    let mut connection = TcpStream::connect(address).await?;
    connection.set_nodelay(true)?;
    let mut first = vec![0; 4_096];
    connection.write_all(request).await?;
    let length = connection.read(&mut first).await?;
    let mut answer = vec![0; length];
    while Instant::now() < end {
        connection.write_all(request).await?;
        connection.read_exact(&mut answer).await?;
        if !answer.starts_with(b"HTTP/1.1 200") {
            return Err(String::from_utf8_lossy(&answer).into());
        }
        answers.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

/// The request of an official client, with a signature that is good for a quarter of an hour.
fn signed_request(ready: &Ready) -> Outcome<Vec<u8>> {
    let cluster = ready.clusters.mrs.first().ok_or("no MRS cluster")?;
    let path = format!("/v2/{}/clusters/{cluster}/iam-sync", ready.project_id);
    let host = ready.url.trim_start_matches("http://");
    let date = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let names = "content-type;host;user-agent;x-project-id;x-sdk-date";
    let project = &ready.project_id;
    let headers = format!(
        "content-type:application/json\nhost:{host}\nuser-agent:load\nx-project-id:{project}\nx-sdk-date:{date}\n"
    );
    let body = hex(&Sha256::digest(b""));
    let canonical = format!("GET\n{path}/\n\n{headers}\n{names}\n{body}");
    let to_sign = format!(
        "SDK-HMAC-SHA256\n{date}\n{}",
        hex(&Sha256::digest(canonical))
    );
    let mac = Hmac::<Sha256>::new_from_slice(ready.sk.as_bytes())?.chain_update(to_sign);
    let signature = hex(&mac.finalize().into_bytes());
    let access = &ready.ak;
    let sent = headers.replace('\n', "\r\n");
    let text = format!(
        "GET {path} HTTP/1.1\r\n{sent}authorization: SDK-HMAC-SHA256 Access={access}, SignedHeaders={names}, Signature={signature}\r\n\r\n"
    );
    Ok(text.into_bytes())
}

fn hex(bytes: &[u8]) -> String {
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}
