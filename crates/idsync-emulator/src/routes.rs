//! One file for each operation, and one for the control paths.

pub(crate) mod control;
pub(crate) mod metadata;
pub(crate) mod projects;
pub(crate) mod records;
pub(crate) mod syncing;
pub(crate) mod tasks;
pub(crate) mod tokens;
