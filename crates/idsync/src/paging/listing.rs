//! What a list operation has to tell so that it can be read to its end.

use std::future::Future;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::Page;
use crate::Error;

/// What a list operation counts in `offset`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OffsetUnit {
    /// The position of an item, which a service may round down to a multiple of `limit`.
    Items,
    /// The number of a page, from 0.
    Pages,
}

impl OffsetUnit {
    pub(super) fn other(self) -> Self {
        match self {
            Self::Items => Self::Pages,
            Self::Pages => Self::Items,
        }
    }
}

/// A list operation with its filters set.
pub(crate) trait Listing: Send + Sync + 'static {
    /// What the list holds.
    type Item: Send + 'static;

    /// What makes an item the same on two pages.
    fn id(item: &Self::Item) -> Option<&str>;

    /// Asks for one page.
    fn fetch(
        &self,
        offset: u64,
        limit: u32,
    ) -> impl Future<Output = Result<Page<Self::Item>, Error>> + Send;
}

/// Brings a position and a page size to what a request can carry.
///
/// # Errors
///
/// A usage error for a page size of 0, or a number beyond 2,147,483,647.
pub(crate) fn in_range(offset: u64, limit: u32) -> Result<(u32, NonZeroU32), Error> {
    let Some(limit) = NonZeroU32::new(limit) else {
        return Err(Error::invalid_input(
            "the limit is 0; a page holds at least 1 item",
        ));
    };
    match (i32::try_from(offset), i32::try_from(limit.get())) {
        (Ok(offset), Ok(_)) => Ok((offset.unsigned_abs(), limit)),
        (Err(_), _) => Err(Error::invalid_input(
            "the offset is beyond 2147483647, the largest that can be sent",
        )),
        (_, Err(_)) => Err(Error::invalid_input(
            "the limit is beyond 2147483647, the largest that can be sent",
        )),
    }
}
