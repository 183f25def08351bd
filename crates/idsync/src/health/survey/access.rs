//! Whether the services accept the credentials of a project, as far as their answers tell.

use std::sync::{Mutex, PoisonError};

use crate::health::{Problem, Source};
use crate::{Error, ErrorKind, Service};

/// How many questions a service must refuse, and answer none, to be asked no more where another service knows the
/// credentials: they are the same for all, so a single refusal may concern a single cluster.
const ENOUGH: u32 = 3;

/// What is known of the credentials of one project, for each of the three services.
///
/// A service that refused is asked no more, unless some service has accepted the credentials; then it takes [`ENOUGH`]
/// refusals. One that has accepted them itself is asked whatever it refuses later.
#[derive(Debug, Default)]
pub(super) struct Access(Mutex<[State; 3]>);

#[derive(Clone, Debug, Default)]
struct State {
    is_accepted: bool,
    refusals: u32,
    error: Option<Error>,
}

impl Access {
    /// Of a project about which nothing can be asked.
    pub(super) fn none(error: &Error) -> Self {
        Self(Mutex::new([(); 3].map(|()| State {
            is_accepted: false,
            refusals: ENOUGH,
            error: Some(error.clone()),
        })))
    }

    /// Why `service` need not be asked.
    pub(super) fn refusal(&self, service: Service) -> Option<Error> {
        let needed = if self.is_accepted_anywhere() {
            ENOUGH
        } else {
            1
        };
        self.with(service, |state| {
            let is_refused = !state.is_accepted && state.refusals >= needed;
            state.error.clone().filter(|_| is_refused)
        })?
    }

    /// Notes what `service` answered.
    pub(super) fn note<T>(&self, service: Service, answer: &Result<T, Error>) {
        self.with(service, |state| match answer {
            Err(error) if is_refusal(error) => {
                state.refusals = state.refusals.saturating_add(1);
                state.error.get_or_insert_with(|| error.clone());
            }
            Err(error) if !is_acceptance(error) => {}
            _ => state.is_accepted = true,
        });
    }

    /// Each refusal and who told it; only one of each kind, if no service has accepted the credentials.
    pub(super) fn refusals_to_tell(&self) -> Vec<(Source, Error)> {
        let all_refuse = !self.is_accepted_anywhere();
        let mut told: Vec<(Source, Error)> = Vec::new();
        for (source, error) in self.refusals() {
            let mut known = told.iter_mut().filter(|_| all_refuse);
            match known.find(|(_, known)| known.kind() == error.kind()) {
                Some((source, _)) => *source = Source::All,
                None => told.push((source, error)),
            }
        }
        told
    }

    /// Whether `problem` is a refusal, which is told for all.
    pub(super) fn covers(&self, problem: &Problem) -> bool {
        self.refusals()
            .iter()
            .any(|(source, error)| *source == problem.source && error.kind() == problem.error.kind)
    }

    fn refusals(&self) -> Vec<(Source, Error)> {
        let refusal = |service| Some((Source::from(service), self.refusal(service)?));
        Service::ALL.into_iter().filter_map(refusal).collect()
    }

    fn is_accepted_anywhere(&self) -> bool {
        let accepted = |service| self.with(service, |state| state.is_accepted);
        Service::ALL
            .into_iter()
            .any(|service| accepted(service) == Some(true))
    }

    fn with<T>(&self, service: Service, look: impl FnOnce(&mut State) -> T) -> Option<T> {
        let position = Service::ALL.iter().position(|known| *known == service)?;
        let mut states = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        states.get_mut(position).map(look)
    }
}

fn is_refusal(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Authentication | ErrorKind::Credentials
    )
}

/// Whether the service has looked at more than the credentials.
fn is_acceptance(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Permission | ErrorKind::NotFound | ErrorKind::Decode
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(kind: ErrorKind) -> Error {
        Error::new(kind, "an error")
    }

    fn told(access: &Access) -> Vec<(Source, ErrorKind)> {
        let told = access.refusals_to_tell().into_iter();
        told.map(|(source, error)| (source, error.kind())).collect()
    }

    fn answered(answers: &[(Service, Result<(), Error>)]) -> Access {
        let access = Access::default();
        for (service, answer) in answers {
            access.note(*service, answer);
        }
        access
    }

    #[test]
    fn a_refusal_stands_until_the_service_shows_that_it_knows_the_credentials() {
        use ErrorKind::{Authentication, Connect, Permission, Service as Other, Throttled};
        let refused = || Err(error(Authentication));
        for passing in [Connect, Other, Throttled, Authentication] {
            let access = answered(&[
                (Service::Dws, Err(error(passing))),
                (Service::Dws, refused()),
            ]);
            assert!(access.refusal(Service::Dws).is_some(), "{passing}");
        }
        for accepting in [
            Ok(()),
            Err(error(Permission)),
            Err(error(ErrorKind::NotFound)),
        ] {
            let access = answered(&[(Service::Dws, accepting), (Service::Dws, refused())]);
            assert!(access.refusal(Service::Dws).is_none());
        }
        let access = answered(&[(Service::Dws, refused()), (Service::Dws, Ok(()))]);
        assert!(access.refusal(Service::Dws).is_none());
    }

    #[test]
    fn a_service_is_given_up_later_if_another_one_knows_the_credentials() {
        let refused = || (Service::Dws, Err(error(ErrorKind::Authentication)));
        let accepted = || (Service::DataArts, Ok(()));
        let access = answered(&[accepted(), refused(), refused()]);
        assert!(access.refusal(Service::Dws).is_none());
        assert_eq!(told(&access), [], "these are problems of single questions");
        let access = answered(&[refused(), accepted()]);
        assert!(access.refusal(Service::Dws).is_none());
        let access = answered(&[refused(), refused(), accepted(), refused()]);
        assert!(access.refusal(Service::Dws).is_some());
    }

    #[test]
    fn services_that_all_refuse_are_told_of_as_one_and_otherwise_each() {
        use ErrorKind::{Authentication, Credentials};
        let dataarts = (Service::DataArts, Err(error(Authentication)));
        let dws = (Service::Dws, Err(error(Authentication)));
        let access = answered(std::slice::from_ref(&dws));
        assert_eq!(told(&access), [(Source::Dws, Authentication)]);
        let access = answered(&[dataarts.clone(), dws.clone()]);
        assert_eq!(told(&access), [(Source::All, Authentication)]);
        let mrs = (Service::Mrs, Ok(()));
        let thrice = |one| std::iter::repeat_n(one, 3);
        let all: Vec<_> = thrice(dataarts).chain(thrice(dws)).chain([mrs]).collect();
        let access = answered(&all);
        let each = [Source::DataArts, Source::Dws].map(|source| (source, Authentication));
        assert_eq!(told(&access), each);
        assert_eq!(
            told(&Access::none(&error(Credentials))),
            [(Source::All, Credentials)]
        );
        assert_eq!(told(&Access::default()), []);
    }
}
