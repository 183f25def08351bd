//! A place in a list that can be saved.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::Error;

/// What `offset` counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OffsetUnit {
    /// Items; a service may round down to a multiple of `limit`.
    Items,
    /// Pages, from 0.
    Pages,
}

impl OffsetUnit {
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Items => Self::Pages,
            Self::Pages => Self::Items,
        }
    }
}

/// A place in a list where a later request, perhaps of another process, continues.
///
/// Get it from [`Items::position`](crate::list::Items::position) or [`Pages::position`](crate::list::Pages::position),
/// save it as text or with serde, and give it to `start_at` of a request for the same list: same
/// cluster or workspace, same filters. Later versions of this crate read what this one writes.
///
/// It is a place, not a snapshot: what moved across it meanwhile comes twice or not at all.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Position {
    pub(crate) unit: OffsetUnit,
    pub(crate) offset: u64,
    pub(crate) limit: u32,
    /// How many items of the page were delivered.
    pub(crate) skip: usize,
    pub(crate) list: Arc<str>,
}

/// As JSON.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string(self).map_err(|_| fmt::Error)?;
        f.write_str(&text)
    }
}

impl FromStr for Position {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).map_err(|_| {
            Error::invalid_input(
                "the saved position is damaged, or of another version: start from the beginning of the list",
            )
        })
    }
}
