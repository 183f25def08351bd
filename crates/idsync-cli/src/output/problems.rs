//! What could not be asked, one line for each kind.

use idsync::ErrorKind;
use idsync::health::{Problem, Source};

use super::style::{WARNING, paint};
use super::text::{plain, wrapped};

/// One sentence for each kind of problem, in the order in which they come; no line is wider than `room` if that is
/// possible.
pub(super) fn lines(problems: &[Problem], room: Option<usize>) -> String {
    let mut groups: Vec<Vec<&Problem>> = Vec::new();
    for problem in problems {
        match groups
            .iter_mut()
            .find(|group| group.first().is_some_and(|first| alike(first, problem)))
        {
            Some(group) => group.push(problem),
            None => groups.push(vec![problem]),
        }
    }
    groups
        .iter()
        .map(|group| paint(WARNING, &wrapped(&sentence(group), room, "  ")) + "\n")
        .collect()
}

/// Whether one line can stand for both.
fn alike(one: &Problem, other: &Problem) -> bool {
    one.source == other.source
        && one.cluster_id.is_some() == other.cluster_id.is_some()
        && one.error.kind == other.error.kind
        && one.error.status == other.error.status
        && one.error.code == other.error.code
}

fn sentence(group: &[&Problem]) -> String {
    let Some(first) = group.first() else {
        return String::new();
    };
    format!("{}: {}", subject(first, group), cause(first))
}

/// What could not be had.
fn subject(first: &Problem, group: &[&Problem]) -> String {
    let unreadable = first.error.kind == ErrorKind::Decode;
    match (clusters(group), unreadable) {
        (0, false) => unasked(first, group.len()),
        (0, true) if group.len() == 1 => {
            "an answer of DataArts Studio could not be read in full".to_owned()
        }
        (0, true) => format!(
            "{} parts of answers of DataArts Studio could not be read",
            group.len()
        ),
        (1, false) => "1 cluster could not be asked at its own service".to_owned(),
        (number, false) => format!("{number} clusters could not be asked at their own service"),
        (1, true) => "the answer about 1 cluster could not be read in full".to_owned(),
        (number, true) => format!("the answers about {number} clusters could not be read in full"),
    }
}

/// What could not be asked where that is no single cluster. A refusal of credentials stands for the whole project.
fn unasked(first: &Problem, number: usize) -> String {
    let refused = matches!(
        first.error.kind,
        ErrorKind::Authentication | ErrorKind::Credentials
    );
    let projects = super::text::counted(number, "project");
    match first.source {
        Source::DataArts if refused => format!("the workspaces of {projects} could not be listed"),
        Source::DataArts => {
            let workspaces = super::text::counted(number, "workspace");
            format!("the tasks of {workspaces} could not be listed")
        }
        Source::Dws => format!("the DWS clusters of {projects} could not be asked"),
        Source::Mrs => format!("the MRS clusters of {projects} could not be asked"),
        _ => format!("{projects} could not be asked"),
    }
}

/// How many different clusters the problems are about.
fn clusters(group: &[&Problem]) -> usize {
    let mut ids: Vec<_> = group
        .iter()
        .filter_map(|problem| problem.cluster_id.as_deref())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids.len()
}

/// The kind, with what a provider asks for; the message where there is nothing of that.
fn cause(problem: &Problem) -> String {
    let error = &problem.error;
    let kind = error.kind.as_str().replace('_', " ");
    let status = error
        .status
        .filter(|_| error.kind != ErrorKind::Decode)
        .map(|status| status.to_string());
    if status.is_none() {
        return format!("{kind}: {}", plain(&error.message));
    }
    let code = [status, error.code.clone()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let request = error.request_id.as_ref().map(|id| format!("request {id}"));
    let details = [Some(code), request]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ");
    plain(&format!("{kind} ({details})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(
        source: Source,
        cluster_id: Option<&str>,
        kind: ErrorKind,
        status: Option<u16>,
    ) -> Problem {
        let any = "a/b".parse::<idsync::ClusterId>().unwrap_err();
        let mut problem = Problem::new(source, cluster_id, &any);
        problem.error.kind = kind;
        problem.error.status = status;
        problem.error.message = "what happened".to_owned();
        problem
    }

    fn told(problems: &[Problem]) -> Vec<String> {
        let text = anstream::adapter::strip_str(&lines(problems, None)).to_string();
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn problems_of_one_kind_share_a_line() {
        let throttled =
            |cluster| problem(Source::Dws, Some(cluster), ErrorKind::Throttled, Some(429));
        let lost = problem(Source::Mrs, Some("c3"), ErrorKind::Connect, None);
        assert_eq!(
            told(&[throttled("c1"), lost, throttled("c2")]),
            [
                "2 clusters could not be asked at their own service: throttled (429)",
                "1 cluster could not be asked at its own service: connect: what happened",
            ]
        );
    }

    #[test]
    fn a_cluster_with_two_problems_counts_once() {
        let unreadable = || problem(Source::Dws, Some("c1"), ErrorKind::Decode, Some(200));
        assert_eq!(
            told(&[unreadable(), unreadable()]),
            ["the answer about 1 cluster could not be read in full: decode: what happened"]
        );
    }

    #[test]
    fn a_workspace_that_could_not_be_listed_is_told_apart() {
        let refused = || problem(Source::DataArts, None, ErrorKind::NotFound, Some(404));
        assert_eq!(
            told(&[refused()]),
            ["the tasks of 1 workspace could not be listed: not found (404)"]
        );
        assert_eq!(
            told(&[refused(), refused()]),
            ["the tasks of 2 workspaces could not be listed: not found (404)"]
        );
    }

    #[test]
    fn refused_credentials_are_told_of_the_project_and_not_of_a_workspace() {
        let told_of = |source| {
            let refused = || problem(source, None, ErrorKind::Authentication, Some(401));
            told(&[refused(), refused()]).remove(0)
        };
        for (source, subject) in [
            (Source::All, "2 projects could not be asked"),
            (
                Source::DataArts,
                "the workspaces of 2 projects could not be listed",
            ),
            (
                Source::Mrs,
                "the MRS clusters of 2 projects could not be asked",
            ),
        ] {
            assert_eq!(told_of(source), format!("{subject}: authentication (401)"));
        }
    }
}
