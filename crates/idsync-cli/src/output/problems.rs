//! Problems of a report in words, one line for each kind.

use idsync::ErrorKind;
use idsync::health::{Problem, Source};

use super::style::{WARNING, paint};
use super::text::{counted, plain, wrapped};

/// Most clusters that one line names.
const NAMES: usize = 3;

/// One sentence for each kind of problem, in the order of their first occurrence, wrapped at `room` columns.
pub(crate) fn lines(problems: &[Problem], room: Option<usize>) -> String {
    let mut groups: Vec<Vec<&Problem>> = Vec::new();
    for problem in problems {
        let group = groups
            .iter_mut()
            .find(|group| group.first().is_some_and(|first| alike(first, problem)));
        match group {
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

/// What could not be read.
fn subject(first: &Problem, group: &[&Problem]) -> String {
    let unreadable = first.error.kind == ErrorKind::Decode;
    match (clusters(group).as_slice(), unreadable) {
        ([], false) => not_asked(first, group.len()),
        ([], true) => format!(
            "{} of DataArts Studio could not be read in full",
            counted(group.len(), "response")
        ),
        (names, false) => format!("{} could not be checked at {}", few(names), service(first)),
        (names, true) => format!(
            "{} could not be read in full from {}",
            few(names),
            service(first)
        ),
    }
}

/// A few names, and how many others there are.
fn few(names: &[&str]) -> String {
    let shown = names.iter().take(NAMES).copied().map(plain);
    let shown = shown.collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMES) {
        0 => shown,
        others => format!("{shown} and {}", counted(others, "other cluster")),
    }
}

fn service(problem: &Problem) -> &'static str {
    match problem.source {
        Source::DataArts => "DataArts Studio",
        Source::Mrs => "MRS",
        _ => "DWS",
    }
}

/// A problem without a cluster. Rejected credentials concern the whole project.
fn not_asked(first: &Problem, number: usize) -> String {
    let is_rejected = matches!(
        first.error.kind,
        ErrorKind::Authentication | ErrorKind::Credentials
    );
    let projects = counted(number, "project");
    match first.source {
        Source::DataArts if is_rejected => {
            format!("the workspaces of {projects} could not be listed")
        }
        Source::DataArts => {
            let workspaces = counted(number, "workspace");
            format!("the tasks of {workspaces} could not be listed")
        }
        Source::Dws => format!("the DWS clusters of {projects} could not be checked"),
        Source::Mrs => format!("the MRS clusters of {projects} could not be checked"),
        _ => format!("{projects} could not be checked"),
    }
}

/// The different clusters that the problems are about, by name, else by id.
fn clusters<'p>(group: &[&'p Problem]) -> Vec<&'p str> {
    let mut names: Vec<&str> = Vec::new();
    for problem in group {
        let name = problem
            .cluster_name
            .as_deref()
            .or(problem.cluster_id.as_deref());
        if let Some(name) = name.filter(|name| !names.contains(name)) {
            names.push(name);
        }
    }
    names
}

/// The kind with status, code and request id; without a status, the message.
fn cause(problem: &Problem) -> String {
    let error = &problem.error;
    let kind = error.kind.as_str().replace('_', " ");
    let Some(status) = error.status.filter(|_| error.kind != ErrorKind::Decode) else {
        return format!("{kind}: {}", plain(&error.message));
    };
    let code = error.code.as_ref().map(|code| format!(" {code}"));
    let request = error.request_id.as_ref();
    let request = request.map(|id| format!(", request {id}"));
    let details = [code, request].into_iter().flatten().collect::<String>();
    plain(&format!("{kind} ({status}{details})"))
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

    fn text(problems: &[Problem]) -> Vec<String> {
        let text = anstream::adapter::strip_str(&lines(problems, None)).to_string();
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn problems_of_one_kind_share_a_line() {
        let throttled =
            |cluster| problem(Source::Dws, Some(cluster), ErrorKind::Throttled, Some(429));
        let lost = problem(Source::Mrs, Some("c3"), ErrorKind::Connect, None);
        assert_eq!(
            text(&[throttled("c1"), lost, throttled("c2"), throttled("c1")]),
            [
                "c1, c2 could not be checked at DWS: throttled (429)",
                "c3 could not be checked at MRS: connect: what happened",
            ]
        );
    }

    #[test]
    fn a_problem_without_a_cluster_names_workspaces_or_projects() {
        let of = |source, kind, status| {
            let problem = || problem(source, None, kind, Some(status));
            text(&[problem(), problem()]).remove(0)
        };
        assert_eq!(
            of(Source::DataArts, ErrorKind::NotFound, 404),
            "the tasks of 2 workspaces could not be listed: not found (404)"
        );
        for (source, subject) in [
            (Source::All, "2 projects could not be checked"),
            (
                Source::DataArts,
                "the workspaces of 2 projects could not be listed",
            ),
            (
                Source::Mrs,
                "the MRS clusters of 2 projects could not be checked",
            ),
        ] {
            let line = of(source, ErrorKind::Authentication, 401);
            assert_eq!(line, format!("{subject}: authentication (401)"));
        }
    }
}
