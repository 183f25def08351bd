//! How a list is to be read.

use super::position::Position;
use super::progress::ProgressHook;
use super::seen::Seen;
use super::{OffsetUnit, Progress};

/// How often a list is read from its start at most, where nothing else is set.
const DEFAULT_PASSES: u8 = 5;

/// What a request says of the way through its list.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(super) counts: OffsetUnit,
    /// In what `counts` says.
    pub(crate) offset: u64,
    pub(crate) limit: u32,
    pub(super) max_items: Option<u64>,
    pub(super) prefetch: usize,
    passes: u8,
    pub(super) confirmed: bool,
    pub(super) on_page: Option<ProgressHook>,
}

impl Plan {
    /// The whole list, in pages of `limit` items.
    pub(crate) fn new(counts: OffsetUnit, limit: u32) -> Self {
        Self {
            counts,
            offset: 0,
            limit,
            max_items: None,
            prefetch: 1,
            passes: DEFAULT_PASSES,
            confirmed: false,
            on_page: None,
        }
    }

    pub(crate) fn resume(&mut self, position: Position) {
        self.counts = position.counts;
        self.offset = position.offset;
        self.limit = position.limit;
    }

    pub(crate) fn set_max_items(&mut self, items: u64) {
        self.max_items = Some(items);
    }

    pub(crate) fn set_prefetch(&mut self, pages: usize) {
        self.prefetch = pages;
    }

    pub(crate) fn set_passes(&mut self, passes: u8) {
        self.passes = passes.clamp(1, Seen::LAST_PASS);
    }

    /// How often the list is read at most; one pass alone cannot agree with another.
    pub(super) fn passes(&self) -> u8 {
        self.passes.max(if self.confirmed { 2 } else { 1 })
    }

    pub(crate) fn confirm(&mut self) {
        self.confirmed = true;
    }

    pub(crate) fn set_on_page(&mut self, tell: impl Fn(&Progress) + Send + Sync + 'static) {
        self.on_page = Some(ProgressHook::new(tell));
    }
}

/// Gives a request that is a [`Listing`](super::Listing) and has a `plan` the settings and endings that all lists share.
macro_rules! list_request {
    ($request:ident lists $item:ident) => {
        impl $request {
            /// Goes on at a [position](crate::paging::Page::next_position) that an earlier request came to; sets
            /// offset and limit.
            ///
            /// What the earlier request has given is not known to this one.
            pub fn resume(mut self, position: $crate::paging::Position) -> Self {
                self.plan.resume(position);
                self
            }

            /// Ends after this many items, unreadable ones included; without end if not set.
            ///
            /// No page is asked for behind the one that completes them. The size of the pages stays as it is, and the
            /// last one is cut.
            pub fn max_items(mut self, items: u64) -> Self {
                self.plan.set_max_items(items);
                self
            }

            /// How many pages may be on their way at once; 1 if not set, and 0 is taken for 1.
            ///
            /// They are handed out in their order, and a failure in its place. Those that lie ahead come in tasks of
            /// the runtime while the reader is busy, and are cancelled when the stream is dropped. The first page is
            /// waited for alone. With a known total nothing is asked behind the end; without one, up to
            /// `pages - 1` requests are.
            pub fn prefetch(mut self, pages: usize) -> Self {
                self.plan.set_prefetch(pages);
                self
            }

            /// How often the list is read from its start before it is given up as never standing still; 5 if not set,
            /// brought to 1..=15.
            ///
            /// A list that shows no change is read once. See [`paging`](crate::paging).
            pub fn passes(mut self, passes: u8) -> Self {
                self.plan.set_passes(passes);
                self
            }

            /// Reads a list of several pages until two passes in a row agree, so that no change goes unnoticed.
            ///
            /// Costs at least twice the requests, and takes 1 of [`passes`](Self::passes) for 2. See
            /// [`paging`](crate::paging).
            pub fn confirmed(mut self) -> Self {
                self.plan.confirm();
                self
            }

            /// Tells `tell` how far the list has been read, for each page that arrives.
            pub fn on_page(
                mut self,
                tell: impl Fn(&$crate::paging::Progress) + Send + Sync + 'static,
            ) -> Self {
                self.plan.set_on_page(tell);
                self
            }

            /// Asks for one page.
            ///
            /// # Errors
            ///
            /// Any [`Error`] of the call. An item that cannot be read is an error inside the [`Page`], not of it.
            pub async fn send(self) -> Result<$crate::paging::Page<$item>, Error> {
                self.fetch(self.plan.offset, self.plan.limit).await
            }

            /// Asks for page after page, as they are read.
            pub fn pages(self) -> $crate::paging::Pages<$item> {
                let plan = self.plan.clone();
                $crate::paging::Pages::of(self, plan)
            }

            /// Asks for every item, page by page, as they are read.
            pub fn items(self) -> $crate::paging::Items<$item> {
                self.pages().into_items()
            }
        }
    };
}

pub(crate) use list_request;
