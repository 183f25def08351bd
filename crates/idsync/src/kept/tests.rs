//! One fetch for all, whoever gives up, and renewal in time. The clock is paused.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::time::{advance, sleep};

use super::*;
use crate::ErrorKind;

const LIFETIME: Duration = Duration::from_hours(1);
const MARGIN: Duration = Duration::from_mins(5);
const FRESH: Duration = Duration::from_mins(55);

/// Gives 1, 2, 3, … each good for an hour, and fails where told to.
#[derive(Clone, Default)]
struct Counter {
    fetches: Arc<AtomicU32>,
    fails: Arc<std::sync::atomic::AtomicBool>,
}

impl Counter {
    async fn fetch(self) -> Result<Held<u32>, Error> {
        let number = self.fetches.fetch_add(1, Ordering::SeqCst) + 1;
        sleep(Duration::from_millis(100)).await;
        if self.fails.load(Ordering::SeqCst) {
            return Err(Error::new(ErrorKind::Connect, "no connection"));
        }
        Ok(Held::expiring(number, LIFETIME, MARGIN))
    }

    async fn get(&self, kept: &Kept<u32>) -> Result<u32, Error> {
        kept.get(|| self.clone().fetch()).await
    }

    fn fetches(&self) -> u32 {
        self.fetches.load(Ordering::SeqCst)
    }

    fn fail(&self, fails: bool) {
        self.fails.store(fails, Ordering::SeqCst);
    }
}

fn forgetful() -> Kept<u32> {
    Kept::new(|_| Duration::ZERO)
}

#[tokio::test(start_paused = true)]
async fn a_value_is_kept_until_the_margin_before_its_end() {
    let (counter, kept) = (Counter::default(), forgetful());
    assert_eq!(counter.get(&kept).await.unwrap(), 1);
    advance(Duration::from_mins(54)).await;
    assert_eq!(counter.get(&kept).await.unwrap(), 1);
    advance(Duration::from_mins(1)).await;
    assert_eq!(counter.get(&kept).await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_short_life_is_used_to_its_half_and_a_value_without_end_for_ever() {
    let kept = forgetful();
    let short = |n| async move { Ok(Held::expiring(n, Duration::from_mins(4), MARGIN)) };
    assert_eq!(kept.get(|| short(1)).await.unwrap(), 1);
    advance(Duration::from_secs(119)).await;
    assert_eq!(kept.get(|| short(2)).await.unwrap(), 1);
    advance(Duration::from_secs(1)).await;
    assert_eq!(
        kept.get(|| async { Ok(Held::forever(3)) }).await.unwrap(),
        3
    );
    advance(Duration::from_hours(1000)).await;
    assert_eq!(kept.get(|| short(4)).await.unwrap(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_value_that_cannot_be_renewed_is_used_until_its_end() {
    let (counter, kept) = (Counter::default(), forgetful());
    counter.get(&kept).await.unwrap();
    counter.fail(true);
    advance(FRESH).await;
    assert_eq!(counter.get(&kept).await.unwrap(), 1);
    assert_eq!(counter.get(&kept).await.unwrap(), 1);
    assert_eq!(counter.fetches(), 2, "renewal pauses after a failure");
    advance(RENEWAL_PAUSE).await;
    assert_eq!(counter.get(&kept).await.unwrap(), 1);
    assert_eq!(counter.fetches(), 3);
    advance(MARGIN).await;
    assert_eq!(
        counter.get(&kept).await.unwrap_err().kind(),
        ErrorKind::Connect
    );
}

#[tokio::test(start_paused = true)]
async fn a_failure_stands_for_as_long_as_it_is_remembered() {
    let counter = Counter::default();
    let kept = Kept::new(|_| Duration::from_mins(1));
    counter.fail(true);
    counter.get(&kept).await.unwrap_err();
    counter.fail(false);
    advance(Duration::from_secs(59)).await;
    counter.get(&kept).await.unwrap_err();
    assert_eq!(counter.fetches(), 1);
    advance(Duration::from_secs(1)).await;
    assert_eq!(counter.get(&kept).await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn only_the_value_that_is_of_no_use_is_forgotten() {
    let (counter, kept) = (Counter::default(), forgetful());
    assert_eq!(kept.peek(), None);
    counter.get(&kept).await.unwrap();
    kept.forget(|value| *value == 7);
    assert_eq!(counter.get(&kept).await.unwrap(), 1);
    kept.forget(|value| *value == 1);
    assert_eq!((kept.peek(), counter.get(&kept).await.unwrap()), (None, 2));
}

#[tokio::test(start_paused = true)]
async fn a_fetch_that_nobody_waits_for_ends_and_the_next_caller_begins_anew() {
    let (counter, kept) = (Counter::default(), forgetful());
    let brief = Duration::from_millis(10);
    tokio::time::timeout(brief, counter.get(&kept))
        .await
        .unwrap_err();
    advance(LIFETIME).await;
    assert_eq!(kept.peek(), None, "the dropped fetch went on");
    assert_eq!(counter.get(&kept).await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_first_caller_may_give_up_without_harm_to_the_others() {
    let (counter, kept) = (Counter::default(), Arc::new(forgetful()));
    let call = |limit| {
        let (counter, kept) = (counter.clone(), Arc::clone(&kept));
        tokio::spawn(async move { tokio::time::timeout(limit, counter.get(&kept)).await })
    };
    let (first, second) = (
        call(Duration::from_millis(10)),
        call(Duration::from_secs(1)),
    );
    first.await.unwrap().unwrap_err();
    assert_eq!(second.await.unwrap().unwrap().unwrap(), 1);
    assert_eq!(counter.fetches(), 1);
}

/// Real threads and no paused clock: the one who began the fetch gives up, others come, wait and are cancelled at any
/// moment, and the fetch is held back meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn hundreds_of_callers_of_whom_many_give_up_share_one_fetch() {
    for round in 0..50 {
        let kept = Arc::new(forgetful());
        let fetches = Arc::new(AtomicU32::new(0));
        let gate = Arc::new(tokio::sync::Semaphore::new(0));
        let get = || {
            let (kept, fetches, gate) =
                (Arc::clone(&kept), Arc::clone(&fetches), Arc::clone(&gate));
            let fetch = move || async move {
                fetches.fetch_add(1, Ordering::SeqCst);
                // Closing the gate ends the wait with an error, which is all that matters here.
                let _ = gate.acquire().await;
                Ok(Held::forever(round))
            };
            Box::pin(async move { kept.get(fetch).await })
        };
        let (mut first, mut second) = (get(), get());
        assert!((&mut first).now_or_never().is_none());
        assert!((&mut second).now_or_never().is_none());

        let patient: Vec<_> = (0..100).map(|_| tokio::spawn(get())).collect();
        let hasty: Vec<_> = (0..100).map(|_| tokio::spawn(get())).collect();
        drop(first);
        hasty.iter().for_each(tokio::task::JoinHandle::abort);
        gate.close();
        assert_eq!(second.await.unwrap(), round);
        for caller in patient {
            assert_eq!(caller.await.unwrap().unwrap(), round);
        }
        for caller in hasty {
            match caller.await {
                Ok(outcome) => assert_eq!(outcome.unwrap(), round),
                Err(error) => assert!(error.is_cancelled()),
            }
        }
        assert_eq!(fetches.load(Ordering::SeqCst), 1, "round {round}");
    }
}

#[test]
fn debug_shows_no_value() {
    let kept = Kept::<&str>::new(|_| Duration::ZERO);
    lock(&kept.state).held = Some(Held::forever("SECRET"));
    let shown = format!("{kept:?}");
    assert!(
        shown.contains("known: true") && !shown.contains("SECRET"),
        "{shown}"
    );
}
