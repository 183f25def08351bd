//! The emulated services: projects, workspaces and clusters of a scenario with their ids. Nothing in it changes: every answer
//! follows from the time of the question, so that a clock may run at any speed, and may jump.

mod cluster;
mod fleet;
mod records;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use serde_json::{Value, json};

pub(crate) use cluster::ClusterEntry;
pub(crate) use records::RecordList;

use crate::auth::{REGION, USER_NAME};
use crate::clock::ServiceTime;
use crate::error::EmulatorError;
use crate::faults::TimedFault;
use crate::ids::{hex32, salt};
use crate::scenario::form::{ClusterType, GeneratedForm, ScenarioForm, Verdict};
use crate::scenario::{MAX_GENERATED_TASKS, Scenario};

/// Most records of each generated cluster at the start.
const MAX_RECORDS_EACH: u32 = 1_000_000;

/// Everything that the services can be asked about.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) domain_id: String,
    pub(crate) user_id: String,
    instance_id: String,
    pub(crate) projects: Vec<Project>,
    pub(crate) workspaces: Vec<Workspace>,
    clusters: Vec<ClusterEntry>,
    positions: HashMap<String, usize>,
}

/// A project of the account. The first one is that of the region.
#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// A workspace and the tasks that it lists.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Position of its project.
    pub(crate) project: usize,
    /// Positions of the clusters whose tasks it lists.
    tasks: Vec<usize>,
}

impl State {
    /// The state of a scenario. What is in `extra` replaces the scenario's own amounts of generated data.
    ///
    /// # Errors
    ///
    /// For more tasks than can be generated, and for records where no cluster can have them.
    pub(crate) fn new(
        scenario: &Scenario,
        seed: u64,
        extra: GeneratedForm,
    ) -> Result<Self, EmulatorError> {
        let form = &scenario.form;
        check_workspaces(form).map_err(EmulatorError::new)?;
        let own = form.generated;
        let tasks = extra.tasks.or(own.tasks).unwrap_or(0);
        let records_each = own.records_each.unwrap_or(fleet::RECORDS);
        if tasks > MAX_GENERATED_TASKS || records_each > MAX_RECORDS_EACH {
            let message = format!(
                "generated: at most {MAX_GENERATED_TASKS} tasks with {MAX_RECORDS_EACH} records each are generated"
            );
            return Err(EmulatorError::new(message));
        }
        let listed = form.clusters.iter().map(|cluster| &cluster.value);
        let listed = listed.map(|form_of| ClusterEntry::new(form_of, &form.workspaces, seed));
        let generated = (0..tasks).map(|n| fleet::cluster(n, records_each, seed));
        let clusters = listed.chain(generated).collect::<Result<Vec<_>, _>>();
        let mut clusters = clusters.map_err(EmulatorError::new)?;
        if let Some(count) = extra.records.or(own.records) {
            let sources = |it: &&mut ClusterEntry| !it.sources.is_empty() && !it.is_generated;
            let first = clusters.iter_mut().find(sources);
            let message = "no cluster of the scenario has an identity source to add records to";
            let first = first.ok_or_else(|| EmulatorError::new(message))?;
            first.record_count = Some(count);
        }
        let positions = clusters.iter().enumerate();
        let positions = positions.map(|(at, cluster)| (cluster.cluster_id.clone(), at));
        Ok(Self {
            domain_id: hex32(salt(seed, "domain"), 0),
            user_id: hex32(salt(seed, "user"), 0),
            instance_id: hex32(salt(seed, "instance"), 0),
            projects: projects(scenario, seed),
            workspaces: workspaces(scenario, &clusters, seed),
            positions: positions.collect(),
            clusters,
        })
    }

    /// The workspace of an id; `None` if the project has none of it.
    pub(crate) fn workspace(&self, project_id: &str, id: &str) -> Option<&Workspace> {
        let mut workspaces = self.workspaces.iter();
        let found = workspaces.find(|workspace| workspace.id == id)?;
        self.is_project(found.project, project_id).then_some(found)
    }

    /// The clusters whose tasks a workspace lists.
    pub(crate) fn listed(&self, workspace: &Workspace) -> impl Iterator<Item = &ClusterEntry> {
        let positions = workspace.tasks.iter();
        positions.filter_map(|at| self.clusters.get(*at))
    }

    /// The cluster of an id; `None` if the project has none of it at this service.
    pub(crate) fn cluster(
        &self,
        kind: ClusterType,
        project_id: &str,
        id: &str,
    ) -> Option<&ClusterEntry> {
        let cluster = self.clusters.get(*self.positions.get(id)?)?;
        let fits = cluster.kind == kind && self.is_project(self.project_of(cluster), project_id);
        fits.then_some(cluster)
    }

    /// Ids of the scenario's own clusters of one service and project, in their order.
    pub(crate) fn cluster_ids(&self, kind: ClusterType, project: usize) -> Vec<String> {
        let own = self.clusters.iter().filter(|cluster| {
            cluster.kind == kind && !cluster.is_generated && self.project_of(cluster) == project
        });
        own.map(|cluster| cluster.cluster_id.clone()).collect()
    }

    /// Ids of the workspaces of a project, in the order of the scenario.
    pub(crate) fn workspace_ids(&self, project: usize) -> Vec<String> {
        let own = self.workspaces.iter().filter(|it| it.project == project);
        own.map(|workspace| workspace.id.clone()).collect()
    }

    /// The fault with ids in the place of the scenario's names.
    ///
    /// # Errors
    ///
    /// For a name that the scenario does not give.
    pub(crate) fn resolve(&self, mut timed: TimedFault) -> Result<TimedFault, EmulatorError> {
        let filter = timed.fault.filter();
        let clusters = self.clusters.iter();
        replace(
            &mut filter.cluster_id,
            clusters.map(|it| (&it.name, &it.cluster_id)),
        )?;
        let workspaces = self.workspaces.iter();
        replace(
            &mut filter.workspace,
            workspaces.map(|it| (&it.name, &it.id)),
        )?;
        let projects = self.projects.iter();
        replace(
            &mut filter.project_id,
            projects.map(|it| (&it.name, &it.id)),
        )?;
        Ok(timed)
    }

    /// Every cluster counted, and those at these positions shown: the scenario's own in its order, then the generated ones.
    pub(crate) fn snapshot(&self, shown: Range<usize>, time: ServiceTime) -> Value {
        let workspaces = self.workspaces.iter().map(|workspace| {
            json!({
                "id": workspace.id,
                "name": workspace.name,
                "project_id": self.projects.get(workspace.project).map(|it| &it.id),
                "tasks": workspace.tasks.len(),
            })
        });
        let mut planted: BTreeMap<Verdict, u64> = BTreeMap::new();
        for verdict in self.clusters.iter().filter_map(|it| it.verdict(time)) {
            *planted.entry(verdict).or_default() += 1;
        }
        let clusters = self.clusters.iter().skip(shown.start).take(shown.len());
        json!({
            "workspaces": workspaces.collect::<Vec<_>>(),
            "planted": planted,
            "total": self.clusters.len(),
            "clusters": clusters.map(|it| it.summary(time)).collect::<Vec<_>>(),
        })
    }

    /// The wire form of a cluster's task; `None` if it has none. Times are milliseconds since the epoch; what is not set is null.
    pub(crate) fn task_body(&self, cluster: &ClusterEntry, time: ServiceTime) -> Option<Value> {
        let task = cluster.task.as_ref()?;
        let home = self.home_of(cluster);
        let of_cluster = json!({
            "cluster_id": cluster.cluster_id,
            "cluster_name": cluster.name,
            "cluster_type": cluster.kind,
            "create_user": USER_NAME,
            "data_connection_name": cluster.name.replace('-', "_"),
            "data_connection_workspace": home.map(|home| &home.id),
            "domain_id": self.domain_id,
            "instance_id": self.instance_id,
            "project_id": self.projects.get(self.project_of(cluster)).map(|it| &it.id),
            "update_user": USER_NAME,
        });
        Some(task.body(of_cluster, time))
    }

    /// The workspace that the task of a cluster was created in: the first that lists it.
    fn home_of(&self, cluster: &ClusterEntry) -> Option<&Workspace> {
        self.workspaces.get(*cluster.workspaces.first()?)
    }

    fn project_of(&self, cluster: &ClusterEntry) -> usize {
        self.home_of(cluster).map_or(0, |home| home.project)
    }

    fn is_project(&self, at: usize, id: &str) -> bool {
        self.projects
            .get(at)
            .is_some_and(|project| project.id == id)
    }
}

/// Puts the id that belongs to a name in the place of that name.
fn replace<'a>(
    name: &mut Option<String>,
    mut known: impl Iterator<Item = (&'a String, &'a String)>,
) -> Result<(), EmulatorError> {
    let Some(name) = name else {
        return Ok(());
    };
    let found = known.find(|(known, _)| *known == name);
    let message = || format!("fault: nothing in this file is named {name:?}");
    let (_, id) = found.ok_or_else(|| EmulatorError::new(message()))?;
    name.clone_from(id);
    Ok(())
}

/// Workspaces have names of their own, and each is in one project.
fn check_workspaces(form: &ScenarioForm) -> Result<(), String> {
    let mut known = HashSet::new();
    if form.workspaces.is_empty() || !form.workspaces.iter().all(|name| known.insert(name)) {
        return Err("workspaces: at least one is needed, each with a name of its own".to_owned());
    }
    let mut of_projects = form.projects.iter().flat_map(|project| &project.workspaces);
    match of_projects.find(|name| !known.remove(name)) {
        Some(name) => Err(format!(
            "projects: {:?} is no workspace of this file, or in two projects",
            name.0
        )),
        None => Ok(()),
    }
}

fn projects(scenario: &Scenario, seed: u64) -> Vec<Project> {
    let region = Project {
        id: hex32(salt(seed, "project"), 0),
        name: REGION.to_owned(),
    };
    let further = scenario.form.projects.iter().map(|form| Project {
        id: hex32(salt(seed, &format!("project {}", form.name.0)), 0),
        name: form.name.0.clone(),
    });
    std::iter::once(region).chain(further).collect()
}

fn workspaces(scenario: &Scenario, clusters: &[ClusterEntry], seed: u64) -> Vec<Workspace> {
    let form = &scenario.form;
    let numbered = form.workspaces.iter().enumerate();
    let workspaces = numbered.map(|(at, name)| {
        let further = &form.projects;
        let project = further.iter().position(|it| it.workspaces.contains(name));
        let listed = clusters
            .iter()
            .enumerate()
            .filter(|(_, cluster)| cluster.task.is_some() && cluster.workspaces.contains(&at));
        Workspace {
            id: hex32(salt(seed, &format!("workspace {}", name.0)), 0),
            name: name.0.clone(),
            project: project.map_or(0, |further| further + 1),
            tasks: listed.map(|(position, _)| position).collect(),
        }
    });
    workspaces.collect()
}

#[cfg(test)]
mod tests;
