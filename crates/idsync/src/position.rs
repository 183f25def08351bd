//! A place in a list that can be saved.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::Error;

/// What `offset` counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

    fn as_str(self) -> &'static str {
        match self {
            Self::Items => "items",
            Self::Pages => "pages",
        }
    }
}

/// A place in a list where a later request, perhaps of another process, continues.
///
/// Get it from [`Items::position`](crate::list::Items::position) or [`Pages::position`](crate::list::Pages::position),
/// save it as text or with serde (as a string), and give it to `start_at` of a request for the same list: same
/// cluster or workspace, same filters. Later versions of this crate read what this one writes.
///
/// It is a place, not a snapshot: what moved across it meanwhile comes twice or not at all.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Position {
    pub(crate) unit: OffsetUnit,
    pub(crate) offset: u64,
    pub(crate) limit: u32,
    /// How many items of the page were delivered.
    pub(crate) skip: usize,
    pub(crate) list: Arc<str>,
}

impl Position {
    /// Checks that the position is one of `list`.
    ///
    /// # Errors
    ///
    /// `InvalidInput` that names both lists.
    pub(crate) fn check(&self, list: &str) -> Result<(), Error> {
        if *self.list == *list {
            return Ok(());
        }
        Err(Error::invalid_input(format!(
            "the position is one of the list {}, and the request is for {list}",
            self.list
        )))
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            unit,
            offset,
            limit,
            skip,
            list,
        } = self;
        write!(f, "1:{}:{offset}:{limit}:{skip}:{list}", unit.as_str())
    }
}

impl FromStr for Position {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let invalid = || {
            Error::invalid_input(
                "the saved position is damaged, or of a later version: start from the beginning of the list",
            )
        };
        let mut parts = text.splitn(6, ':');
        let mut part = || parts.next().ok_or_else(invalid);
        if part()? != "1" {
            return Err(invalid());
        }
        let unit = match part()? {
            "items" => OffsetUnit::Items,
            "pages" => OffsetUnit::Pages,
            _ => return Err(invalid()),
        };
        Ok(Self {
            unit,
            offset: part()?.parse().map_err(|_| invalid())?,
            limit: part()?.parse().map_err(|_| invalid())?,
            skip: part()?.parse().map_err(|_| invalid())?,
            list: part()?.into(),
        })
    }
}

impl TryFrom<String> for Position {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<Position> for String {
    fn from(position: Position) -> Self {
        position.to_string()
    }
}
