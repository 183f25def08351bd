//! What a watch knows, as the lines of a screen.

use idsync::health::{Progress, Report};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::frame::fitted;
use super::progress::sentence;
use super::style::{FAINT, STRONG, paint};
use super::{Scope, Selection, problems, report, time};

/// What is known, and when it was found.
pub(super) struct Seen {
    pub(super) report: Report,
    pub(super) at: Timestamp,
    /// When the next look begins, if there is one.
    pub(super) next: Option<Timestamp>,
}

/// The size of a screen; lines of any width where that is not known.
#[derive(Clone, Copy)]
pub(super) struct Size {
    pub(super) columns: Option<usize>,
    pub(super) rows: usize,
}

/// Title, times, as much of the table as there is room for, summary and problems; without title and times if `bare`.
pub(super) fn page(
    seen: Option<&Seen>,
    looking: Option<&Progress>,
    scope: &Scope,
    size: Size,
    bare: bool,
) -> Vec<String> {
    let times = times(seen, looking, &scope.zone);
    let Some(seen) = seen else {
        let name = paint(STRONG, "idsync");
        return vec![format!("{name}{}", paint(FAINT, &format!(" · {times}")))];
    };
    let mut head = Vec::new();
    if !bare {
        let title = report::title(&seen.report, scope, size.columns);
        head.extend(title.lines().map(str::to_owned));
        head.push(paint(FAINT, &times));
        head.push(String::new());
    }
    let everything = Selection::default();
    let table = report::view(&seen.report, scope, &everything).render(size.columns);
    let mut rows = table.lines().map(str::to_owned);
    head.extend(rows.next());
    let summary = report::summary(&seen.report, &everything, size.columns);
    let problems = problems::lines(&seen.report.problems, size.columns);
    let tail = summary.lines().chain(problems.lines()).map(str::to_owned);
    fitted(head, rows.collect(), tail.collect(), size.rows)
}

/// When the last look was, and how far the present one has come, or when the next one begins.
fn times(seen: Option<&Seen>, looking: Option<&Progress>, zone: &TimeZone) -> String {
    let last = seen.map(|seen| format!("looked at {}", time::time_of_day(seen.at, zone)));
    let next = seen.and_then(|seen| seen.next);
    let next = next.map(|next| format!("next look at {}", time::time_of_day(next, zone)));
    let parts: Vec<_> = [last, looking.map(told).or(next)]
        .into_iter()
        .flatten()
        .collect();
    parts.join(" · ")
}

fn told(progress: &Progress) -> String {
    match sentence(progress) {
        known if known.is_empty() => "looking".to_owned(),
        known => format!("looking: {known}"),
    }
}

#[cfg(test)]
mod tests {
    use idsync::health::{ClusterObservation, Problem, Rules, Source, judge};

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// Ten clusters of which nothing is known, and a problem.
    fn seen() -> Seen {
        let ids = (0..10).map(|number| format!("c{number}"));
        let clusters: Vec<_> = ids.map(ClusterObservation::new).collect();
        let any = "a/b".parse::<idsync::ClusterId>().unwrap_err();
        let mut problem = Problem::new(Source::DataArts, None, &any);
        problem.error.message = "what happened".to_owned();
        let now = at("2026-11-22T06:00:00Z");
        Seen {
            report: judge(Some("p"), &clusters, vec![problem], &Rules::default(), now),
            at: at("2026-11-22T06:00:05Z"),
            next: Some(at("2026-11-22T06:00:35Z")),
        }
    }

    fn shown(seen: Option<&Seen>, looking: Option<&Progress>, rows: usize) -> Vec<String> {
        let scope = Scope {
            place: None,
            projects: 1,
            workspaces: 1,
            zone: TimeZone::UTC,
        };
        let size = Size {
            columns: Some(100),
            rows,
        };
        let lines = page(seen, looking, &scope, size, false);
        let plain = |line: &String| anstream::adapter::strip_str(line).to_string();
        lines.iter().map(plain).collect()
    }

    #[test]
    fn before_the_first_look_has_ended_its_progress_is_shown() {
        let mut progress = Progress::default();
        assert_eq!(shown(None, Some(&progress), 24), ["idsync · looking"]);
        progress.known = 7;
        assert_eq!(
            shown(None, Some(&progress), 24),
            ["idsync · looking: 0 of 7 clusters asked"]
        );
    }

    #[test]
    fn after_a_look_its_time_and_that_of_the_next_one_are_shown() {
        let lines = shown(Some(&seen()), None, 24);
        assert_eq!(
            lines[1],
            "looked at 06:00:05 UTC · next look at 06:00:35 UTC"
        );
        assert!(lines.iter().any(|line| line.contains("c9")), "{lines:#?}");
    }

    #[test]
    fn what_is_known_stays_while_the_next_look_goes_on() {
        let lines = shown(Some(&seen()), Some(&Progress::default()), 24);
        assert_eq!(lines[1], "looked at 06:00:05 UTC · looking");
        assert!(lines.iter().any(|line| line.contains("c9")), "{lines:#?}");
    }

    #[test]
    fn a_small_screen_keeps_title_summary_and_problems() {
        let lines = shown(Some(&seen()), None, 9);
        assert_eq!(lines.len(), 9, "{lines:#?}");
        assert!(lines[0].starts_with("idsync · project p"), "{lines:#?}");
        let (problem, summary) = (&lines[8], &lines[7]);
        assert!(problem.contains("could not be listed"), "{lines:#?}");
        assert_eq!(summary, "10 unknown");
        assert_eq!(lines[6], "  … and 8 more");
    }
}
