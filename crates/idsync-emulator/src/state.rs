//! The emulated services: projects, workspaces and clusters of a scenario with their ids. They do not change: every response is
//! computed from the time of the request, so that the clock can run at any speed, and can jump.

mod cluster;
mod records;

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use serde_json::{Value, json};

pub(crate) use cluster::ClusterEntry;
pub(crate) use records::RecordList;

use crate::auth::{REGION, USER_NAME};
use crate::clock::ServiceTime;
use crate::faults::Fault;
use crate::ids::{hex32, salt};
use crate::scenario::MAX_GENERATED_TASKS;
use crate::scenario::form::{ClusterType, GeneratedForm, ScenarioForm, TimedFaultForm};
use crate::server::{ReadyClusters, ReadyProject};
use crate::timeline::{HOUR, MINUTE};

/// The state of the services.
#[derive(Debug)]
pub(crate) struct ServiceState {
    pub(crate) domain_id: String,
    pub(crate) user_id: String,
    instance_id: String,
    /// The first one is that of the region.
    pub(crate) projects: Vec<ReadyProject>,
    pub(crate) workspaces: Vec<Workspace>,
    /// Those of the scenario, then generated ones.
    clusters: Vec<ClusterEntry>,
}

/// A workspace.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) id: String,
    name: String,
    pub(crate) project_id: String,
}

impl ServiceState {
    /// The state of a scenario, and its faults. `extra` replaces the scenario's own amounts of generated data.
    ///
    /// # Errors
    ///
    /// For names that are unknown or used twice, values that contradict each other, and too much generated data.
    pub(crate) fn new(
        form: &ScenarioForm,
        seed: u64,
        extra: GeneratedForm,
    ) -> Result<(Self, Vec<Fault>), String> {
        let mut state = Self {
            domain_id: hex32(salt(seed, "domain"), 0),
            user_id: hex32(salt(seed, "user"), 0),
            instance_id: hex32(salt(seed, "instance"), 0),
            projects: Vec::new(),
            workspaces: workspaces(form, seed)?,
            clusters: clusters(form, seed, extra)?,
        };
        let others = form.projects.iter().map(|project| project.name.as_str());
        let names = std::iter::once(REGION).chain(others);
        let own = form.clusters.len();
        let projects = names.map(|name| state.project(project_id(name, seed), name, own));
        state.projects = projects.collect();
        let faults = form.faults.iter().enumerate().map(|(at, fault)| {
            let fault = state.timed_fault(fault);
            fault.map_err(|error| format!("faults[{at}].{error}"))
        });
        let faults = faults.collect::<Result<_, _>>()?;
        Ok((state, faults))
    }

    /// The clusters whose tasks a workspace lists.
    pub(crate) fn listed(&self, workspace: &Workspace) -> impl Iterator<Item = &ClusterEntry> {
        let clusters = self.clusters.iter().filter(|it| it.task.is_some());
        clusters.filter(|it| it.form.workspaces.contains(&workspace.name))
    }

    /// The cluster of an id; `None` if the project does not have it at this service.
    pub(crate) fn cluster(
        &self,
        kind: ClusterType,
        project_id: &str,
        id: &str,
    ) -> Option<&ClusterEntry> {
        let cluster = self.clusters.iter().find(|it| it.id == id)?;
        let home = self.workspaces.get(cluster.home)?;
        (cluster.form.kind == kind && home.project_id == project_id).then_some(cluster)
    }

    /// A project with its workspaces, and those of the first `own` clusters that are in it.
    fn project(&self, id: String, name: &str, own: usize) -> ReadyProject {
        let workspaces = self.workspaces.iter().filter(|it| it.project_id == id);
        let ids = |kind| {
            let clusters = self.clusters.iter().take(own);
            let clusters = clusters.filter(|it| self.cluster(kind, &id, &it.id).is_some());
            clusters.map(|cluster| cluster.id.clone()).collect()
        };
        ReadyProject {
            name: name.to_owned(),
            workspaces: workspaces.map(|it| it.id.clone()).collect(),
            clusters: ReadyClusters {
                dws: ids(ClusterType::Dws),
                mrs: ids(ClusterType::Mrs),
            },
            id,
        }
    }

    /// The fault with ids instead of the scenario's names.
    fn timed_fault(&self, form: &TimedFaultForm) -> Result<Fault, String> {
        let until = form.until.map_or(i64::MAX, |until| until.ms);
        if until <= form.from.ms {
            return Err("until: must be later than `from`".to_owned());
        }
        let mut fault = form.fault.clone();
        for field in ["cluster_id", "workspace", "project_id"] {
            let Some(name) = fault[field].as_str() else {
                continue;
            };
            let mut clusters = self.clusters.iter();
            let mut workspaces = self.workspaces.iter();
            let mut projects = self.projects.iter();
            let id = match field {
                "cluster_id" => clusters.find(|it| it.form.name == name).map(|it| &it.id),
                "workspace" => workspaces.find(|it| it.name == name).map(|it| &it.id),
                _ => projects.find(|it| it.name == name).map(|it| &it.id),
            };
            let unknown = || format!("fault: unknown name {name:?}");
            fault[field] = id.ok_or_else(unknown)?.as_str().into();
        }
        let fault = Fault::from_json(fault);
        let mut fault = fault.map_err(|error| format!("fault: {error}"))?;
        fault.period = Some(form.from.ms..until);
        Ok(fault)
    }

    /// Counts all clusters by expected verdict, and lists those at the positions `shown`.
    pub(crate) fn snapshot(&self, shown: Range<usize>, time: ServiceTime) -> Value {
        let workspaces = self.workspaces.iter().map(|workspace| {
            json!({
                "id": workspace.id,
                "name": workspace.name,
                "project_id": workspace.project_id,
                "tasks": self.listed(workspace).count(),
            })
        });
        let mut planted: BTreeMap<&str, u64> = BTreeMap::new();
        let verdicts = self.clusters.iter();
        for verdict in verdicts.filter_map(|it| it.form.verdict.as_deref()) {
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

    /// A cluster's task as DataArts Studio returns it; `None` if it has none. Times are milliseconds since the epoch.
    pub(crate) fn task_body(&self, cluster: &ClusterEntry, time: ServiceTime) -> Option<Value> {
        let task = cluster.task.as_ref()?;
        let home = self.workspaces.get(cluster.home)?;
        let schedule = task.form.schedule;
        let (period, unit) = if schedule.every.ms % HOUR == 0 {
            ("HOUR", HOUR)
        } else {
            ("MINUTE", MINUTE)
        };
        let state = task.state(time);
        let mut body = json!({
            "cluster_id": cluster.id,
            "cluster_name": cluster.form.name,
            "cluster_type": cluster.form.kind,
            "create_time": state.created,
            "create_user": USER_NAME,
            "data_connection_id": task.connection_id,
            "data_connection_name": cluster.form.name.replace('-', "_"),
            "data_connection_workspace": home.id,
            "domain_id": self.domain_id,
            "id": task.id,
            "instance_id": self.instance_id,
            "project_id": home.project_id,
            "schedule_end_hour": schedule.end_hour,
            "schedule_interval": schedule.every.ms / unit,
            "schedule_period": period,
            "schedule_start_hour": schedule.start_hour,
            "schedule_status": state.schedule_status,
            "sync_msg": task.log(&state),
            "sync_status": state.sync_status,
            "sync_time": state.last_run,
            "update_time": state.updated,
            "update_user": USER_NAME,
        });
        if let Some(body) = body.as_object_mut() {
            body.extend(task.form.fields.clone());
        }
        Some(body)
    }
}

/// The id of a project; the first one has the name of the region.
fn project_id(name: &str, seed: u64) -> String {
    let label = if name == REGION {
        "project".to_owned()
    } else {
        format!("project {name}")
    };
    hex32(salt(seed, &label), 0)
}

/// The workspaces of the scenario, which have unique names. Each is in one project.
fn workspaces(form: &ScenarioForm, seed: u64) -> Result<Vec<Workspace>, String> {
    let mut known = HashSet::new();
    if form.workspaces.is_empty() || !form.workspaces.iter().all(|name| known.insert(name)) {
        return Err("workspaces: at least one is needed, each with a unique name".to_owned());
    }
    let mut of_projects = form.projects.iter().flat_map(|project| &project.workspaces);
    if let Some(name) = of_projects.find(|name| !known.remove(name)) {
        return Err(format!(
            "projects: workspace {name:?} is unknown, or in two projects"
        ));
    }
    let workspaces = form.workspaces.iter().map(|name| {
        let mut others = form.projects.iter();
        let project = others.find(|it| it.workspaces.contains(name));
        Workspace {
            id: hex32(salt(seed, &format!("workspace {name}")), 0),
            name: name.clone(),
            project_id: project_id(project.map_or(REGION, |it| &it.name), seed),
        }
    });
    Ok(workspaces.collect())
}

/// The clusters of the scenario, then generated ones.
fn clusters(
    form: &ScenarioForm,
    seed: u64,
    extra: GeneratedForm,
) -> Result<Vec<ClusterEntry>, String> {
    let mut names = HashSet::new();
    let own = form.clusters.iter().enumerate().map(|(at, cluster)| {
        let name = &cluster.name;
        let entry = if names.insert(name) {
            ClusterEntry::new(cluster.clone(), &form.workspaces, seed)
        } else {
            Err(format!("name: {name:?} is used twice"))
        };
        entry.map_err(|error| format!("clusters[{at}].{error}"))
    });
    let mut clusters = own.collect::<Result<Vec<_>, _>>()?;
    if let Some(count) = extra.records.or(form.generated.records) {
        let mut sources = clusters.iter_mut();
        let first = sources.find(|cluster| !cluster.sources.is_empty());
        let missing = "generated.records: no cluster of the scenario has an identity source";
        first.ok_or(missing)?.record_count = Some(count);
    }
    let tasks = extra.tasks.or(form.generated.tasks).unwrap_or(0);
    if tasks > MAX_GENERATED_TASKS {
        return Err(format!("generated.tasks: at most {MAX_GENERATED_TASKS}"));
    }
    clusters.extend(cluster::generated(tasks, &form.workspaces, seed)?);
    Ok(clusters)
}

#[cfg(test)]
mod tests;
