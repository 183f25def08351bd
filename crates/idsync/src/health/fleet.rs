//! The health of clusters in several projects, in one run.

use std::future::Future;

use jiff::Timestamp;

use super::check::Scope;
use super::pace::Pace;
use super::survey::Survey;
use super::{HealthCheck, Progress, Report};
use crate::Error;

/// Several [`HealthCheck`]s in one run and one report: one for each project, each with its own client and rules.
///
/// ```no_run
/// # async fn run(client: idsync::Client) -> Result<(), idsync::Error> {
/// use idsync::health::Fleet;
///
/// let other = client.for_project("1944b684")?;
/// let fleet = Fleet::new()
///     .add(client.health().workspace("f7bc8f2a"))
///     .add(other.health().workspace("a1b2c3d4").cluster("mrs:5f6a7b8c".parse()?));
/// println!("{}", fleet.check().await?.verdict);
/// # Ok(()) }
/// ```
///
/// What fails in one cluster, service or project is a [`Problem`](super::Problem) of the report, and the rest goes on. A
/// service that refuses the credentials of a project is asked no more, and told of once.
///
/// At any time about twice as many answers are held as are asked for at once: a cluster is judged as soon as its own
/// service has answered.
#[derive(Clone, Debug, Default)]
#[must_use = "nothing is asked until the check is awaited"]
pub struct Fleet {
    scopes: Vec<Scope>,
    pace: Pace,
}

impl Fleet {
    /// A fleet of no clusters.
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn of(scope: Scope, pace: Pace) -> Self {
        Self {
            scopes: vec![scope],
            pace,
        }
    }

    /// Adds what `check` asks for. How it is run is set for the fleet as a whole: bound, hook and end of the check do not
    /// count.
    ///
    /// Checks of the same project at the same endpoints are one: the client and the rules of the first count.
    #[allow(
        clippy::should_implement_trait,
        reason = "a builder, whose checks are not summed"
    )]
    pub fn add(mut self, check: HealthCheck) -> Self {
        self.scopes.push(check.into_scope());
        self
    }

    /// How many questions are asked at once of each service, all projects together; 8 if not set, at least 1. The
    /// services are asked at the same time.
    pub fn concurrency(mut self, questions: usize) -> Self {
        self.pace.set_concurrency(questions);
        self
    }

    /// Calls `hook` whenever the check has come further. It should return at once, since the check waits for it.
    pub fn on_progress(mut self, hook: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.pace.set_on_progress(hook);
        self
    }

    /// Ends the check when `end` completes: no question is begun any more, and calls under way are dropped.
    ///
    /// The report then tells what is known, and is not [complete](Report::complete). What was not asked is a problem of
    /// kind [`Cancelled`](crate::ErrorKind::Cancelled), and makes its cluster at best `unknown`.
    pub fn until(mut self, end: impl Future<Output = ()> + Send + 'static) -> Self {
        self.pace.set_until(end);
        self
    }

    /// Sets where the time comes from by which is judged: that of this machine if not set.
    ///
    /// For services that live by another time, such as an emulator whose clock was moved. Calls are signed by the time of
    /// this machine all the same.
    pub fn clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.pace.set_clock(clock);
        self
    }

    /// Asks the services and judges what they say.
    ///
    /// Where DataArts Studio and a cluster's own service disagree, both are asked once more about that cluster: most of
    /// the time, a run just began or ended between the two questions.
    ///
    /// # Errors
    ///
    /// `Usage` if there is nothing to ask about in one of the checks, or a workspace id is not valid. What could not be
    /// asked is no error but a [`Problem`](super::Problem) of the report.
    pub async fn check(self) -> Result<Report, Error> {
        if self.scopes.is_empty() {
            return Err(Error::invalid_input(
                "nothing to check: add a check to the fleet",
            ));
        }
        for scope in &self.scopes {
            scope.ensure_usable()?;
        }
        Ok(Survey::begin(self.scopes, self.pace).await.report().await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_can_be_spawned_and_one_of_nothing_is_refused() {
        fn spawnable<T: Send + 'static>(future: T) -> T {
            future
        }
        let check = spawnable(Fleet::new().check());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let error = runtime.block_on(check).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::InvalidInput);
    }
}
