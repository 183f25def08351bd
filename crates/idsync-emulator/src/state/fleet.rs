//! Generated clusters, each with a task in the first workspace: half DWS, half MRS.

use super::ClusterEntry;
use crate::ids::{mix, salt};
use crate::scenario::form::{ClusterForm, ClusterType, TimeSpan};
use crate::scenario::read;
use crate::timeline::minutes;

/// A cluster of each verdict.
const TEMPLATES: &str = include_str!("fleet.yaml");

/// Generates `count` clusters from the seed.
///
/// # Errors
///
/// None, as long as the templates are valid.
pub(super) fn clusters(
    count: u32,
    workspaces: &[String],
    seed: u64,
) -> Result<Vec<ClusterEntry>, String> {
    let templates = read(TEMPLATES)?.clusters;
    let clusters = (0..count).map(|n| {
        let form = form(&templates, n, mix(salt(seed, "fleet"), n.into()));
        ClusterEntry::new(form.ok_or("no template")?, workspaces, seed)
    });
    clusters.collect()
}

fn form(templates: &[ClusterForm], n: u32, salt: u64) -> Option<ClusterForm> {
    let random = |purpose, bound: u64| i64::try_from(mix(salt, purpose) % bound).unwrap_or(0);
    let earlier = |at: TimeSpan, by: i64| TimeSpan {
        ms: at.ms - minutes(by),
    };
    let (kind, suffix) = if n.is_multiple_of(2) {
        (ClusterType::Dws, "dws")
    } else {
        (ClusterType::Mrs, "mrs")
    };
    let verdict = verdict(random(4, 1_000), kind);
    let mut templates = templates.iter();
    let mut form = templates
        .find(|it| it.verdict.as_deref() == Some(verdict))?
        .clone();
    form.name = format!("fleet-{n:06}-{suffix}");
    form.kind = kind;
    if let Some(task) = &mut form.task {
        task.first_run = task.first_run.map(|at| earlier(at, random(1, 600)));
    }
    form.identity_source = form.identity_source.filter(|_| kind == ClusterType::Dws);
    if let Some(source) = &mut form.identity_source {
        source.first_run = source.first_run.map(|at| earlier(at, random(2, 240)));
    }
    Some(form)
}

/// The verdict for a random number below 1,000. About 9 % of the clusters are not healthy.
fn verdict(random: i64, kind: ClusterType) -> &'static str {
    match random {
        0..30 => "failing",
        30..50 => "running",
        50..60 => "never_run",
        60..65 => "stuck",
        65..75 => "overdue",
        75..80 => "unknown",
        80..100 if kind == ClusterType::Dws => "partial",
        _ => "healthy",
    }
}
