//! What the logins of one user have come to, whatever project each was for.

use tokio::sync::Mutex;
use tokio::time::{Duration, Instant};

use crate::{Error, ErrorKind};

/// How long a refusal of user and password stands: IAM locks users who are refused several times in a row.
pub(super) const REFUSAL_KEPT: Duration = Duration::from_mins(1);

/// So many refusals in a row stand for all projects. One alone may be about its project only: IAM answers 401 to both.
const MOST_REFUSALS: u32 = 3;

/// Shared by the clones of a user, so that a wrong password is not tried once for each project.
#[derive(Debug, Default)]
pub(super) struct Logins(Mutex<Tried>);

#[derive(Debug, Default)]
struct Tried {
    is_accepted: bool,
    refusals: u32,
    last_refusal: Option<(Instant, Error)>,
}

impl Logins {
    /// Logs in, unless that was refused too often of late. Until a first login has succeeded, one goes after the other.
    pub(super) async fn attempt<T>(
        &self,
        login: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let mut tried = self.0.lock().await;
        if let Some(refusal) = tried.standing_refusal(Instant::now()) {
            return Err(refusal);
        }
        if tried.is_accepted {
            drop(tried);
            let answer = login.await;
            self.0.lock().await.note(&answer, Instant::now());
            return answer;
        }
        let answer = login.await;
        tried.note(&answer, Instant::now());
        answer
    }
}

impl Tried {
    fn standing_refusal(&self, now: Instant) -> Option<Error> {
        let (at, refusal) = self.last_refusal.as_ref()?;
        let stands = self.refusals >= MOST_REFUSALS && now < *at + REFUSAL_KEPT;
        stands.then(|| refusal.clone())
    }

    fn note<T>(&mut self, answer: &Result<T, Error>, now: Instant) {
        match answer {
            Ok(_) => {
                *self = Self {
                    is_accepted: true,
                    ..Self::default()
                }
            }
            Err(error) if error.kind() == ErrorKind::Authentication => {
                self.is_accepted = false;
                self.refusals += 1;
                self.last_refusal = Some((now, error.clone()));
            }
            // Says nothing of the password.
            Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused() -> Result<(), Error> {
        Err(Error::new(ErrorKind::Authentication, "wrong password"))
    }

    /// How many of the logins that end like this are tried.
    async fn tried(logins: &Logins, answers: &[Result<(), Error>]) -> usize {
        let mut count = 0;
        for answer in answers {
            let login = async {
                count += 1;
                answer.clone()
            };
            let _ = logins.attempt(login).await;
        }
        count
    }

    #[tokio::test(start_paused = true)]
    async fn three_refusals_in_a_row_stand_for_a_minute() {
        let logins = Logins::default();
        assert_eq!(
            tried(
                &logins,
                &[refused(), refused(), refused(), refused(), Ok(())]
            )
            .await,
            3
        );
        tokio::time::advance(REFUSAL_KEPT).await;
        assert_eq!(tried(&logins, &[refused(), Ok(())]).await, 1);
        tokio::time::advance(REFUSAL_KEPT).await;
        assert_eq!(
            tried(&logins, &[Ok(()), refused(), refused(), Ok(())]).await,
            4
        );
    }

    #[tokio::test]
    async fn a_failure_that_is_no_refusal_counts_for_nothing() {
        let logins = Logins::default();
        let down = || Err(Error::new(ErrorKind::Connect, "no connection"));
        assert_eq!(
            tried(
                &logins,
                &[refused(), down(), refused(), down(), down(), Ok(())]
            )
            .await,
            6
        );
    }
}
