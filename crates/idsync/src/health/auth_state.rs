//! Whether each service accepts the credentials of a project, as far as its answers tell.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Source;
use crate::{Error, ErrorKind, Service};

/// How many requests a service must refuse, and accept none, to be asked no more: a single refusal may concern a single
/// cluster.
const ENOUGH: u32 = 3;

/// What is known of the credentials of one project. One service's refusal says nothing of another service.
#[derive(Debug, Default)]
pub(super) struct AuthState(Mutex<Answers>);

#[derive(Debug, Default)]
struct Answers {
    /// Why nothing can be asked about the project at all.
    closed: Option<Error>,
    services: [ServiceAnswers; 3],
}

#[derive(Clone, Debug, Default)]
struct ServiceAnswers {
    is_accepted: bool,
    refusals: u32,
    error: Option<Error>,
}

impl AuthState {
    /// Of a project about which nothing can be asked.
    pub(super) fn closed(error: &Error) -> Self {
        Self(Mutex::new(Answers {
            closed: Some(error.clone()),
            ..Answers::default()
        }))
    }

    /// Why `service` is not asked.
    pub(super) fn refusal(&self, service: Service) -> Option<Error> {
        let mut answers = self.answers();
        let closed = answers.closed.clone();
        closed.or_else(|| {
            let answers = answers.of(service)?;
            let is_refused = !answers.is_accepted && answers.refusals >= ENOUGH;
            answers.error.clone().filter(|_| is_refused)
        })
    }

    /// Notes what `service` answered: an error, or something else.
    pub(super) fn note(&self, service: Service, error: Option<&Error>) {
        let mut answers = self.answers();
        let Some(answers) = answers.of(service) else {
            return;
        };
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
    pub(super) fn refusals(&self) -> Vec<(Source, Error)> {
        let mut answers = self.answers();
        if let Some(error) = answers.closed.take() {
            return vec![(Source::All, error)];
        }
        let sources = Source::SERVICES.into_iter().zip(&answers.services);
        sources
            .filter(|(_, answers)| !answers.is_accepted && answers.refusals > 1)
            .filter_map(|(source, answers)| Some((source, answers.error.clone()?)))
            .collect()
    }

    fn answers(&self) -> MutexGuard<'_, Answers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Answers {
    fn of(&mut self, service: Service) -> Option<&mut ServiceAnswers> {
        let [dataarts, dws, mrs] = &mut self.services;
        match service {
            Service::DataArts => Some(dataarts),
            Service::Dws => Some(dws),
            Service::Mrs => Some(mrs),
            Service::Iam => None,
        }
    }
}
