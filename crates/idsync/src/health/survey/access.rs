//! Whether the services accept the credentials of a project, as far as their answers tell.

use std::sync::{Mutex, PoisonError};

use crate::health::{Problem, Source};
use crate::{Error, ErrorKind, Service};

/// What is known of the credentials of one project, for each of the three services.
///
/// A refusal stands for all that would be asked of the service, unless the service has accepted the credentials before:
/// then it is about that one question.
#[derive(Debug, Default)]
pub(super) struct Access(Mutex<[State; 3]>);

#[derive(Clone, Debug, Default)]
enum State {
    #[default]
    Untried,
    Accepted,
    Refused(Error),
}

impl Access {
    /// Of a project about which nothing can be asked.
    pub(super) fn none(error: &Error) -> Self {
        Self(Mutex::new([(); 3].map(|()| State::Refused(error.clone()))))
    }

    /// Why `service` need not be asked.
    pub(super) fn refusal(&self, service: Service) -> Option<Error> {
        match self.with(service, |state| state.clone())? {
            State::Refused(error) => Some(error),
            State::Untried | State::Accepted => None,
        }
    }

    /// Notes what `service` answered.
    pub(super) fn note<T>(&self, service: Service, answer: &Result<T, Error>) {
        self.with(service, |state| match (answer, &state) {
            (Err(error), State::Untried) if is_refusal(error) => {
                *state = State::Refused(error.clone());
            }
            (Err(error), _) if !is_acceptance(error) => {}
            _ => *state = State::Accepted,
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
        let accepted = |service| self.with(service, |state| matches!(state, State::Accepted));
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
    fn services_that_all_refuse_are_told_of_as_one_and_otherwise_each() {
        use ErrorKind::{Authentication, Credentials};
        let dataarts = (Service::DataArts, Err(error(Authentication)));
        let dws = (Service::Dws, Err(error(Authentication)));
        let access = answered(std::slice::from_ref(&dws));
        assert_eq!(told(&access), [(Source::Dws, Authentication)]);
        let access = answered(&[dataarts.clone(), dws.clone()]);
        assert_eq!(told(&access), [(Source::All, Authentication)]);
        let access = answered(&[dataarts, dws, (Service::Mrs, Ok(()))]);
        let each = [Source::DataArts, Source::Dws].map(|source| (source, Authentication));
        assert_eq!(told(&access), each);
        assert_eq!(
            told(&Access::none(&error(Credentials))),
            [(Source::All, Credentials)]
        );
        assert_eq!(told(&Access::default()), []);
    }
}
