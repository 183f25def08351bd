//! Problems of a report in words, one line for each kind.

use std::collections::BTreeSet;

use idsync::health::Problem;

use super::style::warning;
use super::text::{counted, plain};
use crate::errors::CliError;

/// Number of clusters, workspaces and projects that one line names.
const NAMES: usize = 3;

/// One line for each kind of problem, in order of first occurrence; lines are wrapped at `room` columns.
pub(crate) fn lines(problems: &[Problem], room: Option<usize>) -> String {
    let mut groups: Vec<(String, Vec<&Problem>)> = Vec::new();
    for problem in problems {
        let kind = kind(problem);
        match groups.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, group)) => group.push(problem),
            None => groups.push((kind, vec![problem])),
        }
    }
    let line = |group: &[&Problem]| {
        let error = CliError::from(*group.first()?);
        let sentence = subject(group) + &plain(error.message());
        Some(warning(&sentence, room))
    };
    groups.iter().filter_map(|(_, group)| line(group)).collect()
}

/// The key that problems of one kind share.
pub(crate) fn kind(problem: &Problem) -> String {
    let error = &problem.error;
    let (status, code) = (error.status, &error.code);
    format!("{} {} {status:?} {code:?}", problem.source, error.kind)
}

/// A few of the clusters, else workspaces or projects, that could not be read, and how many others there are.
fn subject(group: &[&Problem]) -> String {
    let names = group.iter().filter_map(|problem| {
        let cluster = problem
            .cluster_name
            .as_ref()
            .or(problem.cluster_id.as_ref());
        let place = problem
            .workspace_id
            .as_ref()
            .or(problem.project_id.as_ref());
        cluster.or(place)
    });
    let names: BTreeSet<_> = names.collect();
    let shown: Vec<_> = names.iter().take(NAMES).map(|name| plain(name)).collect();
    let shown = shown.join(", ");
    match names.len().saturating_sub(NAMES) {
        0 if names.is_empty() => String::new(),
        0 => shown + ": ",
        others => format!("{shown} and {}: ", counted(others, "other")),
    }
}

#[cfg(test)]
mod tests {
    use idsync::ErrorKind;
    use idsync::health::Source;

    use super::*;

    fn problem(source: Source, cluster_id: Option<&str>, kind: ErrorKind, status: u16) -> Problem {
        let any = "a/b".parse::<idsync::ClusterId>().unwrap_err();
        let mut problem = Problem::new(source, cluster_id, &any);
        problem.error.kind = kind;
        problem.error.status = Some(status);
        problem.error.message = "what happened".to_owned();
        problem
    }

    fn text(problems: &[Problem]) -> Vec<String> {
        let text = anstream::adapter::strip_str(&lines(problems, None)).to_string();
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn problems_of_one_kind_share_a_line_that_names_a_few_clusters() {
        let throttled = |id| problem(Source::Dws, Some(id), ErrorKind::Throttled, 429);
        let missing = problem(Source::Mrs, Some("c9"), ErrorKind::NotFound, 404);
        let mut problems = vec![throttled("c1"), missing, throttled("c2"), throttled("c1")];
        let both = text(&problems);
        assert!(both[0].starts_with("c1, c2: "), "{both:?}");
        assert!(
            both[0].contains("429") && both[0].contains("what happened"),
            "{both:?}"
        );
        assert!(both[1].starts_with("c9: ") && both.len() == 2, "{both:?}");
        problems.extend(["c3", "c4", "c5"].map(throttled));
        let line = text(&problems).remove(0);
        assert!(line.starts_with("c1, c2, c3 and 2 others: "), "{line}");
    }

    #[test]
    fn a_problem_without_a_cluster_names_its_workspace_or_project() {
        let mut problem = problem(Source::DataArts, None, ErrorKind::Permission, 403);
        let nameless = text(&[problem.clone()]).remove(0);
        assert!(nameless.starts_with("list"), "{nameless}");
        problem.project_id = Some("p1".to_owned());
        assert!(text(&[problem.clone()])[0].starts_with("p1: list"));
        problem.workspace_id = Some("w1".to_owned());
        assert!(text(&[problem])[0].starts_with("w1: list"));
    }
}
