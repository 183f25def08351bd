//! What each service answers to a call with credentials.

use idsync_api::dataarts_studio::enums::ClusterType;

use super::Check;
use super::subject::{Subject, refused};
use crate::dataarts::Task;
use crate::health::ClusterRef;
use crate::{Client, ClusterId, Error, Service, WorkspaceId};

/// Asks the services, for the clusters that were named.
pub(super) struct Answers<'a> {
    pub(super) client: &'a Client,
    pub(super) clusters: &'a [ClusterRef],
}

/// One cluster of each service, as the tasks of DataArts Studio name them.
#[derive(Debug, Default)]
pub(super) struct Listed {
    pub(super) dws: Option<ClusterId>,
    pub(super) mrs: Option<ClusterId>,
}

/// Whether a service can be asked, or why not.
type Open = Result<(), String>;

impl Answers<'_> {
    /// Asks for the tasks of `workspace`.
    pub(super) async fn of_dataarts(
        &self,
        open: Open,
        workspace: Option<&Result<WorkspaceId, Error>>,
    ) -> (Check, Listed) {
        let name = name(Service::DataArts);
        let unasked = |why: String| (Check::skipped(name.clone(), why), Listed::default());
        let workspace = match (open, workspace) {
            (Err(why), _) => return unasked(why),
            (Ok(()), None) => {
                let (check, listed) = unasked("no workspace is given".to_owned());
                return (
                    check.advised("name a workspace to have DataArts Studio asked"),
                    listed,
                );
            }
            (Ok(()), Some(workspace)) => workspace.clone(),
        };
        let page = match workspace {
            Ok(workspace) => self.client.dataarts(workspace).tasks().send().await,
            Err(error) => Err(error),
        };
        match page {
            Ok(page) => {
                let total = page.total().unwrap_or(page.len() as u64);
                let listed = Listed::among(|| page.items().iter());
                (readable(name, total, "task", page.errors().next()), listed)
            }
            Err(error) => (refused(name, &error), Listed::default()),
        }
    }

    /// Asks for the records of each DWS cluster that was named, else of `listed`, else of nobody's.
    pub(super) async fn of_dws(&self, open: Open, listed: Option<ClusterId>) -> Vec<Check> {
        let name = name(Service::Dws);
        if let Err(why) = open {
            return vec![Check::skipped(name, why)];
        }
        let mut checks = Vec::new();
        for subject in self.subjects(Service::Dws, listed) {
            let records = self.client.dws().sync_records(subject.id()).send().await;
            checks.push(subject.judge(&name, records, |page| {
                let total = page.total().unwrap_or(page.len() as u64);
                readable(name.clone(), total, "record", page.errors().next())
            }));
        }
        checks
    }

    /// Asks for the flag of each MRS cluster that was named, else of `listed`, else of nobody's.
    pub(super) async fn of_mrs(&self, open: Open, listed: Option<ClusterId>) -> Vec<Check> {
        let name = name(Service::Mrs);
        if let Err(why) = open {
            return vec![Check::skipped(name, why)];
        }
        let mut checks = Vec::new();
        for subject in self.subjects(Service::Mrs, listed) {
            let flag = self.client.mrs().is_synchronizing(subject.id()).await;
            checks.push(subject.judge(&name, flag, |flag| {
                let told = match flag {
                    Some(true) => "is synchronizing now",
                    Some(false) => "is idle",
                    None => "does not say whether it is synchronizing",
                };
                Check::ok(name.clone(), format!("answered: the cluster {told}"))
            }));
        }
        checks
    }

    fn subjects(&self, service: Service, listed: Option<ClusterId>) -> Vec<Subject> {
        let named = self.clusters.iter().filter_map(|cluster| match cluster {
            ClusterRef::Dws(id) if service == Service::Dws => Some(Subject::Known(id.clone())),
            ClusterRef::Mrs(id) if service == Service::Mrs => Some(Subject::Known(id.clone())),
            _ => None,
        });
        let named: Vec<_> = named.collect();
        if named.is_empty() {
            vec![listed.map_or(Subject::Nobody, Subject::Known)]
        } else {
            named
        }
    }
}

impl Listed {
    fn among<'a, I: Iterator<Item = &'a Task>>(tasks: impl Fn() -> I) -> Self {
        let first = |wanted: &ClusterType| {
            tasks()
                .filter(|task| task.cluster_type.as_ref() == Some(wanted))
                .find_map(|task| task.cluster_id.as_deref()?.parse().ok())
        };
        Self {
            dws: first(&ClusterType::Dws),
            mrs: first(&ClusterType::Mrs),
        }
    }
}

fn name(service: Service) -> String {
    format!("answer.{service}")
}

/// A list was read; one item that could not be is worth a look.
fn readable(name: String, total: u64, noun: &str, unreadable: Option<&Error>) -> Check {
    let plural = if total == 1 { "" } else { "s" };
    let message = format!("answered: {total} {noun}{plural}");
    match unreadable {
        None => Check::ok(name, message),
        Some(error) => Check::warn(
            name,
            format!("{message}, but one cannot be read: {error}"),
            "it is left out of reports; the service may be newer than this program",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_cluster_of_each_service_is_taken_from_the_tasks() {
        let task = |cluster_type, id: &str| Task {
            cluster_type: Some(cluster_type),
            cluster_id: Some(id.into()),
            ..Task::default()
        };
        let tasks = [
            task(ClusterType::Dws, "not/an/id"),
            task(ClusterType::Dws, "d1"),
            task(ClusterType::Dws, "d2"),
        ];
        let listed = Listed::among(|| tasks.iter());
        assert_eq!(listed.dws.unwrap().as_str(), "d1");
        assert!(listed.mrs.is_none());
    }
}
