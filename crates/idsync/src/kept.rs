//! A value that is fetched when it is needed, by one request for all who wait, and kept until it is about to end.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{Shared, WeakShared};
use tokio::time::Instant;

use crate::Error;

/// How long a value that could not be renewed is used on before renewal is tried again, while it is still good.
const RENEWAL_PAUSE: Duration = Duration::from_secs(30);

type Fetch<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// One value, and at most one fetch of it at a time.
///
/// The callers share the fetch: each that waits drives it, so that it goes on while at least one waits, whichever
/// of them gives up. When the last one does, the request ends too.
pub(crate) struct Kept<T> {
    state: Arc<Mutex<State<T>>>,
}

/// A fetched value with its term.
#[derive(Clone, Copy)]
pub(crate) struct Held<T> {
    value: T,
    /// From when on it is fetched anew; `None` for never.
    renew_at: Option<Instant>,
    /// Until when it may be used where renewing it fails.
    end: Option<Instant>,
}

struct State<T> {
    held: Option<Held<T>>,
    /// Weak, so that only those who wait keep the fetch going.
    flight: Option<WeakShared<Fetch<T>>>,
    /// The latest failure, and until when it stands for further ones.
    failure: Option<(Instant, Error)>,
    remember: fn(&Error) -> Duration,
}

/// What one who asks gets.
enum Boarding<T> {
    Known(Result<T, Error>),
    Flight(Shared<Fetch<T>>),
}

impl<T> Held<T> {
    /// A value that stays as it is.
    pub(crate) fn forever(value: T) -> Self {
        Self {
            value,
            renew_at: None,
            end: None,
        }
    }

    /// A value good for `lifetime` from now, renewed `margin` before its end, or at half its life if that is later.
    pub(crate) fn expiring(value: T, lifetime: Duration, margin: Duration) -> Self {
        let now = Instant::now();
        let fresh_for = lifetime.saturating_sub(margin).max(lifetime / 2);
        Self {
            value,
            renew_at: now.checked_add(fresh_for),
            end: now.checked_add(lifetime),
        }
    }

    fn is_fresh(&self, now: Instant) -> bool {
        self.renew_at.is_none_or(|renew_at| now < renew_at)
    }

    fn is_usable(&self, now: Instant) -> bool {
        self.end.is_none_or(|end| now < end)
    }
}

impl<T: Clone + Send + Sync + 'static> Kept<T> {
    /// Nothing yet. `remember` says how long an error of a fetch is given to all who ask, without asking again.
    pub(crate) fn new(remember: fn(&Error) -> Duration) -> Self {
        let state = State {
            held: None,
            flight: None,
            failure: None,
            remember,
        };
        Self {
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// The value: kept, or fetched by `fetch`, or by the fetch that is under way.
    ///
    /// # Errors
    ///
    /// That of the fetch, unless the value kept so far is still good.
    pub(crate) async fn get<F>(&self, fetch: impl FnOnce() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<Held<T>, Error>> + Send + 'static,
    {
        match self.board(fetch) {
            Boarding::Known(outcome) => outcome,
            Boarding::Flight(flight) => flight.await,
        }
    }

    /// The value if it is known, fresh or not.
    pub(crate) fn peek(&self) -> Option<T> {
        let state = lock(&self.state);
        state.held.as_ref().map(|held| held.value.clone())
    }

    /// Forgets a value that proved to be of no use; another one that has come since is kept.
    pub(crate) fn forget(&self, useless: impl Fn(&T) -> bool) {
        let mut state = lock(&self.state);
        state.held.take_if(|held| useless(&held.value));
    }

    /// What is known already, or else the fetch to wait for.
    fn board<F>(&self, fetch: impl FnOnce() -> F) -> Boarding<T>
    where
        F: Future<Output = Result<Held<T>, Error>> + Send + 'static,
    {
        let mut state = lock(&self.state);
        if let Some(known) = state.known(Instant::now()) {
            return Boarding::Known(known);
        }
        if let Some(flight) = state.flight.as_ref().and_then(WeakShared::upgrade) {
            return Boarding::Flight(flight);
        }
        let flight = self.launch(fetch());
        state.flight = flight.downgrade();
        Boarding::Flight(flight)
    }

    /// The fetch, which notes its own outcome when it ends.
    fn launch<F>(&self, fetch: F) -> Shared<Fetch<T>>
    where
        F: Future<Output = Result<Held<T>, Error>> + Send + 'static,
    {
        let state = Arc::clone(&self.state);
        let noted: Fetch<T> = Box::pin(async move {
            let outcome = fetch.await;
            lock(&state).settle(outcome, Instant::now())
        });
        noted.shared()
    }
}

impl<T: Clone> State<T> {
    fn known(&self, now: Instant) -> Option<Result<T, Error>> {
        if let Some(held) = self.held.as_ref().filter(|held| held.is_fresh(now)) {
            return Some(Ok(held.value.clone()));
        }
        let (until, error) = self.failure.as_ref()?;
        (now < *until).then(|| Err(error.clone()))
    }

    fn settle(&mut self, outcome: Result<Held<T>, Error>, now: Instant) -> Result<T, Error> {
        self.flight = None;
        self.failure = None;
        let error = match outcome {
            Ok(held) => return Ok(self.held.insert(held).value.clone()),
            Err(error) => error,
        };
        if let Some(held) = self.held.as_mut().filter(|held| held.is_usable(now)) {
            held.renew_at = Some(now + RENEWAL_PAUSE);
            return Ok(held.value.clone());
        }
        self.held = None;
        self.failure = Some((now + (self.remember)(&error), error.clone()));
        Err(error)
    }
}

/// No code that can panic runs under the lock, except a `clone` of the value.
fn lock<T>(state: &Mutex<State<T>>) -> MutexGuard<'_, State<T>> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Shows nothing of the value, which may be secret.
impl<T> fmt::Debug for Kept<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = lock(&self.state);
        f.debug_struct("Kept")
            .field("known", &state.held.is_some())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
