//! The pages that have been asked for and not yet been read.

use std::collections::VecDeque;
use std::panic::resume_unwind;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tracing::Instrument;

use super::course::Course;
use super::{Listing, Page};
use crate::{Error, ErrorKind};

/// Up to `width` pages at once, in their order. What is dropped with it is cancelled.
pub(super) struct Flight<T> {
    width: u64,
    asked: VecDeque<InFlight<T>>,
}

impl<T: Send + 'static> Flight<T> {
    pub(super) fn new(width: usize) -> Self {
        Self {
            width: (width as u64).max(1),
            asked: VecDeque::new(),
        }
    }

    /// Forgets what was asked for: the way leads elsewhere.
    pub(super) fn cancel(&mut self) {
        self.asked.clear();
    }

    /// The answer to page `index` of `course`; it and those behind it, `reach` in all, are asked for as far as wide.
    pub(super) async fn land<L: Listing<Item = T>>(
        &mut self,
        listing: &Arc<L>,
        course: Course,
        index: u64,
        reach: u64,
    ) -> Result<Page<T>, Error> {
        let ahead = reach.clamp(1, self.width);
        for number in self.asked.len() as u64..ahead {
            let asked = ask(listing, course, index.saturating_add(number));
            self.asked.push_back(if self.width > 1 {
                InFlight::in_background(asked)
            } else {
                InFlight::Here(asked)
            });
        }
        match self.asked.pop_front() {
            Some(asked) => asked.land().await,
            None => ask(listing, course, index).await,
        }
    }
}

fn ask<L: Listing>(
    listing: &Arc<L>,
    course: Course,
    index: u64,
) -> BoxFuture<'static, Result<Page<L::Item>, Error>> {
    let listing = Arc::clone(listing);
    let request = course.request(index);
    async move { listing.fetch(request.offset, request.limit).await }.boxed()
}

/// One page on its way.
enum InFlight<T> {
    /// Comes only while it is waited for.
    Here(BoxFuture<'static, Result<Page<T>, Error>>),
    /// Comes while its reader is busy, so that a slow reader lets no deadline pass.
    InBackground(Background<T>),
}

impl<T: Send + 'static> InFlight<T> {
    fn in_background(asked: BoxFuture<'static, Result<Page<T>, Error>>) -> Self {
        match Handle::try_current() {
            Ok(runtime) => Self::InBackground(Background(runtime.spawn(asked.in_current_span()))),
            Err(_) => Self::Here(asked),
        }
    }

    async fn land(self) -> Result<Page<T>, Error> {
        match self {
            Self::Here(asked) => asked.await,
            Self::InBackground(mut background) => match (&mut background.0).await {
                Ok(answer) => answer,
                Err(failure) if failure.is_panic() => resume_unwind(failure.into_panic()),
                Err(_) => Err(Error::new(
                    ErrorKind::Cancelled,
                    "the runtime shut down while a page was on its way",
                )),
            },
        }
    }
}

/// A task that ends with its handle.
struct Background<T>(JoinHandle<Result<Page<T>, Error>>);

impl<T> Drop for Background<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
