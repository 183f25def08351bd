//! What is told while a list is read.

use std::fmt;
use std::sync::Arc;

/// How far a list has been read. Told to `on_page` for each page that arrives, before its items are handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How many pages have been read, those that were read again included.
    pub pages: u64,
    /// How many different items have come, this page's included.
    pub items: u64,
    /// How many items the service says there are. See [`Page::total`](super::Page::total).
    pub total: Option<u64>,
    /// Which pass this is, from 1. A later one means that the list changed while it was read.
    pub pass: u8,
}

/// What a caller wants to be told.
#[derive(Clone)]
pub(crate) struct ProgressHook(Arc<dyn Fn(&Progress) + Send + Sync>);

impl ProgressHook {
    pub(crate) fn new(tell: impl Fn(&Progress) + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    pub(super) fn tell(&self, progress: &Progress) {
        (self.0)(progress);
    }
}

impl fmt::Debug for ProgressHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProgressHook")
    }
}
