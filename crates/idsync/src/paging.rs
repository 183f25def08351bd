//! One page, all pages, or every item of a list.
//!
//! A list of the services comes in pages by position, and may change between two of them: what is deleted pulls later
//! items to the front, across the edge of the page to come, and what is inserted pushes them back. No answer tells the
//! state of the list it was cut from. What is done about it:
//!
//! - **Nothing comes twice**, by id.
//! - **A change that shows is answered by reading again** from the start, until one pass shows none. It shows when the
//!   total differs between two pages of a pass, when a pass brings an id twice, and when the list ends before its
//!   total. A pass during which the list stands still shows nothing, and brings all there is: whatever was in the list
//!   from the first request to the last has then come.
//! - **A list that shows a change in every pass ends in an error** of kind [`Service`](crate::ErrorKind::Service) that
//!   says so, after `passes` passes (5 if not set). What was read until then has been handed out.
//! - **A list that shows no change is read once**, in as many requests as it has pages. One more may be needed where
//!   the total is missing, or equals a full first page and so may be the count of that page alone.
//!
//! # What does not show
//!
//! As many deletions before the position as insertions behind it, between the same two pages, leave every total as it
//! was and bring nothing twice; yet an item was pulled across the edge and is missed. No reader who asks for each page
//! once can tell this from a list that stood still. Pages that overlap by an item would show it, but cannot be had: one
//! service counts whole pages, the other may round a position down to one. Where the service tells no total, even a
//! deletion alone does not show.
//!
//! Where that matters, ask for it to be [`confirmed`](crate::dataarts::ListTasks::confirmed): the list is then read
//! until two passes in a row bring the same ids in the same order, which leaves no room for an item that was missed in
//! both, provided an id does not come back after its deletion (and, where the service tells no total, pages are asked
//! for one by one). A list of one page is one moment, and needs no second pass.
//!
//! # Where it holds, and where less does
//!
//! From the start of a list of items with ids, whose service gives page and total of the same moment. A server that
//! counts the other thing in `offset` is found out by what it answers, at the cost of some requests, and one more pass
//! may be needed; one that makes pages smaller than asked for loses nothing as long as it tells the total. From a later
//! start, edits before it move items across. Items without an id cannot be told apart: each pass is taken to bring the
//! same ones first.
//!
//! # Memory
//!
//! The pages on their way, and at most 24 bytes for each id seen, however long it is. Ids are compared by 64 random
//! bits of hash.

mod course;
mod flight;
mod listing;
mod page;
mod pass;
mod plan;
mod position;
mod progress;
mod seen;
#[cfg(test)]
mod tests;
mod walk;

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::stream::{self, BoxStream, Stream, StreamExt};

pub(crate) use self::listing::{Listing, OffsetUnit, in_range};
pub use self::page::Page;
pub(crate) use self::page::UnreadableItem;
pub(crate) use self::plan::{Plan, list_request};
pub use self::position::Position;
pub use self::progress::Progress;
use crate::Error;

macro_rules! result_stream {
    ($(#[$doc:meta])* $name:ident<$param:ident> yields $item:ty) => {
        $(#[$doc])*
        #[must_use = "nothing is asked until the stream is read"]
        pub struct $name<$param>(BoxStream<'static, Result<$item, Error>>);

        impl<$param> $name<$param> {
            /// The next one or what went wrong, or `None` at the end; for reading on after an error that costs one item.
            pub async fn next(&mut self) -> Option<Result<$item, Error>> {
                self.0.next().await
            }

            /// The next one, or `None` at the end.
            ///
            /// # Errors
            ///
            /// See the type.
            pub async fn try_next(&mut self) -> Result<Option<$item>, Error> {
                self.0.next().await.transpose()
            }
        }

        impl<$param> Stream for $name<$param> {
            type Item = Result<$item, Error>;

            fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
                self.0.poll_next_unpin(context)
            }
        }

        impl<$param> fmt::Debug for $name<$param> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    };
}

result_stream!(
    /// The pages of a list, asked for one after another as the stream is read.
    ///
    /// An error ends the stream. An item whose id was already seen is left out, and so is a page, other than the first,
    /// that brings nothing new. What is promised of a list that changes is told by the [module](self).
    Pages<T> yields Page<T>
);

result_stream!(
    /// Every item of a list, asked for page by page as the stream is read.
    ///
    /// An item that cannot be read is an error of kind [`Decode`](crate::ErrorKind::Decode) with its
    /// [path](Error::path), after which the stream goes on with the next item. An error about a whole page ends the
    /// stream. Nothing is yielded twice, by id. What is promised of a list that changes is told by the [module](self).
    Items<T> yields T
);

impl<T: Send + 'static> Pages<T> {
    pub(crate) fn of<L: Listing<Item = T>>(listing: L, plan: Plan) -> Self {
        let walk = walk::Walk::new(listing, plan);
        Self(
            stream::unfold(walk, |mut walk| async move {
                walk.next().await.map(|page| (page, walk))
            })
            .boxed(),
        )
    }

    /// Every item of these pages.
    pub fn into_items(self) -> Items<T> {
        Items(self.0.flat_map(|page| stream::iter(entries(page))).boxed())
    }
}

/// The items of a page that arrived, or the one error of a page that did not.
fn entries<T>(page: Result<Page<T>, Error>) -> Vec<Result<T, Error>> {
    match page {
        Ok(page) => page.into_entries().collect(),
        Err(error) => vec![Err(error)],
    }
}
