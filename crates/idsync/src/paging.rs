//! One page, all pages, or every item of a list.

mod page;
#[cfg(test)]
mod tests;
mod walk;

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::stream::{self, BoxStream, Stream, StreamExt};

pub use self::page::Page;
pub(crate) use self::page::UnreadableItem;
pub(crate) use self::walk::{Listing, OffsetUnit, Start};
use crate::Error;

macro_rules! result_stream {
    ($(#[$doc:meta])* $name:ident<$param:ident> yields $item:ty) => {
        $(#[$doc])*
        #[must_use = "nothing is asked until the stream is read"]
        pub struct $name<$param>(BoxStream<'static, Result<$item, Error>>);

        impl<$param> $name<$param> {
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
    /// An error ends the stream. No page has nothing new: an item whose id was already seen is left out, and the
    /// stream ends with the list.
    Pages<T> yields Page<T>
);

result_stream!(
    /// Every item of a list, asked for page by page as the stream is read.
    ///
    /// An item that cannot be read is an error of kind [`Decode`](crate::ErrorKind::Decode) with its
    /// [path](Error::path), after which the stream goes on with the next item. An error about a whole page ends the
    /// stream. Nothing is yielded twice, by id.
    Items<T> yields T
);

impl<T: Send + 'static> Pages<T> {
    pub(crate) fn of<L: Listing<Item = T>>(listing: L, start: Start) -> Self {
        let walk = walk::Walk::new(listing, start);
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

/// Brings a position and a page size to what a request can carry.
///
/// # Errors
///
/// A usage error for a page size of 0, or a number beyond 2,147,483,647.
pub(crate) fn in_range(offset: u64, limit: u32) -> Result<(i32, u32), Error> {
    let offset = i32::try_from(offset);
    match (offset, i32::try_from(limit)) {
        (_, Ok(0)) => Err(Error::usage("the limit is 0; a page holds at least 1 item")),
        (Ok(offset), Ok(_)) => Ok((offset, limit)),
        (Err(_), _) => Err(Error::usage(
            "the offset is beyond 2147483647, the largest that can be sent",
        )),
        (_, Err(_)) => Err(Error::usage(
            "the limit is beyond 2147483647, the largest that can be sent",
        )),
    }
}
