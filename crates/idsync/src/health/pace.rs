//! How a check is run: how much at once, who is told, and when it ends.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Either, Shared, select};
use jiff::Timestamp;

use super::Progress;
use crate::{Error, ErrorKind};

/// How many questions are asked at once of each service where nothing else is set.
const DEFAULT_CONCURRENCY: usize = 8;

/// How a check is run, whatever it asks.
#[derive(Clone)]
pub(super) struct Pace {
    concurrency: usize,
    on_progress: Option<Arc<dyn Fn(Progress) + Send + Sync>>,
    until: Option<Shared<BoxFuture<'static, ()>>>,
    clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            concurrency: DEFAULT_CONCURRENCY,
            on_progress: None,
            until: None,
            clock: Arc::new(Timestamp::now),
        }
    }
}

impl Pace {
    pub(super) fn set_concurrency(&mut self, questions: usize) {
        self.concurrency = questions.max(1);
    }

    pub(super) fn set_on_progress(&mut self, hook: impl Fn(Progress) + Send + Sync + 'static) {
        self.on_progress = Some(Arc::new(hook));
    }

    pub(super) fn set_until(&mut self, end: impl Future<Output = ()> + Send + 'static) {
        self.until = Some(end.boxed().shared());
    }

    pub(super) fn set_clock(&mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) {
        self.clock = Arc::new(clock);
    }

    /// The time by which is judged.
    pub(super) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// How many questions are asked at once of each service: at least 1.
    pub(super) fn concurrency(&self) -> usize {
        self.concurrency
    }

    pub(super) fn tell(&self, progress: Progress) {
        if let Some(hook) = &self.on_progress {
            hook(progress);
        }
    }

    /// The answer to `question`, unless the check is ended before there is one.
    pub(super) async fn bound<T>(
        &self,
        question: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let Some(end) = self.until.clone() else {
            return question.await;
        };
        // The end is looked at first: once it has come, no question is begun.
        match select(end, pin!(question)).await {
            Either::Left(_) => Err(ended()),
            Either::Right((answer, _)) => answer,
        }
    }
}

fn ended() -> Error {
    Error::new(
        ErrorKind::Cancelled,
        "the check was ended before this was answered",
    )
}

impl fmt::Debug for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pace")
            .field("concurrency", &self.concurrency)
            .field("has_end", &self.until.is_some())
            .finish_non_exhaustive()
    }
}
