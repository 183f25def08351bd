//! The facade on the wire: real HTTP against the emulator, and the signature against known answers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod answers;
mod authentication;
mod credentials;
mod credentials_metadata;
mod credentials_project;
mod health;
mod lists;
mod retries;
mod session;
mod signing;
