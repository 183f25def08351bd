//! The document of the emulator's control paths, held against the emulator.
//!
//! The documents of the services are checked by the linter (`npm --prefix tests/specs run lint`), by `cargo xtask docs
//! check` and by the suite in `tests/contract`.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed expectation is a failed test"
)]

mod control;
