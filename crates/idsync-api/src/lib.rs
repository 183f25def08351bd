//! Low-level client for three Huawei Cloud operations that tell how identity synchronization is doing.
//!
//! | module | operation | answers |
//! |---|---|---|
//! | [`dataarts_studio`] | `listSecurityMemberSyncTasks` | the tasks that push users into MRS and DWS clusters |
//! | [`dws`] | `listSyncRecords` | the runs in which a DWS cluster took over users |
//! | [`mrs`] | `listClusterSyncTaskStatus` | whether an MRS cluster is copying IAM users now |
//!
//! The modules are generated from the documents in `openapi/` by `cargo xtask codegen`. This crate turns calls into
//! requests and answers into types, and leaves all else to its caller: whoever implements [`Transport`] signs,
//! sends, waits and retries. The crate `idsync` does that; use it unless you need something of your own.
//!
//! # Calling an operation
//!
//! ```
//! use std::future::Future;
//! use std::pin::Pin;
//! use std::sync::Arc;
//!
//! use idsync_api::{Inner, Transport, dws};
//!
//! /// Sends requests as they are.
//! #[derive(Debug)]
//! struct Plain(reqwest::Client);
//!
//! impl Transport for Plain {
//!     fn execute<'a>(
//!         &'a self,
//!         _operation: &'static str,
//!         request: reqwest::Request,
//!     ) -> Pin<Box<dyn Future<Output = reqwest::Result<reqwest::Response>> + Send + 'a>> {
//!         Box::pin(self.0.execute(request))
//!     }
//! }
//!
//! async fn newest_page(http: reqwest::Client) -> Result<Option<i64>, idsync_api::Error> {
//!     let inner = Inner(Arc::new(Plain(http.clone())));
//!     let client = dws::Client::new_with_client("https://dws.cn-north-4.myhuaweicloud.com", http, inner);
//!     let answer = client
//!         .list_sync_records()
//!         .project_id("0a1b2c3d4e5f60718293a4b5c6d7e8f9")
//!         .cluster_id("5f6a7b8c-9d0e-4f1a-8b2c-3d4e5f6a7b8c")
//!         .send()
//!         .await?;
//!     Ok(answer.into_inner().count)
//! }
//! ```
//!
//! # What to know
//!
//! - Every field of an answer is optional: the services promise none. Absent and null both read as `None`.
//! - Where a field has a fixed vocabulary, its type is an open enum: an unknown value is kept, not refused.
//! - Fields that the documents do not name are ignored. A JSON array is never taken for an object.
//! - Any status but 200 is [`Error::UnexpectedResponse`] with the untouched response; a body that cannot be read is
//!   [`Error::InvalidResponsePayload`] with its bytes.
//! - Path values are percent-encoded, but `.` and `..` would still be resolved as folders: check identifiers first.

mod hook;
mod object;
mod open_enum;

#[allow(
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes_without_reason,
    missing_docs,
    unused_qualifications,
    reason = "generated: what is said here about style is the generator's business"
)]
#[rustfmt::skip]
mod generated;

pub use generated::{dataarts_studio, dws, mrs};
pub use hook::{Inner, Transport};
pub use open_enum::OtherValue;
pub use progenitor_client::{Error, ResponseValue};
