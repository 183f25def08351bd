//! Problems of a report in words, one line for each kind.

use idsync::ErrorKind;
use idsync::health::{Problem, Source};

use super::report::warning;
use super::text::{counted, plain};

/// Number of clusters that one line names.
const NAMES: usize = 3;

/// One sentence for each kind of problem, in the order of their first occurrence, wrapped at `room` columns.
pub(crate) fn lines(problems: &[Problem], room: Option<usize>) -> String {
    let mut groups: Vec<(String, Vec<&Problem>)> = Vec::new();
    for problem in problems {
        let kind = kind(problem);
        match groups.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, group)) => group.push(problem),
            None => groups.push((kind, vec![problem])),
        }
    }
    let sentence = |group: &Vec<&Problem>| {
        let first = group.first()?;
        let sentence = format!("{}: {}", subject(first, group), cause(first));
        Some(warning(&sentence, room))
    };
    groups
        .iter()
        .filter_map(|(_, group)| sentence(group))
        .collect()
}

/// What problems of one kind have in common.
pub(crate) fn kind(problem: &Problem) -> String {
    let (error, has_cluster) = (&problem.error, problem.cluster_id.is_some());
    let (status, code) = (error.status, &error.code);
    format!(
        "{} {has_cluster} {} {status:?} {code:?}",
        problem.source, error.kind
    )
}

/// What could not be read, and from where.
fn subject(first: &Problem, group: &[&Problem]) -> String {
    let is_unreadable = first.error.kind == ErrorKind::Decode;
    let (verb, service) = match first.source {
        Source::DataArts => ("listed by", "DataArts Studio"),
        Source::Dws => ("checked at", "DWS"),
        Source::Mrs => ("checked at", "MRS"),
        _ => ("checked at", "any service"),
    };
    let verb = if is_unreadable {
        "read in full from"
    } else {
        verb
    };
    let names = clusters(group);
    let what = if !names.is_empty() {
        few(&names)
    } else if is_unreadable {
        counted(group.len(), "response")
    } else if first.source == Source::DataArts && !is_rejected(first.error.kind) {
        format!("the tasks of {}", counted(group.len(), "workspace"))
    } else {
        counted(group.len(), "project")
    };
    format!("{what} could not be {verb} {service}")
}

/// Whether the error concerns a whole project.
fn is_rejected(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Authentication | ErrorKind::Credentials)
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

/// The different clusters that the problems are about, by name, else by id.
fn clusters<'p>(group: &[&'p Problem]) -> Vec<&'p str> {
    let mut names: Vec<&str> = Vec::new();
    for problem in group {
        let id = problem.cluster_id.as_deref();
        let name = problem.cluster_name.as_deref().or(id);
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
        for (source, kind, status, line) in [
            (
                Source::DataArts,
                ErrorKind::NotFound,
                404,
                "the tasks of 2 workspaces could not be listed by DataArts Studio: not found (404)",
            ),
            (
                Source::DataArts,
                ErrorKind::Authentication,
                401,
                "2 projects could not be listed by DataArts Studio: authentication (401)",
            ),
            (
                Source::All,
                ErrorKind::Permission,
                403,
                "2 projects could not be checked at any service: permission (403)",
            ),
        ] {
            assert_eq!(of(source, kind, status), line);
        }
    }
}
