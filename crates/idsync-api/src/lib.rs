//! Low-level clients for three Huawei Cloud operations that report on identity synchronization.
//!
//! | module | operation | returns |
//! |---|---|---|
//! | [`dataarts_studio`] | `listSecurityMemberSyncTasks` | the tasks that push users into MRS and DWS clusters |
//! | [`dws`] | `listSyncRecords` | the runs of the identity sources of a DWS cluster |
//! | [`mrs`] | `listClusterSyncTaskStatus` | whether an MRS cluster is synchronizing IAM users |
//!
//! The modules are generated from the documents in `openapi/` by `cargo xtask codegen`. They turn calls into requests
//! and responses into types; a [`Transport`] of the caller authenticates and sends. The crate `idsync` does all of it:
//! use it unless you need a transport of your own.
//!
//! # Calling an operation
//!
//! ```
//! use std::future::Future;
//!
//! use idsync_api::{Bytes, Request, Response, Transport, dws};
//!
//! /// Sends nothing: every list is empty.
//! struct Empty;
//!
//! impl Transport for Empty {
//!     type Error = std::io::Error;
//!
//!     async fn send(&self, _: &'static str, _: Request<Bytes>) -> Result<Response<Bytes>, Self::Error> {
//!         Ok(Response::new(Bytes::from_static(b"{\"count\":0,\"sync_records\":[]}")))
//!     }
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let client = dws::Client::new("https://dws.cn-north-4.myhuaweicloud.com", Empty);
//! let response = client
//!     .list_sync_records()
//!     .project_id("0a1b2c3d4e5f60718293a4b5c6d7e8f9")
//!     .cluster_id("5f6a7b8c-9d0e-4f1a-8b2c-3d4e5f6a7b8c")
//!     .send()
//!     .await?;
//! assert_eq!(response.body().count, Some(0));
//! # Ok::<_, idsync_api::Error<std::io::Error>>(()) })?;
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
//!
//! # Building a request only
//!
//! Without a transport an operation still builds its request, to be signed and sent elsewhere:
//!
//! ```
//! use idsync_api::dws;
//!
//! let client = dws::Client::new("https://dws.cn-north-4.myhuaweicloud.com", ());
//! let call = client.list_sync_records().project_id("p").cluster_id("c").offset(2);
//! let request = call.request()?;
//! assert_eq!(request.uri().query(), Some("offset=2"));
//! # Ok::<_, idsync_api::InvalidRequest>(())
//! ```
//!
//! # Guarantees
//!
//! - Every field of a response is optional: absent and null both read as `None`. Fields that are not documented are
//!   ignored.
//! - A documented set of values is an open enum: another value is kept in its variant `Other`.
//! - Path, query and header values are encoded. A path value that is empty, `.` or `..` is refused.
//! - Any status but 200 is [`Error::UnexpectedResponse`], a body that cannot be read
//!   [`Error::InvalidResponsePayload`]; both carry the response as it came.

mod open_enum;
mod transport;

#[allow(
    clippy::doc_markdown,
    reason = "generated: the texts are those of the documents"
)]
#[rustfmt::skip]
mod generated;

pub use bytes::Bytes;
pub use http::{Request, Response};

pub use generated::{dataarts_studio, dws, mrs};
pub use open_enum::OtherValue;
pub use transport::{Error, InvalidRequest, Transport};
