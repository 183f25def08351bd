//! What the requests for lists share: settings, a place in the list that can be saved, and endings.

use std::fmt;
use std::future::Future;
use std::hash::Hash;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::items::Page;
use crate::items::Pages;
use crate::transport::Operation;

/// A list operation with its filters set.
pub(crate) trait ListOperation: Clone + Send + Sync + 'static {
    /// What the list holds.
    type Item: Hash + Send + 'static;

    /// What is called.
    const OPERATION: Operation;

    /// What makes an item the same on two pages.
    fn id(item: &Self::Item) -> Option<&str>;

    /// Names the list for saved positions: the operation, what it is asked of, and the filters.
    fn name(&self) -> String;

    /// How the list is to be read.
    fn plan(&self) -> &Plan;

    /// The pages of the list.
    fn read(self) -> Pages<Self::Item> {
        Pages::read(self)
    }

    /// Requests one page.
    fn fetch(
        &self,
        offset: u64,
        limit: u32,
    ) -> impl Future<Output = Result<Page<Self::Item>, Error>> + Send;
}

/// How a request reads its list.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) unit: OffsetUnit,
    /// Of the first page, in `unit`.
    pub(crate) offset: u64,
    pub(crate) limit: u32,
    pub(crate) prefetch: usize,
    /// Takes precedence over unit, offset and limit.
    pub(crate) start: Option<Position>,
}

impl Plan {
    /// The whole list, in pages of `limit` items, one at a time.
    pub(crate) fn new(unit: OffsetUnit, limit: u32) -> Self {
        Self {
            unit,
            offset: 0,
            limit,
            prefetch: 1,
            start: None,
        }
    }
}

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

/// Brings a position and a page size to what a request can carry.
///
/// # Errors
///
/// `InvalidInput` for a page size of 0, and for a number beyond 32 bits. One beyond 31 bits is refused with the request.
pub(crate) fn in_range(offset: u64, limit: u32) -> Result<(u32, NonZeroU32), Error> {
    let offset = u32::try_from(offset).ok();
    offset.zip(NonZeroU32::new(limit)).ok_or_else(|| {
        Error::invalid_input("the offset is 0 to 2147483647, and the limit 1 to 2147483647")
    })
}

/// Gives a request that is a [`ListOperation`](crate::list::ListOperation) the settings and endings that all lists share.
macro_rules! list_request {
    ($request:ident lists $item:ident) => {
        impl $request {
            /// Continues at a saved position of the same list, with its page size; takes precedence over `offset` and `limit`.
            ///
            /// A position of another list is an error when something is requested.
            pub fn start_at(mut self, position: $crate::list::Position) -> Self {
                self.plan.start = Some(position);
                self
            }

            /// How many pages are requested at once; 1 if not set, and 0 counts as 1.
            ///
            /// Takes effect from the third page on, in a list whose total can be trusted; nothing is requested past
            /// the end. Pages keep their order. Requests run as tasks of the tokio runtime and are cancelled when the
            /// stream is dropped.
            pub fn prefetch(mut self, pages: usize) -> Self {
                self.plan.prefetch = pages;
                self
            }

            /// Requests one page.
            ///
            /// # Errors
            ///
            /// Any error of the call. What cannot be read of an item is among the page's
            /// [`errors`](crate::list::Page::errors).
            pub async fn send(self) -> Result<$crate::list::Page<$item>, Error> {
                $crate::list::one_page(self).await
            }

            /// Requests page after page, as the stream is read.
            pub fn pages(self) -> $crate::list::Pages<$item> {
                $crate::list::ListOperation::read(self)
            }

            /// Requests every item, page by page, as the stream is read.
            pub fn items(self) -> $crate::list::Items<$item> {
                self.pages().into_items()
            }
        }
    };
}

pub(crate) use list_request;
