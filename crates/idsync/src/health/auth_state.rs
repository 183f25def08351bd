//! Whether each service accepts the credentials of a project, as far as its answers tell.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Source;
use crate::{Error, ErrorKind, Service};

/// How many requests a service must refuse, and accept none, to be asked no more: a single refusal may concern a single
/// cluster.
const ENOUGH: u32 = 3;

/// What is known of the credentials of one project. One service's refusal says nothing of another service.
#[derive(Debug, Default)]
pub(super) struct AuthState {
    dataarts: Mutex<ServiceAnswers>,
    dws: Mutex<ServiceAnswers>,
    mrs: Mutex<ServiceAnswers>,
}

#[derive(Debug, Default)]
struct ServiceAnswers {
    is_accepted: bool,
    refusals: u32,
    error: Option<Error>,
}

impl AuthState {
    /// Why `service` is not asked.
    pub(super) fn refusal(&self, service: Service) -> Option<Error> {
        self.refused(service, ENOUGH)
    }

    /// Notes what `service` answered: an error, or something else.
    pub(super) fn note(&self, service: Service, error: Option<&Error>) {
        let mut answers = self.answers(service);
        match error.map(Error::kind) {
            Some(ErrorKind::Authentication | ErrorKind::Credentials) => {
                answers.refusals = answers.refusals.saturating_add(1);
                answers.error = answers.error.take().or(error.cloned());
            }
            // The service has looked at more than the credentials.
            None | Some(ErrorKind::Permission | ErrorKind::NotFound | ErrorKind::Decode) => {
                answers.is_accepted = true;
            }
            Some(_) => {}
        }
    }

    /// Each service that refused several requests and accepted none, with its first refusal.
    pub(super) fn refusals(&self) -> impl Iterator<Item = (Source, Error)> {
        [Service::DataArts, Service::Dws, Service::Mrs]
            .into_iter()
            .filter_map(|service| Some((service.into(), self.refused(service, 2)?)))
    }

    /// The first refusal of a service that has given at least so many.
    fn refused(&self, service: Service, refusals: u32) -> Option<Error> {
        let answers = self.answers(service);
        let is_refused = !answers.is_accepted && answers.refusals >= refusals;
        answers.error.clone().filter(|_| is_refused)
    }

    fn answers(&self, service: Service) -> MutexGuard<'_, ServiceAnswers> {
        let answers = match service {
            Service::Dws => &self.dws,
            Service::Mrs => &self.mrs,
            _ => &self.dataarts,
        };
        answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
