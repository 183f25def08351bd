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
//! - [`Client`]: configured once, cheap to clone. Without explicit credentials it searches where the official SDKs do.
//! - [`Client::health`]: the verdict on one project; [`and`](health::Checker::and) adds further projects. See [`health`] for
//!   how verdicts are computed.
//! - [`Client::dataarts`], [`Client::dws`] and [`Client::mrs`]: the operations of one service. See [`list`] for the guarantees
//!   of a list that changes while it is read.
//! - [`guide`]: credentials, retries, lists, health, testing, traces, and use without async code.
//! - The crate `idsync-emulator` serves the operations on loopback, so that everything can be tried and tested without an
//!   account.
//!
//! # Guarantees
//!
//! - A call ends within its timeout, is retried only where that can help, and never follows a redirect.
//! - A response that is not understood is an error, never an empty success. An unreadable item costs only that item.
//! - Values that this version does not know are kept; a field that the service left out is `None`.
//! - No secret appears in a `Debug`, an error or a log.
//!
//! # Observability
//!
//! Each call is a `tracing` span named `call` with the target `idsync`. Its end is an event at DEBUG, or at WARN if it
//! failed; each attempt one at DEBUG, each wait one at TRACE. Fields have the names of the OpenTelemetry conventions for
//! HTTP clients, such as `http.response.status_code`, `server.address` and `error.type`; others begin with
//! `idsync.`.
//!
//! # Requirements
//!
//! The client needs a tokio runtime. Public signatures use types of these crates: `jiff` (times), `serde`, and
//! `futures-core` (`Stream`). `jiff` is the version 0.2, the only one that `schemars` can describe.

pub mod config;
pub mod dataarts;
pub mod dws;
pub mod health;
pub mod list;
pub mod mrs;
pub mod signing;

mod builder;
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
mod proxy;
mod rate_limit;
mod retry;
mod telemetry;
mod tls;
mod transport;

pub use builder::ClientBuilder;
pub use client::Client;
pub use credentials::{CredentialProvider, Credentials, EcsMetadata, IamUser, ProvidedCredentials};
pub use endpoints::Service;
pub use error::{Error, ErrorKind};
pub use ids::{ClusterId, ProjectId, WorkspaceId};
pub use rate_limit::RequestCounts;

/// Guides by task.
pub mod guide {
    #[doc = include_str!("../docs/blocking.md")]
    pub mod blocking {}
    #[doc = include_str!("../docs/credentials.md")]
    pub mod credentials {}
    #[doc = include_str!("../docs/health.md")]
    pub mod health {}
    #[doc = include_str!("../docs/lists.md")]
    pub mod lists {}
    #[doc = include_str!("../docs/observability.md")]
    pub mod observability {}
    #[doc = include_str!("../docs/retries.md")]
    pub mod retries {}
    #[doc = include_str!("../docs/testing.md")]
    pub mod testing {}
}

/// Defines an enum whose values are words in files, flags and outputs.
macro_rules! words {
    (
        $(#[$attribute:meta])*
        $name:ident {
            $($(#[$doc:meta])* $variant:ident = $word:literal,)+
        }
    ) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[non_exhaustive]
        $(#[$attribute])*
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// The word for it in settings and outputs.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

pub(crate) use words;

/// The schema of an enum whose values are words: later versions may add words, so a reader must accept any. The known
/// words stay as a note, and what each means goes into the description.
#[cfg(feature = "schemars")]
pub(crate) fn open_words(schema: &mut schemars::Schema) {
    use serde_json::Value;

    let Some(Value::Array(known)) = schema.remove("oneOf") else {
        return;
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut description = schema.get("description").map(text).unwrap_or_default();
    description.push_str(" More words may be added.");
    for word in &known {
        let (name, meaning) = (text(&word["const"]), text(&word["description"]));
        description.extend(["\n- ", &name, ": ", &meaning]);
    }
    let words: Vec<_> = known.iter().map(|word| word["const"].clone()).collect();
    schema.insert("type".to_owned(), "string".into());
    schema.insert("description".to_owned(), description.into());
    schema.insert("x-extensible-enum".to_owned(), words.into());
}
