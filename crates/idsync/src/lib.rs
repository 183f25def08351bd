//! Is identity synchronization healthy on Huawei Cloud data platforms?
//!
//! DataArts Studio pushes users and groups into MRS and DWS clusters, DWS pulls them from LDAP or OneAccess, and MRS
//! copies them from IAM. This crate reads all three and gives one verdict, with evidence.
//!
//! ```no_run
//! # async fn run() -> Result<(), idsync::Error> {
//! use idsync::{Client, dataarts::SyncStatus};
//!
//! let client = Client::builder().region("cn-north-4").project_id("0833a573").build()?;
//!
//! let mut failing = client.dataarts("f7bc8f2a").tasks().sync_status(SyncStatus::SyncFail).items();
//! while let Some(task) = failing.try_next().await? {
//!     println!("{:?}", task.cluster_name);
//! }
//!
//! let report = client.health().workspace("f7bc8f2a").check().await?;
//! println!("{}", report.verdict);
//! # Ok(()) }
//! ```
//!
//! # Where to begin
//!
//! - A [`Client`] is set up once and cloned freely. Credentials are looked for where the official SDKs look, unless given.
//! - [`Client::health`] gives the verdict on one project, its [`and`](health::Checker::and) that on several; [`health`] tells how it comes
//!   about.
//! - [`Client::dataarts`], [`Client::dws`] and [`Client::mrs`] ask one service each; [`list`] says what holds for a list
//!   that changes while it is read.
//! - The crate `idsync-emulator` plays the services: none of this needs an account to be tried or tested.
//!
//! # Guarantees
//!
//! - A call ends within its deadline, is sent again only where that may help, and never follows a redirect.
//! - An answer that is not understood is an error, never an empty success. One unreadable item costs that item.
//! - Values that this version does not know are kept; a field that the service left out is `None`.
//! - No secret is in a `Debug`, an error or a log.
//!
//! # Observability
//!
//! Each call is a `tracing` span named `call` with the target `idsync`. Its end is an event at DEBUG, or at WARN if it
//! failed; each attempt one at DEBUG, each wait one at TRACE. Fields have the names of the OpenTelemetry conventions for HTTP clients, such as
//! `http.response.status_code`, `server.address` and `error.type`; others begin with `idsync.`.

pub mod config;
pub mod dataarts;
pub mod dws;
pub mod health;
pub mod list;
pub mod mrs;
pub mod signing;

mod client;
mod credentials;
mod decode;
mod endpoints;
mod error;
mod error_body;
mod http_client;
mod ids;
mod items;
mod list_request;
mod page;
mod position;
mod proxy;
mod rate_limit;
mod retry;
mod telemetry;
mod tls;
mod transport;

pub use client::Client;
pub use config::ClientBuilder;
#[cfg(feature = "metadata")]
pub use credentials::EcsMetadata;
pub use credentials::{
    CredentialProvider, Credentials, DefaultChain, IamUser, ProvidedCredentials,
};
pub use endpoints::Service;
pub use error::{Error, ErrorKind};
pub use ids::{ClusterId, ProjectId, WorkspaceId};

/// The schema of an enum whose values are words: later versions may add words, so a reader must accept any. The known
/// words stay as a note, and what each means goes into the description.
#[cfg(feature = "schemars")]
pub(crate) fn open_words(schema: &mut schemars::Schema) {
    use serde_json::Value;

    let Some(Value::Array(known)) = schema.remove("oneOf") else {
        return;
    };
    let line = |word: &Value| {
        let text = |key| word.get(key).and_then(Value::as_str);
        Some(format!("- {}: {}", text("const")?, text("description")?))
    };
    let about = schema.get("description").and_then(Value::as_str);
    let lines: Vec<_> = about
        .map(|about| format!("{about} More words may be added."))
        .into_iter()
        .chain(known.iter().filter_map(line))
        .collect();
    let words: Vec<_> = known
        .iter()
        .filter_map(|word| word.get("const").cloned())
        .collect();
    schema.insert("type".to_owned(), "string".into());
    schema.insert("description".to_owned(), lines.join("\n").into());
    schema.insert("x-extensible-enum".to_owned(), words.into());
}
