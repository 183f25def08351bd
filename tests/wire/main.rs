//! The facade on the wire: real HTTP against the emulator, and the signature against known answers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod adversarial;
mod answers;
mod authentication;
mod connections;
mod credentials;
mod credentials_metadata;
mod credentials_project;
mod health;
mod health_end;
mod health_fleet;
mod limits;
mod lists;
mod log;
mod network;
mod redaction;
mod session;
mod signing;
mod telemetry;
mod threads;
