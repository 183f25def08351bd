//! Small worlds: responses of the three services, and the verdict that the command must give.

#![allow(
    clippy::needless_pass_by_value,
    clippy::too_many_lines,
    clippy::unwrap_used,
    reason = "tests that read as tables"
)]

mod ordinary;
mod server;
mod unknown;
mod world;
