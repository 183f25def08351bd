//! The identity synchronization operations of DataArts Studio, DWS and MRS on one loopback port, so that nobody needs a
//! cloud account to develop or test against them.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use idsync_emulator::{Emulator, Fault, FaultKind, Operation};
//!
//! let emulator = Emulator::builder().seed(7).start().await?;
//! emulator.add_fault(Fault::on(Operation::Records, FaultKind::status(429)).times(1))?;
//! // … point a client at emulator.url(), with the credentials of emulator.ready() …
//! assert_eq!(emulator.requests().len(), 0);
//! emulator.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! The state of the services comes from a [`Scenario`]: a built-in one, or another one in YAML, whose JSON Schema is
//! [`Scenario::schema`]. It has a clock that can be sped up, stopped and moved; every answer follows from its time alone.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use std::time::Duration;
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
//! let scenario = Scenario::from_yaml(yaml, "mine")?;
//! let emulator = Emulator::builder().scenario(scenario).stopped_clock().start().await?;
//! emulator.advance(Duration::from_mins(6));
//! // … now the task has run and failed; nine hours later its schedule stops …
//! # Ok(())
//! # }
//! ```
//!
//! What is served: the three reading operations, tokens, projects and versions of IAM, the two requests by which a cloud
//! server gets a key from its metadata service, and `/_emulator/*`:
//!
//! | path | |
//! |---|---|
//! | `POST /v3/auth/tokens`, `GET /v3/projects`, `GET /v3/auth/projects`, `GET /`, `GET /v3` | IAM, with a catalogue of the services |
//! | `PUT /meta-data/latest/api/token` | a token of the metadata service |
//! | `GET /openstack/latest/securitykey` | for that token, the temporary access key with its security token |
//! | `GET /_emulator/openapi.yaml` | the OpenAPI document of all of the following |
//! | `GET /_emulator/health` | whether it runs, its scenario, and its clock |
//! | `GET /_emulator/state` | every cluster as it is now, and how many of each verdict there are |
//! | `GET`, `PUT /_emulator/clock`, `POST /_emulator/clock/advance` | the clock of the services; stop it, speed it up, move it |
//! | `POST /_emulator/reset` | put clock, faults and requests back to how they were at the start |
//! | `GET`, `DELETE /_emulator/requests` | what arrived, with secrets masked; forget it |
//! | `GET`, `POST`, `DELETE /_emulator/faults` | what goes wrong; add to it; clear it |
//!
//! All other requests are refused with an error. The crate shares no code with the client that it is used to test: an error
//! in one cannot be hidden by the same error in the other.

mod auth;
mod builder;
mod clock;
mod connection;
mod error;
mod faults;
mod gateway;
mod ids;
mod journal;
mod paging;
mod ready;
mod routes;
mod scenario;
mod server;
mod state;
mod timeline;

pub use auth::{
    ACCESS_KEY, Auth, DOMAIN_NAME, PASSWORD, REGION, SECRET_KEY, SECURITY_TOKEN,
    TEMPORARY_ACCESS_KEY, TEMPORARY_SECRET_KEY, USER_NAME,
};
pub use builder::EmulatorBuilder;
pub use clock::MAX_TIME_SCALE;
pub use connection::ConnectionCounts;
pub use error::EmulatorError;
pub use faults::{Fault, FaultKind, RawAnswer, RawEnd};
pub use journal::{RequestCounts, SeenRequest};
pub use paging::{OffsetUnit, PageTotal, Paging};
pub use ready::{Ready, ReadyClusters, ReadyProject};
pub use routes::Operation;
pub use scenario::{MAX_GENERATED_TASKS, Scenario};
pub use server::Emulator;
