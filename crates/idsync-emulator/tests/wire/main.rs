//! The emulator over real connections, read byte by byte: no HTTP client stands between the tests and the wire.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod authentication;
mod client;
mod clock;
mod control;
mod faults;
mod lifecycle;
mod metadata;
mod openstack;
mod scenarios;
mod services;
