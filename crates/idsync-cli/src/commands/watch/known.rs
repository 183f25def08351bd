//! What is known after a look that may have seen less than the one before.

use std::cmp::Reverse;
use std::collections::HashSet;

use idsync::health::{Report, Verdict};

use super::super::blank::why_nothing_is_known;
use crate::output::identity;

/// What is known after `fresh`: that alone, unless it could not see everything. What it could not see is kept as it was
/// before.
pub(super) fn updated(before: Option<&Report>, fresh: Report) -> Report {
    let Some(before) = before else { return fresh };
    if why_nothing_is_known(&fresh).is_some() {
        let mut kept = before.clone();
        kept.problems = fresh.problems;
        return kept;
    }
    let mut problems = fresh.problems.iter();
    let is_whole = problems.all(|problem| problem.cluster_id.is_some());
    if is_whole {
        fresh
    } else {
        with_unseen(before, fresh)
    }
}

/// `fresh` with the clusters that only `before` has.
fn with_unseen(before: &Report, mut fresh: Report) -> Report {
    let seen: HashSet<_> = fresh.clusters.iter().map(identity).collect();
    let unseen = before
        .clusters
        .iter()
        .filter(|cluster| !seen.contains(&identity(cluster)));
    let unseen: Vec<_> = unseen.cloned().collect();
    drop(seen);
    fresh.clusters.extend(unseen);
    fresh
        .clusters
        .sort_by_key(|cluster| Reverse(cluster.verdict));
    let verdicts: Vec<_> = fresh
        .clusters
        .iter()
        .map(|cluster| cluster.verdict)
        .collect();
    fresh.verdict = verdicts.iter().copied().max().unwrap_or(Verdict::Unknown);
    fresh.counts = verdicts.into_iter().collect();
    fresh
}
