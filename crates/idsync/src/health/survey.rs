//! The questions to the services, several at once, and the judgement of what they answer.
//!
//! Workspaces are listed; each cluster that becomes known waits in the queue of its own service; as soon as that has
//! answered, the cluster is judged and its answers are let go. The three services are asked at the same time, each by its
//! own bound.

mod access;
mod questions;
mod roster;
mod subject;

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt;
use futures_util::stream::{self, StreamExt};
use idsync_api::dataarts_studio::enums::ClusterType;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use self::roster::{Entry, Listing, Roster};
use self::subject::Subject;
use super::check::Scope;
use super::pace::Pace;
use super::report::Judged;
use super::{ClusterHealth, ClusterObservation, NoteCode, Progress, Report, judge_cluster};
use crate::WorkspaceId;

/// One check of one or more projects.
#[derive(Debug)]
pub(super) struct Survey {
    subjects: Vec<Arc<Subject>>,
    pace: Pace,
    /// Lists and second looks together keep to the bound of DataArts Studio.
    dataarts: Semaphore,
    progress: Mutex<Progress>,
}

/// The clusters that wait for their own service.
struct Queues {
    dws: UnboundedSender<(Arc<Subject>, Entry)>,
    mrs: UnboundedSender<(Arc<Subject>, Entry)>,
}

impl Survey {
    /// Finds out what projects there are.
    pub(super) async fn begin(scopes: Vec<Scope>, pace: Pace) -> Self {
        let subjects = distinct(scopes, &pace).await;
        let workspaces = subjects
            .iter()
            .map(|subject| subject.workspaces.len() as u64);
        let progress = Progress {
            workspaces: workspaces.sum(),
            ..Progress::default()
        };
        Self {
            subjects: subjects.into_iter().map(Arc::new).collect(),
            dataarts: Semaphore::new(pace.concurrency().min(Semaphore::MAX_PERMITS)),
            progress: Mutex::new(progress),
            pace,
        }
    }

    /// Asks everything there is to ask.
    pub(super) async fn report(self) -> Report {
        let (dws, for_dws) = unbounded_channel();
        let (mrs, for_mrs) = unbounded_channel();
        tokio::join!(
            self.list(Queues { dws, mrs }),
            self.work_off(for_dws),
            self.work_off(for_mrs),
        );
        let mut ids = self.subjects.iter().map(|subject| &subject.project_id);
        let first = ids.next().cloned().flatten();
        let project_id = first.filter(|first| ids.all(|id| id.as_ref() == Some(first)));
        let judged = self.subjects.iter().map(|subject| subject.take_judged());
        judged
            .fold(Judged::default(), Judged::and)
            .into_report(project_id, self.pace.now())
    }

    /// Lists the workspaces of every project, and puts the clusters into their queues.
    async fn list(&self, queues: Queues) {
        stream::iter(self.subjects.clone())
            .for_each_concurrent(self.pace.concurrency(), |subject| {
                self.list_one(subject, &queues).boxed()
            })
            .await;
    }

    async fn list_one(&self, subject: Arc<Subject>, queues: &Queues) {
        let mut listings = stream::iter(subject.workspaces.clone())
            .map(|workspace| self.listing(&subject, workspace).boxed())
            .buffered(self.pace.concurrency())
            .enumerate();
        let mut roster = Roster::default();
        while let Some((workspace, listing)) = listings.next().await {
            roster.add(workspace, listing);
        }
        for named in &subject.named {
            roster.add_named(named);
        }
        for entry in roster.into_entries() {
            if subject.asks_about(entry.observation.cluster_id.as_deref()) {
                self.queue(&subject, entry, queues);
            }
        }
    }

    async fn listing(&self, subject: &Subject, workspace: WorkspaceId) -> Listing {
        let tasks = subject.client.dataarts(workspace).tasks();
        let listing = self.read(subject, tasks.pages()).await;
        subject.keep_errors(&listing.errors);
        self.advance(|progress| {
            progress.listed += 1;
            progress.problems += listing.errors.len() as u64;
        });
        listing
    }

    /// Lets a cluster wait for its own service, if it has one that can be asked.
    fn queue(&self, subject: &Arc<Subject>, mut entry: Entry, queues: &Queues) {
        if entry.observation.is_left_out(&subject.rules) {
            subject.keep_ignored();
            self.advance(|progress| progress.ignored += 1);
            return;
        }
        self.advance(|progress| progress.known += 1);
        entry.observation.project_id.clone_from(&subject.project_id);
        let queue = match &entry.observation.cluster_type {
            _ if entry.observation.cluster_id.is_none() => None,
            Some(ClusterType::Dws) => Some(&queues.dws),
            Some(ClusterType::Mrs) => Some(&queues.mrs),
            _ => None,
        };
        match queue {
            // The other end is open for as long as this one: both are held by `report`.
            Some(queue) => drop(queue.send((Arc::clone(subject), entry))),
            None => self.conclude(subject, &entry.observation),
        }
    }

    /// Asks about the clusters of one queue, as many at once as the bound allows.
    async fn work_off(&self, mut queue: UnboundedReceiver<(Arc<Subject>, Entry)>) {
        stream::poll_fn(|context| queue.poll_recv(context))
            .for_each_concurrent(self.pace.concurrency(), |(subject, entry)| {
                self.look(subject, entry).boxed()
            })
            .await;
    }

    /// Asks about one cluster, and once more if its sources disagree.
    async fn look(&self, subject: Arc<Subject>, entry: Entry) {
        let mut observation = self.ask(&subject, entry.observation).await;
        let health = judge_cluster(&observation, &subject.rules, self.pace.now());
        if is_contradictory(&health) {
            let workspaces = &entry.workspaces;
            observation = self.look_again(&subject, observation, workspaces).await;
        }
        self.conclude(&subject, &observation);
    }

    fn conclude(&self, subject: &Subject, cluster: &ClusterObservation) {
        let health = judge_cluster(cluster, &subject.rules, self.pace.now());
        let problems = cluster.problems();
        let number = problems.len() as u64;
        subject.keep(health, problems);
        self.advance(|progress| {
            progress.asked += 1;
            progress.problems += number;
        });
    }

    /// Notes that the check has come further, and tells it.
    fn advance(&self, step: impl FnOnce(&mut Progress)) {
        let progress = {
            let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
            step(&mut progress);
            *progress
        };
        self.pace.tell(progress);
    }
}

/// The projects, each once.
async fn distinct(scopes: Vec<Scope>, pace: &Pace) -> Vec<Subject> {
    let mut found = stream::iter(scopes)
        .map(|scope| Subject::of(scope, pace).boxed())
        .buffered(pace.concurrency());
    let mut subjects: Vec<Subject> = Vec::new();
    while let Some(subject) = found.next().await {
        let new = subjects
            .iter_mut()
            .try_fold(subject, |subject, known| known.merge(subject));
        subjects.extend(new);
    }
    subjects
}

fn is_contradictory(health: &ClusterHealth) -> bool {
    health
        .notes
        .iter()
        .any(|note| note.code == NoteCode::SourcesDisagree)
}
