//! An emulator of the identity synchronization operations of DataArts Studio, DWS and MRS on one loopback port, for development and
//! tests without a cloud account.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use idsync_emulator::{Emulator, Fault, FaultKind, Operation};
//!
//! let emulator = Emulator::builder().seed(7).start().await?;
//! emulator.add_fault(Fault::on(Operation::Records, FaultKind::status(429)).times(1))?;
//! // … point a client at emulator.url(), with the credentials of emulator.ready() …
//! assert_eq!(emulator.request_counts().total, 0);
//! emulator.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! # Scenarios
//!
//! The state of the services comes from a [`Scenario`]: a built-in one, or your own in YAML, in the format of
//! [`Scenario::schema`]. `idsync emulator --print-scenario NAME` prints a built-in one to start from.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use idsync_emulator::{Emulator, Scenario};
//!
//! let yaml = "
//! workspaces: [analytics]
//! clusters:
//!   - name: orders-dws
//!     type: DWS
//!     task:
//!       schedule: {every: 1h}
//!       first_run: 5m
//!       runs:
//!         - {status: SYNC_FAIL, message: permission denied}
//! ";
//! let scenario = Scenario::from_yaml(yaml, "mine.yaml")?;
//! let builder = Emulator::builder().scenario(scenario);
//! # let _ = builder;
//! # Ok(())
//! # }
//! ```
//!
//! # Time
//!
//! There are three clocks:
//!
//! - The **services' clock** decides what the services return: every response is computed from its time. It can be scaled
//!   ([`EmulatorBuilder::time_scale`]), stopped ([`EmulatorBuilder::stopped_clock`]) and moved ([`Emulator::advance`],
//!   [`Emulator::set_time`]), also by `PUT /_emulator/clock`.
//! - The **gateway's clock** checks signatures and tokens. It always runs at normal speed from [`EmulatorBuilder::start_time`], by
//!   default from the machine's time.
//! - **Tokio's clock** times latency and the pauses of faults. In a test with `#[tokio::test(start_paused = true)]`, which needs
//!   tokio's feature `test-util`, a response that is delayed by an hour arrives at once. The other clocks do not follow it.
//!
//! A test on a stopped clock repeats exactly, and crosses hours without waiting:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::time::Duration;
//! use idsync_emulator::{Emulator, Fault, FaultKind, Scenario};
//!
//! let emulator = Emulator::builder()
//!     .scenario(Scenario::named("healthy")?)
//!     .start_time("2026-05-01T10:00:00Z".parse()?)
//!     .stopped_clock()
//!     .fault(Fault::everywhere(FaultKind::delay(Duration::from_secs(3_600))).times(1))
//!     .start()
//!     .await?;
//! // … a client with a deadline gives up on its first call, and the retry succeeds …
//! emulator.advance(Duration::from_secs(24 * 3_600));
//! // … now each daily task has run once more …
//! assert_eq!(emulator.now(), "2026-05-02T10:00:00Z".parse()?);
//! emulator.set_time("2026-05-01T10:00:00Z".parse()?)?;
//! // … and here it has not …
//! # Ok(())
//! # }
//! ```
//!
//! # Paths
//!
//! Besides the three reading operations:
//!
//! | path | |
//! |---|---|
//! | `POST /v3/auth/tokens`, `GET /v3/projects`, `GET /v3/auth/projects` | IAM, with a service catalogue |
//! | `PUT /meta-data/latest/api/token` | a token of the metadata service |
//! | `GET /openstack/latest/securitykey` | with that token, the temporary access key with its security token |
//! | `GET /_emulator/openapi.yaml` | the OpenAPI document of all of the following |
//! | `GET /_emulator/health` | the scenario and its clock |
//! | `GET /_emulator/state` | every cluster, and numbers of clusters by expected verdict |
//! | `GET`, `PUT /_emulator/clock`, `POST /_emulator/clock/advance` | the services' clock |
//! | `POST /_emulator/reset` | returns clock, faults and journal to their initial state |
//! | `GET`, `DELETE /_emulator/requests` | the journal of requests, with secrets masked |
//! | `GET`, `POST`, `DELETE /_emulator/faults` | the active faults |
//!
//! All other requests are refused. Types of other crates in this API: [`jiff::Timestamp`], `bytes::Bytes`, and `serde` traits.
//! The crate shares no code with the client that it is used to test, so that a bug in one of them does not hide the same bug in the
//! other.

mod auth;
mod builder;
mod clock;
mod faults;
mod gateway;
mod ids;
mod journal;
mod routes;
mod scenario;
mod server;
mod state;
mod timeline;

pub use auth::{
    ACCESS_KEY, Auth, DOMAIN_NAME, PASSWORD, REGION, SECRET_KEY, SECURITY_TOKEN,
    TEMPORARY_ACCESS_KEY, TEMPORARY_SECRET_KEY, USER_NAME,
};
pub use builder::{EmulatorBuilder, EmulatorError, OffsetUnit};
pub use clock::MAX_TIME_SCALE;
pub use faults::{Fault, FaultBody, FaultKind, RawAnswer, RawEnd};
pub use journal::{RequestCounts, SeenRequest};
pub use routes::Operation;
pub use scenario::{MAX_GENERATED_TASKS, Scenario};
pub use server::{ConnectionCounts, Emulator, Ready, ReadyClusters, ReadyProject};
