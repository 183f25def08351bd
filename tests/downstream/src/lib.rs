//! What a team might write on top of the facade.

use std::error::Error as StdError;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

use idsync::dataarts::{SyncStatus, Task};
use idsync::health::Report;
use idsync::list::Items;
use idsync::{Client, CredentialProvider, Credentials, Error, ErrorKind, ProvidedCredentials};

/// An error type of the team's own.
#[derive(Debug)]
pub enum TeamError {
    /// The vault with the keys is sealed.
    VaultSealed,
    /// Anything else that idsync reports.
    Idsync(Error),
}

impl From<Error> for TeamError {
    fn from(error: Error) -> Self {
        let mut source = error.source();
        while let Some(cause) = source {
            if cause.is::<VaultSealed>() {
                return Self::VaultSealed;
            }
            source = cause.source();
        }
        Self::Idsync(error)
    }
}

impl fmt::Display for TeamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::VaultSealed => f.write_str("unseal the vault first"),
            Self::Idsync(error) => write!(f, "idsync: {error}"),
        }
    }
}

impl StdError for TeamError {}

/// Why the vault gave no key.
#[derive(Debug)]
pub struct VaultSealed;

impl fmt::Display for VaultSealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("vault sealed")
    }
}

impl StdError for VaultSealed {}

/// Gives another key each time it is asked, until the keys run out.
#[derive(Debug)]
pub struct RotatingVault {
    keys: Vec<(String, String)>,
    next: AtomicUsize,
}

impl RotatingVault {
    pub fn new(keys: impl IntoIterator<Item = (String, String)>) -> Self {
        Self {
            keys: keys.into_iter().collect(),
            next: AtomicUsize::new(0),
        }
    }
}

impl CredentialProvider for RotatingVault {
    fn credentials(&self) -> ProvidedCredentials<'_> {
        let key = self.keys.get(self.next.fetch_add(1, Ordering::Relaxed));
        let found = key.map(|(ak, sk)| Credentials::access_key(ak, sk));
        Box::pin(async { found.ok_or_else(|| Error::credentials(VaultSealed)) })
    }
}

/// The names of the clusters whose task failed: a function that a unit test can feed without a socket.
pub async fn failing_clusters(mut tasks: Items<Task>) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    while let Some(task) = tasks.try_next().await? {
        if task.sync_status == Some(SyncStatus::SyncFail) {
            names.extend(task.cluster_name.map(|name| name.to_string()));
        }
    }
    Ok(names)
}

/// The status code of `/healthz`: 200 only for a verdict that rests on evidence.
pub fn healthz(report: &Result<Report, Error>) -> u16 {
    use idsync::health::Verdict;
    match report {
        Ok(report) if report.is_conclusive() && report.verdict <= Verdict::Running => 200,
        Ok(_) | Err(_) => 503,
    }
}

/// The number of tasks of each workspace, read side by side.
pub async fn count_tasks(client: &Client, workspaces: [&str; 3]) -> Result<[usize; 3], TeamError> {
    let count = |workspace: &str| {
        let mut tasks = client.dataarts(workspace).tasks().items();
        tokio::spawn(async move {
            let mut count = 0;
            while tasks.try_next().await?.is_some() {
                count += 1;
            }
            Ok::<_, Error>(count)
        })
    };
    let running = workspaces.map(count);
    let mut counts = [0; 3];
    for (slot, task) in counts.iter_mut().zip(running) {
        let ended = task.await;
        *slot = ended.map_err(|_| Error::new(ErrorKind::Cancelled, "the reader ended early"))??;
    }
    Ok(counts)
}
