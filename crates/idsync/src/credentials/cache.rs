//! A cache of fetched credentials: fetched when they are needed, once for all callers, and renewed before they expire.

use std::future::Future;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::Credentials;
use crate::Error;

/// The pause before the next try to renew credentials that are still valid.
const RENEWAL_PAUSE: Duration = Duration::from_secs(30);

/// Fetched credentials with their lifetime.
#[derive(Clone, Debug)]
pub(super) struct Fetched {
    credentials: Credentials,
    renew_at: Instant,
    end: Instant,
}

impl Fetched {
    /// Credentials that are valid for `lifetime` from now, and renewed `margin` before their end, or at half of their
    /// life if that is later.
    pub(super) fn new(credentials: Credentials, lifetime: Duration, margin: Duration) -> Self {
        let now = Instant::now();
        // Longer than any program keeps them, and no instant that overflows.
        let lifetime = lifetime.min(Duration::from_secs(24 * 365 * 3600));
        let fresh_for = lifetime.saturating_sub(margin).max(lifetime / 2);
        Self {
            credentials,
            renew_at: now + fresh_for,
            end: now + lifetime,
        }
    }
}

/// The latest credentials of one source.
#[derive(Debug)]
pub(super) struct TokenCache {
    /// How long a failure is given to all callers without another request.
    keep_failure: fn(&Error) -> Duration,
    /// Locked during a fetch.
    state: Mutex<CacheState>,
}

#[derive(Debug, Default)]
struct CacheState {
    fetched: Option<Fetched>,
    failure: Option<Failure>,
}

#[derive(Debug)]
struct Failure {
    error: Error,
    at: Instant,
    until: Instant,
}

impl TokenCache {
    pub(super) fn new(keep_failure: fn(&Error) -> Duration) -> Self {
        Self {
            keep_failure,
            state: Mutex::default(),
        }
    }

    /// The cached credentials, or those that `fetch` gives. Concurrent callers wait for one fetch; if its caller is
    /// cancelled, the next one fetches.
    ///
    /// # Errors
    ///
    /// That of the fetch, unless the credentials so far are still valid.
    pub(super) async fn get<F>(&self, fetch: impl FnOnce() -> F) -> Result<Credentials, Error>
    where
        F: Future<Output = Result<Fetched, Error>>,
    {
        let asked = Instant::now();
        let mut state = self.state.lock().await;
        let now = Instant::now();
        if let Some(fetched) = state.fetched.as_ref().filter(|it| now < it.renew_at) {
            return Ok(fetched.credentials.clone());
        }
        // A failure is kept, or came while the caller waited.
        if let Some(failure) = &state.failure
            && (now < failure.until || asked < failure.at)
        {
            return Err(failure.error.clone());
        }
        let error = match fetch().await {
            Ok(fetched) => return Ok(state.fetched.insert(fetched).credentials.clone()),
            Err(error) => error,
        };
        let now = Instant::now();
        if let Some(fetched) = state.fetched.as_mut().filter(|it| now < it.end) {
            fetched.renew_at = now + RENEWAL_PAUSE;
            return Ok(fetched.credentials.clone());
        }
        state.failure = Some(Failure {
            error: error.clone(),
            at: now,
            until: now + (self.keep_failure)(&error),
        });
        Err(error)
    }

    /// Drops `refused`; newer credentials stay. During a fetch there is nothing to drop: it replaces them.
    pub(super) fn invalidate(&self, refused: &Credentials) {
        if let Ok(mut state) = self.state.try_lock() {
            state
                .fetched
                .take_if(|fetched| fetched.credentials == *refused);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::time::{sleep, timeout};

    use super::*;
    use crate::ErrorKind;

    const MINUTE: Duration = Duration::from_mins(1);

    /// A source whose fetches take a second, and each give another token for ten minutes.
    #[derive(Debug)]
    struct Source {
        cache: TokenCache,
        fetches: AtomicU32,
    }

    impl Source {
        fn new() -> Arc<Self> {
            Arc::new(Self {
                cache: TokenCache::new(|_| MINUTE),
                fetches: AtomicU32::new(0),
            })
        }

        async fn get(&self, succeeds: bool) -> Result<Credentials, Error> {
            let fetch = || async {
                let number = self.fetches.fetch_add(1, Ordering::Relaxed) + 1;
                sleep(Duration::from_secs(1)).await;
                if succeeds {
                    return Ok(Fetched::new(token(number), 10 * MINUTE, MINUTE));
                }
                Err(Error::new(ErrorKind::Authentication, "refused"))
            };
            self.cache.get(fetch).await
        }

        fn fetches(&self) -> u32 {
            self.fetches.load(Ordering::Relaxed)
        }
    }

    fn token(number: u32) -> Credentials {
        Credentials::token(format!("token {number}"))
    }

    #[tokio::test(start_paused = true)]
    async fn concurrent_callers_share_one_fetch_and_its_failure() {
        for succeeds in [true, false] {
            let source = Source::new();
            let calls: tokio::task::JoinSet<_> = (0..8)
                .map(|_| {
                    let source = Arc::clone(&source);
                    async move { source.get(succeeds).await.is_ok() }
                })
                .collect();
            assert!(calls.join_all().await.iter().all(|ok| *ok == succeeds));
            assert_eq!(source.fetches(), 1);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn credentials_are_renewed_a_margin_before_their_end() {
        let source = Source::new();
        assert_eq!(source.get(true).await.unwrap(), token(1));
        sleep(8 * MINUTE).await;
        assert_eq!(source.get(true).await.unwrap(), token(1));
        sleep(MINUTE).await;
        assert_eq!(source.get(true).await.unwrap(), token(2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_failed_renewal_leaves_valid_credentials_in_use() {
        let source = Source::new();
        source.get(true).await.unwrap();
        sleep(9 * MINUTE).await;
        assert_eq!(source.get(false).await.unwrap(), token(1));
        assert_eq!(source.get(true).await.unwrap(), token(1));
        sleep(2 * MINUTE).await;
        assert!(source.get(false).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_kept_for_its_time() {
        let source = Source::new();
        for _ in 0..3 {
            assert!(source.get(false).await.is_err());
        }
        assert_eq!(source.fetches(), 1);
        sleep(MINUTE).await;
        assert!(source.get(true).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn only_refused_credentials_are_dropped() {
        let source = Source::new();
        source.get(true).await.unwrap();
        source.cache.invalidate(&token(7));
        assert_eq!(source.get(true).await.unwrap(), token(1));
        source.cache.invalidate(&token(1));
        assert_eq!(source.get(true).await.unwrap(), token(2));
    }

    #[tokio::test(start_paused = true)]
    async fn the_next_caller_fetches_if_the_first_is_cancelled() {
        let source = Source::new();
        let hasty = timeout(Duration::from_millis(10), source.get(true));
        let (hasty, patient) = tokio::join!(hasty, source.get(true));
        assert!(hasty.is_err());
        assert_eq!(patient.unwrap(), token(2));
    }
}
