//! From the shape of a file to a scenario: what one value can not tell by itself is checked here.

use std::collections::HashSet;

use serde_saphyr::Spanned;

use super::error::Complaint;
use super::form::{ClockForm, ClusterForm, GeneratedForm, ScenarioForm, TimedFaultForm};
use super::values::Name;
use crate::calendar::TimedFault;
use crate::clock::{Clock, Pace};
use crate::faults::{Fault, FaultPlan};
use crate::scenario::{
    Cluster, ClusterType, Flag, Generated, MAX_GENERATED_TASKS, Records, Scenario,
};

/// The clock starts within these years, in seconds since the epoch: 2000 to 2100.
const YEARS: std::ops::Range<i64> = 946_684_800..4_102_444_800;

pub(super) fn build(form: ScenarioForm) -> Result<Scenario, Complaint> {
    if form.workspaces.value.is_empty() {
        let message = "at least one workspace is needed";
        return Err(Complaint::of_value(
            form.workspaces.referenced,
            "workspaces".into(),
            message,
        ));
    }
    let workspaces = form.workspaces.value;
    refuse_twice(&workspaces, |at| format!("workspaces[{at}]"))?;
    let names: Vec<&Spanned<Name>> = form.clusters.iter().map(|cluster| &cluster.name).collect();
    refuse_twice(names, |at| format!("clusters[{at}].name"))?;
    let workspaces: Vec<String> = workspaces.into_iter().map(|name| name.value.0).collect();
    let clusters = form.clusters.into_iter().enumerate();
    let clusters =
        clusters.map(|(at, form)| cluster(form, &workspaces, &format!("clusters[{at}]")));
    let clusters = clusters.collect::<Result<Vec<_>, _>>()?;
    let faults = form.faults.into_iter().enumerate();
    let faults = faults.map(|(at, form)| fault(form, &clusters, &format!("faults[{at}]")));
    Ok(Scenario {
        name: String::new(),
        faults: faults.collect::<Result<_, _>>()?,
        generated: generated(&form.generated, &clusters)?,
        pace: pace(form.clock)?,
        workspaces,
        clusters,
    })
}

fn refuse_twice<'a>(
    names: impl IntoIterator<Item = &'a Spanned<Name>>,
    field: impl Fn(usize) -> String,
) -> Result<(), Complaint> {
    let mut seen = HashSet::new();
    for (at, name) in names.into_iter().enumerate() {
        if !seen.insert(&name.value) {
            let message = format!("the name {:?} is taken; give each its own", name.value.0);
            return Err(Complaint::of_value(name.referenced, field(at), message));
        }
    }
    Ok(())
}

fn cluster(form: ClusterForm, workspaces: &[String], path: &str) -> Result<Cluster, Complaint> {
    refuse_other_service(&form, path)?;
    let listed = listed_in(&form, workspaces, path)?;
    let task = form
        .task
        .map(|task| task.into_task(&format!("{path}.task")));
    let mut cluster = Cluster::new(&form.name.value.0, form.kind, task.transpose()?);
    cluster.workspaces = listed;
    cluster.verdict = form.verdict;
    cluster.syncing = form
        .is_synchronizing
        .map_or(Flag::WithTask, |flag| flag.value);
    if let Some(source) = form.identity_source {
        let source = source
            .value
            .into_source(&format!("{path}.identity_source"))?;
        cluster.records = Records::Live(source);
    }
    Ok(cluster)
}

fn refuse_other_service(form: &ClusterForm, path: &str) -> Result<(), Complaint> {
    match (form.kind, &form.identity_source, &form.is_synchronizing) {
        (ClusterType::Mrs, Some(source), _) => Err(Complaint::of_value(
            source.referenced,
            format!("{path}.identity_source"),
            "only a DWS cluster has one",
        )),
        (ClusterType::Dws, _, Some(flag)) => Err(Complaint::of_value(
            flag.referenced,
            format!("{path}.is_synchronizing"),
            "only an MRS cluster tells this",
        )),
        _ => Ok(()),
    }
}

fn listed_in(form: &ClusterForm, known: &[String], path: &str) -> Result<Vec<usize>, Complaint> {
    let Some(named) = &form.workspaces else {
        return Ok(vec![0]);
    };
    let field = format!("{path}.workspaces");
    if form.task.is_none() || named.value.is_empty() {
        let message = "a workspace lists the task of a cluster; add a `task` and at least one name, or leave this out";
        return Err(Complaint::of_value(named.referenced, field, message));
    }
    refuse_twice(&named.value, |at| format!("{field}[{at}]"))?;
    let positions = named.value.iter().enumerate().map(|(at, name)| {
        let position = known.iter().position(|known| *known == name.value.0);
        position.ok_or_else(|| {
            let message = format!(
                "no workspace is named {:?}; there are: {}",
                name.value.0,
                known.join(", ")
            );
            Complaint::of_value(name.referenced, format!("{field}[{at}]"), message)
        })
    });
    positions.collect()
}

fn fault(form: TimedFaultForm, clusters: &[Cluster], path: &str) -> Result<TimedFault, Complaint> {
    let from = form.from.map_or(0, |from| from.ms);
    if let Some(until) = form.until.as_ref().filter(|until| until.value.ms <= from) {
        let message = "it would end before it begins; give a later time than `from`";
        return Err(Complaint::of_value(
            until.referenced,
            format!("{path}.until"),
            message,
        ));
    }
    let at = form.fault.referenced;
    let refuse = |message: String| Complaint::of_value(at, format!("{path}.fault"), message);
    let fault = Fault::try_from(form.fault.value).map_err(|error| refuse(error.to_string()))?;
    FaultPlan::new(0, vec![fault.clone()]).map_err(|error| refuse(error.to_string()))?;
    if let Some(name) = &fault.cluster_id
        && !clusters.iter().any(|cluster| cluster.name == *name)
    {
        return Err(refuse(format!(
            "`cluster_id`: no cluster of this file is named {name:?}"
        )));
    }
    Ok(TimedFault {
        fault,
        from,
        until: form.until.map(|until| until.value.ms),
    })
}

fn generated(form: &GeneratedForm, clusters: &[Cluster]) -> Result<Generated, Complaint> {
    let tasks = bounded(form.tasks.as_ref(), MAX_GENERATED_TASKS, "generated.tasks")?;
    let records_each = bounded(
        form.records_each.as_ref(),
        1_000_000,
        "generated.records_each",
    )?;
    let records = bounded(form.records.as_ref(), 1_000_000_000, "generated.records")?;
    let has_dws = clusters
        .iter()
        .any(|cluster| cluster.kind == ClusterType::Dws);
    if let Some(records) = form.records.as_ref().filter(|_| !has_dws) {
        let message = "these are the records of the first DWS cluster, and there is none";
        return Err(Complaint::of_value(
            records.referenced,
            "generated.records".into(),
            message,
        ));
    }
    Ok(Generated {
        tasks,
        records_each,
        records,
    })
}

fn bounded<T: Copy + PartialOrd + std::fmt::Display>(
    value: Option<&Spanned<T>>,
    most: T,
    field: &str,
) -> Result<Option<T>, Complaint> {
    match value {
        Some(value) if value.value > most => {
            let message = format!("at most {most} are made, not {}", value.value);
            Err(Complaint::of_value(
                value.referenced,
                field.to_owned(),
                message,
            ))
        }
        _ => Ok(value.map(|value| value.value)),
    }
}

fn pace(form: ClockForm) -> Result<Pace, Complaint> {
    let usual = Pace::default();
    if let Some(start) = &form.start
        && !YEARS.contains(&start.value.0.as_second())
    {
        let message = "the clock starts in a year from 2000 to 2099";
        return Err(Complaint::of_value(
            start.referenced,
            "clock.start".into(),
            message,
        ));
    }
    let pace = Pace {
        start: form.start.map(|start| start.value.0),
        scale: form.scale.as_ref().map_or(usual.scale, |scale| scale.value),
        running: form.running.unwrap_or(usual.running),
    };
    match (Clock::new(pace), form.scale) {
        (Err(error), Some(scale)) => Err(Complaint::of_value(
            scale.referenced,
            "clock.scale".into(),
            error.to_string(),
        )),
        _ => Ok(pace),
    }
}
