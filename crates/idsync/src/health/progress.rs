//! How far a check has come.

/// How far a check of health has come; each number only grows.
///
/// Given to the hook of [`HealthCheck::on_progress`](super::HealthCheck::on_progress) and
/// [`Fleet::on_progress`](super::Fleet::on_progress).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How many workspaces there are, of all projects.
    pub workspaces: u64,
    /// How many of these have been listed, as far as that could be done. More clusters may become known until it is all.
    pub listed: u64,
    /// How many clusters are known so far, without those that are left out.
    pub known: u64,
    /// About how many of these all questions have been asked.
    pub asked: u64,
    /// How many clusters are left out so far.
    pub ignored: u64,
    /// How many problems there are so far. The report may tell fewer: where a project's credentials are refused, it tells
    /// that once.
    pub problems: u64,
}
