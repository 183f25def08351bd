//! Which project a client reads: given, or looked up once by the name of the region.

use crate::kept::{Held, Kept};
use crate::{Error, ProjectId};

/// The project of a client.
#[derive(Debug)]
pub(crate) enum Project {
    /// Somebody wrote it down.
    Given(ProjectId),
    /// The main project of this region, which IAM knows.
    OfRegion {
        region: String,
        found: Kept<ProjectId>,
    },
}

impl Project {
    /// The main project of `region`, to be looked up when it is needed.
    pub(crate) fn of_region(region: String) -> Self {
        Self::OfRegion {
            region,
            found: Kept::new(|_| std::time::Duration::ZERO),
        }
    }

    /// The id as far as it is known without asking.
    pub(crate) fn known(&self) -> Option<ProjectId> {
        match self {
            Self::Given(id) => Some(id.clone()),
            Self::OfRegion { found, .. } => found.peek(),
        }
    }

    /// The id; `look_up` is called with the region, once for all who wait, until it has succeeded.
    ///
    /// # Errors
    ///
    /// What kept the lookup from succeeding.
    pub(crate) async fn id<F>(&self, look_up: impl FnOnce(String) -> F) -> Result<ProjectId, Error>
    where
        F: Future<Output = Result<ProjectId, Error>> + Send + 'static,
    {
        match self {
            Self::Given(id) => Ok(id.clone()),
            Self::OfRegion { region, found } => {
                let ask = || {
                    let answer = look_up(region.clone());
                    async { answer.await.map(Held::forever) }
                };
                found.get(ask).await
            }
        }
    }
}
