//! Keeps the number of connections to that of the calls under way.
//!
//! A connection is free again a moment after its answer was read. A call that comes in that moment would open another,
//! which the HTTP library completes and keeps even if the first one turns out to be free; with many tasks these add up.

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};
use tower_layer::Layer;
use tower_service::Service as Connector;
use url::Url;

use crate::Service;
use crate::region::Endpoints;

/// How long after the end of a call its connection is waited for; most are free within microseconds.
const GRACE: Duration = Duration::from_millis(100);

/// After so many waits in a row for nothing, none is begun any more: the server closes its connections unannounced.
const MOST_IN_VAIN: u8 = 3;

type BoxError = Box<dyn StdError + Send + Sync>;

tokio::task_local! {
    /// The call for which a connection is opened.
    static VISIT: Arc<Visit>;
}

/// What is known of the connections to one host.
#[derive(Debug, Default)]
pub(crate) struct Host(Mutex<Usage>);

#[derive(Debug, Default)]
struct Usage {
    calls: usize,
    /// Open, or being opened.
    connections: usize,
    /// When the last call ended.
    ended: Option<Instant>,
    /// How many waits in a row brought no connection.
    in_vain: u8,
}

impl Usage {
    /// Counts a connection that is opened now; or says until when to wait for one that is about to be free.
    fn open_or_wait(&mut self, now: Instant) -> Option<Instant> {
        let enough = self.connections >= self.calls;
        let patience = self.ended.map(|ended| ended + GRACE);
        let worthwhile = enough && self.in_vain < MOST_IN_VAIN;
        let wait = patience.filter(|end| worthwhile && now < *end);
        if wait.is_none() {
            self.connections += 1;
        }
        wait
    }
}

/// The host of each service; services at one address share it.
#[derive(Clone, Debug)]
pub(crate) struct Hosts([Arc<Host>; 4]);

impl Hosts {
    /// For services with these base URLs.
    pub(crate) fn new(endpoints: &Endpoints) -> Self {
        let address = |service| {
            let url = Url::parse(endpoints.get(service).ok()?).ok()?;
            Some(url.authority().to_owned())
        };
        let mut known: Vec<(Option<String>, Arc<Host>)> = Vec::new();
        let mut host = |service| {
            let address = address(service);
            let same = known.iter().find(|(other, _)| *other == address);
            let host = same.map_or_else(Arc::default, |(_, host)| Arc::clone(host));
            known.push((address, Arc::clone(&host)));
            host
        };
        let [dataarts, dws, mrs] = Service::ALL;
        Self([host(dataarts), host(dws), host(mrs), host(Service::Iam)])
    }

    pub(super) fn of(&self, service: Service) -> &Arc<Host> {
        let [dataarts, dws, mrs, iam] = &self.0;
        match service {
            Service::DataArts => dataarts,
            Service::Dws => dws,
            Service::Mrs => mrs,
            Service::Iam => iam,
        }
    }
}

impl Host {
    /// Sends a request by way of `sending`, which uses a connection to this host; `stays` tells whether the answer
    /// leaves it open.
    pub(super) async fn visit<T, E>(
        self: &Arc<Self>,
        sending: impl Future<Output = Result<T, E>>,
        stays: impl FnOnce(&T) -> bool,
    ) -> Result<T, E> {
        self.usage().calls += 1;
        let visit = Arc::new(Visit {
            host: Arc::clone(self),
            over: Notify::new(),
        });
        let mut end = End {
            visit: Arc::clone(&visit),
            kept: false,
        };
        let result = VISIT.scope(visit, sending).await;
        end.kept = result.as_ref().is_ok_and(stays);
        result
    }

    /// See [`Usage::open_or_wait`].
    fn open_or_wait(&self) -> Option<Instant> {
        self.usage().open_or_wait(Instant::now())
    }

    /// Notes a wait that went on until `end`, unless a call has ended since it began.
    fn waited_in_vain(&self, end: Instant) {
        let mut usage = self.usage();
        if usage.ended.is_none_or(|ended| ended + GRACE <= end) {
            usage.in_vain = usage.in_vain.saturating_add(1);
        }
    }

    fn usage(&self) -> MutexGuard<'_, Usage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One request and its answer.
#[derive(Debug)]
struct Visit {
    host: Arc<Host>,
    /// Told when nothing is waited for any more.
    over: Notify,
}

/// Ends a visit, even one whose caller gave up.
struct End {
    visit: Arc<Visit>,
    /// Whether the connection can be used again.
    kept: bool,
}

impl Drop for End {
    fn drop(&mut self) {
        let mut usage = self.visit.host.usage();
        usage.calls -= 1;
        usage.ended = Some(Instant::now());
        if !self.kept {
            usage.connections = usage.connections.saturating_sub(1);
        }
        self.visit.over.notify_one();
    }
}

/// Lets connections be opened with patience.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience;

impl<S> Layer<S> for Patience {
    type Service = Patient<S>;

    fn layer(&self, connector: S) -> Patient<S> {
        Patient(connector)
    }
}

/// A connector that first waits for a connection that is about to be free.
#[derive(Clone, Debug)]
pub(super) struct Patient<S>(S);

impl<S, R> Connector<R> for Patient<S>
where
    S: Connector<R, Error = BoxError> + Clone + Send + 'static,
    S::Response: Send,
    S::Future: Send,
    R: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, target: R) -> Self::Future {
        // The one that is ready is used, and a copy takes its place.
        let copy = self.0.clone();
        let mut connector = std::mem::replace(&mut self.0, copy);
        let visit = VISIT.try_with(Arc::clone).ok();
        Box::pin(async move {
            let Some(visit) = visit else {
                return connector.call(target).await;
            };
            // As long as calls end, their connections come free, and the longest wait is served first.
            while let Some(end) = visit.host.open_or_wait() {
                if timeout_at(end, visit.over.notified()).await.is_ok() {
                    visit.host.usage().in_vain = 0;
                    return Err(NotNeeded.into());
                }
                visit.host.waited_in_vain(end);
            }
            connector.call(target).await
        })
    }
}

/// Why a connection was not opened: its call has used another, and nobody sees this.
#[derive(Debug)]
struct NotNeeded;

impl fmt::Display for NotNeeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("another connection became free")
    }
}

impl StdError for NotNeeded {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::region::EndpointChoice;

    fn usage(calls: usize, connections: usize, ended: Option<Instant>) -> Usage {
        Usage {
            calls,
            connections,
            ended,
            in_vain: 0,
        }
    }

    #[test]
    fn a_server_that_closes_unannounced_is_waited_for_a_few_times_only() {
        let now = Instant::now();
        let host = Host(Mutex::new(usage(1, 1, Some(now))));
        for _ in 0..MOST_IN_VAIN {
            let wait = host.usage().open_or_wait(now);
            assert_eq!(wait, Some(now + GRACE));
            host.waited_in_vain(now + GRACE);
        }
        assert_eq!(host.usage().open_or_wait(now), None);
        let host = Host(Mutex::new(usage(1, 1, Some(now + GRACE))));
        host.waited_in_vain(now + GRACE);
        assert_eq!(host.usage().in_vain, 0, "a call has ended meanwhile");
    }

    #[test]
    fn a_connection_is_waited_for_only_if_there_are_enough_and_one_was_just_in_use() {
        let now = Instant::now();
        let just = Some(now);
        let long_ago = now.checked_sub(GRACE);
        assert!(long_ago.is_some());
        for (mut usage, wait) in [
            (usage(1, 0, None), None),
            (usage(2, 1, just), None),
            (usage(2, 2, long_ago), None),
            (usage(2, 2, just), Some(now + GRACE)),
            (usage(1, 5, just), Some(now + GRACE)),
        ] {
            let before = usage.connections;
            assert_eq!(usage.open_or_wait(now), wait);
            assert_eq!(usage.connections - before, usize::from(wait.is_none()));
        }
    }

    #[tokio::test]
    async fn a_call_counts_while_it_lasts_and_its_connection_while_it_can_be_used() {
        let host = Arc::<Host>::default();
        let visit = |result: Result<bool, ()>| {
            let during = Arc::clone(&host);
            let sending = async move {
                assert_eq!(during.usage().calls, 1);
                during.usage().connections += 1;
                result
            };
            host.visit(sending, |stays| *stays)
        };
        for (result, connections) in [(Ok(true), 1), (Ok(false), 1), (Err(()), 1), (Ok(true), 2)] {
            assert_eq!(visit(result).await, result);
            assert_eq!(host.usage().calls, 0);
            assert_eq!(host.usage().connections, connections);
        }
    }

    #[test]
    fn services_at_one_address_share_a_host() {
        let endpoints = |dws: &str| {
            let choice = EndpointChoice {
                for_all: Some("https://all.example/prefix".into()),
                for_one: vec![(Service::Dws, dws.into())],
                ..EndpointChoice::default()
            };
            Hosts::new(&choice.settle(&|_| None).unwrap())
        };
        let same = |hosts: &Hosts, other| Arc::ptr_eq(hosts.of(Service::DataArts), hosts.of(other));
        let hosts = endpoints("https://dws.example");
        assert!(same(&hosts, Service::Mrs) && !same(&hosts, Service::Dws));
        assert!(same(&endpoints("https://all.example"), Service::Dws));
    }
}
