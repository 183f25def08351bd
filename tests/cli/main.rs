//! The command as its users meet it: the real binary, its stdout, stderr and exit code.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "in a test each of them is an assertion"
)]

mod answers;
mod emulator;
mod environment;
mod errors;
mod idsync;
mod pipes;
mod records;
mod report;
mod services;
mod shape;
mod status;
mod syncing;
mod tasks;
mod usage;
