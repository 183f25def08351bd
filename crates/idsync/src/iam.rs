//! Identity and Access Management: tokens for a user, and the project of a region.
//!
//! IAM has no document under `openapi/`: these two operations are auxiliary, and only their few fields that are
//! needed here are read.

mod login;
mod projects;

pub(crate) use self::login::{Login, Scope};
pub(crate) use self::projects::project_named;
