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
//! What is played is a [`Scenario`]: one that comes with it, or one's own in YAML, the JSON Schema of which is
//! [`Scenario::schema`]. It lives by a clock that can be sped up, stopped and moved; what the services tell follows from its time alone.
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
//! What is served: the three reading operations, `POST /v3/auth/tokens` and `GET /v3/projects` of IAM, the two requests by
//! which a cloud server gets a key from its metadata service, and `/_emulator/*`:
//!
//! | path | |
//! |---|---|
//! | `PUT /meta-data/latest/api/token` | a token of the metadata service |
//! | `GET /openstack/latest/securitykey` | for that token, the temporary access key with its security token |
//! | `GET /_emulator/openapi.yaml` | all of the following in detail |
//! | `GET /_emulator/health` | whether it runs, what it plays, and its clock |
//! | `GET /_emulator/state` | every cluster as it is now, and how many of each verdict there are |
//! | `GET`, `PUT /_emulator/clock`, `POST /_emulator/clock/advance` | the clock of the services; stop it, speed it up, move it |
//! | `POST /_emulator/reset` | put clock, faults and requests back to how they were at the start |
//! | `GET`, `DELETE /_emulator/requests` | what arrived, with secrets masked; forget it |
//! | `GET`, `POST`, `DELETE /_emulator/faults` | what goes wrong; add to it; put it right |
//!
//! Anything else is refused loudly. The crate shares no code with the client it is used to test: an error in one can not
//! hide behind the same error in the other.

mod account;
mod answer;
mod auth;
mod builder;
mod calendar;
mod clock;
mod connection;
mod emulator;
mod faults;
mod ids;
mod journal;
mod limits;
mod operation;
mod pauses;
mod query;
mod ready;
mod routes;
mod scenario;
mod server;
mod service;
mod state;
mod world;

pub use account::{
    ACCESS_KEY, DOMAIN_NAME, PASSWORD, REGION, SECRET_KEY, SECURITY_TOKEN, TEMPORARY_ACCESS_KEY,
    TEMPORARY_SECRET_KEY, USER_NAME,
};
pub use auth::Auth;
pub use builder::{Builder, StartError};
pub use clock::{InvalidTime, MAX_TIME_SCALE};
pub use connection::ConnectionCounts;
pub use emulator::Emulator;
pub use faults::{Fault, FaultKind, InvalidFault, RawAnswer, RawEnd};
pub use journal::{RequestCounts, SeenRequest};
pub use operation::Operation;
pub use ready::{Ready, ReadyClusters};
pub use scenario::{MAX_GENERATED_TASKS, Scenario, ScenarioError};
pub use state::{DataArtsOffset, DwsOffset};
