//! Generated clusters, each with a task in the first workspace: half DWS, half MRS.

use super::ClusterEntry;
use crate::ids::{mix, salt};
use crate::scenario::form::{ClusterForm, ClusterType, ExpectedVerdict};
use crate::scenario::read;
use crate::scenario::values::{Name, TimeSpan};
use crate::timeline::{days, minutes};

/// A cluster of each verdict.
const TEMPLATES: &str = include_str!("fleet.yaml");

/// Generates `count` clusters from the seed.
///
/// # Errors
///
/// None, as long as the templates are valid.
pub(super) fn clusters(count: u32, seed: u64) -> Result<Vec<ClusterEntry>, String> {
    let templates = read(TEMPLATES).map_err(|error| error.in_file("fleet.yaml").to_string())?;
    let templates: Vec<_> = templates.clusters.into_iter().map(|it| it.value).collect();
    let clusters = (0..count).map(|n| {
        let salt = mix(salt(seed, "fleet"), n.into());
        let form = form(&templates, n, salt).ok_or("no template")?;
        let mut cluster = ClusterEntry::new(form, &[], seed)?;
        cluster.is_generated = true;
        Ok(cluster)
    });
    clusters.collect()
}

fn form(templates: &[ClusterForm], n: u32, salt: u64) -> Option<ClusterForm> {
    let random = |purpose, bound: u64| i64::try_from(mix(salt, purpose) % bound).unwrap_or(0);
    let (kind, suffix) = if n.is_multiple_of(2) {
        (ClusterType::Dws, "dws")
    } else {
        (ClusterType::Mrs, "mrs")
    };
    let verdict = verdict(random(4, 1_000), kind);
    let mut form = templates
        .iter()
        .find(|it| it.verdict == Some(verdict))?
        .clone();
    form.name = Name(format!("fleet-{n:06}-{suffix}"));
    form.kind = kind;
    if let Some(task) = &mut form.task {
        // The higher the number, the newer the task.
        let created = minutes(n.into()) - days(700);
        task.created = Some(TimeSpan {
            ms: created.min(-days(2)),
        });
        let earlier = minutes(random(1, 600));
        task.first_run = task.first_run.map(|at| TimeSpan {
            ms: at.ms - earlier,
        });
    }
    let earlier = minutes(random(2, 240));
    form.identity_source = form.identity_source.filter(|_| kind == ClusterType::Dws);
    if let Some(source) = &mut form.identity_source {
        source.first_run = source.first_run.map(|at| TimeSpan {
            ms: at.ms - earlier,
        });
    }
    Some(form)
}

/// The verdict for a random number below 1,000. About nine in a hundred clusters are not healthy.
fn verdict(random: i64, kind: ClusterType) -> ExpectedVerdict {
    match random {
        0..30 => ExpectedVerdict::Failing,
        30..50 => ExpectedVerdict::Running,
        50..60 => ExpectedVerdict::NeverRun,
        60..65 => ExpectedVerdict::Stuck,
        65..75 => ExpectedVerdict::Overdue,
        75..80 => ExpectedVerdict::Unknown,
        80..100 if kind == ClusterType::Dws => ExpectedVerdict::Partial,
        _ => ExpectedVerdict::Healthy,
    }
}
