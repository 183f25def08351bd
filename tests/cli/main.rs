//! End-to-end tests of the command: the real binary, its stdout, stderr and exit code.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "in a test each of them is an assertion"
)]

mod answers;
mod clock;
mod deployment;
mod doctor;
mod emulator;
#[cfg(unix)]
mod emulator_shell;
mod environment;
mod errors;
mod fleet;
mod forms;
mod help;
mod idsync;
mod impostor;
mod interrupt;
mod logs;
mod pipes;
mod records;
mod redaction;
mod schemas;
mod selection;
mod serve;
mod services;
mod shards;
mod sign;
mod status;
mod syncing;
#[cfg(target_os = "linux")]
mod systemd;
mod tasks;
#[cfg(unix)]
mod terminal;
mod times;
mod usage;
mod wait;
mod watch;
