//! What verdicts, reasons and notes mean.

use idsync::health::{NoteCode, ReasonCode, Verdict};

use super::layout::define;

const INTRODUCTION: &str = "\
The verdict of a cluster is the worst of its reasons; that of a report is the worst of its clusters.
Notes tell what a reader should know beside them. --fail-on takes verdicts, --ignore takes reasons.
";

const REASONS: [(ReasonCode, &str); 16] = [
    (
        ReasonCode::TaskFailed,
        "the last run of a task of DataArts Studio failed",
    ),
    (
        ReasonCode::ScheduleStopped,
        "the last run of a task failed and its schedule is off: DataArts Studio stops it after ten failures in a row",
    ),
    (
        ReasonCode::IdentitySourceFailed,
        "the newest run of an identity source of DWS failed",
    ),
    (
        ReasonCode::TaskOverrun,
        "a task runs for longer than --longest-run",
    ),
    (
        ReasonCode::IdentitySourceOverrun,
        "an identity source runs for longer than --longest-run",
    ),
    (
        ReasonCode::ScheduleMissed,
        "a scheduled task did not run when it was due, nor within --grace after that",
    ),
    (
        ReasonCode::RecordsFailed,
        "the newest run of an identity source that ended failed on some identities",
    ),
    (
        ReasonCode::TaskStatusUnknown,
        "DataArts Studio gives no status of a task, or one that this version does not know",
    ),
    (
        ReasonCode::RecordStatusUnknown,
        "the newest record of DWS has no status, or one that this version does not know, or could not be read",
    ),
    (
        ReasonCode::SourceUnavailable,
        "a service could not be asked, and no other says anything of the cluster",
    ),
    (ReasonCode::TaskNeverRan, "a task has not run yet"),
    (ReasonCode::TaskRunning, "a task runs"),
    (ReasonCode::IdentitySourceRunning, "an identity source runs"),
    (ReasonCode::IamSyncRunning, "MRS is copying IAM users"),
    (
        ReasonCode::TaskSucceeded,
        "the last run of a task succeeded",
    ),
    (
        ReasonCode::IdentitySourceSucceeded,
        "the newest run of an identity source succeeded on every identity",
    ),
];

const NOTES: [(NoteCode, &str); 7] = [
    (
        NoteCode::NoRecords,
        "DWS has no records of the cluster: the feature is off, or never ran",
    ),
    (
        NoteCode::IamSyncIdle,
        "MRS is not copying IAM users, which tells nothing of how the last time went",
    ),
    (
        NoteCode::IamSyncUnreported,
        "MRS does not say whether it is copying IAM users",
    ),
    (
        NoteCode::SourcesDisagree,
        "DataArts Studio says that a run is in progress and the cluster's own service says none is, or the reverse",
    ),
    (
        NoteCode::SourceUnavailable,
        "a service could not be asked, or not all of its answer could be read",
    ),
    (
        NoteCode::MassDeletion,
        "the newest run of an identity source that ended deleted more identities than --mass-deletion",
    ),
    (
        NoteCode::ReasonIgnored,
        "a reason that does not count, by --ignore or a rule of a file",
    ),
];

/// All there is to say of verdicts.
pub(super) fn text() -> String {
    let mut text = INTRODUCTION.to_owned();
    text.push_str("\nVerdicts, worst first:\n");
    for verdict in Verdict::ALL {
        define(&mut text, verdict.as_str(), meaning(verdict));
    }
    text.push_str("\nReasons, with the verdict that each stands for:\n");
    for (code, meaning) in REASONS {
        let meaning = format!("{}: {meaning}", code.verdict());
        define(&mut text, code.as_str(), &meaning);
    }
    text.push_str("\nNotes:\n");
    for (code, meaning) in NOTES {
        define(&mut text, code.as_str(), meaning);
    }
    text
}

fn meaning(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Failing => "the last run failed",
        Verdict::Stuck => "a run goes on for longer than one can take",
        Verdict::Overdue => "a scheduled run did not take place",
        Verdict::Partial => "the last run ended, but not for every identity",
        Verdict::Unknown => "nothing is known that would allow another verdict",
        Verdict::NeverRun => "nothing has run yet",
        Verdict::Running => "a run is in progress",
        Verdict::Healthy => "the last run succeeded, and the next is not late",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words that are explained in the part under `title`.
    fn explained(title: &str) -> Vec<String> {
        let text = text();
        let part = text.split("\n\n").find(|part| part.starts_with(title));
        let lines = part
            .unwrap()
            .lines()
            .filter(|line| line.starts_with("  ") && !line.starts_with("   "));
        lines
            .map(|line| line.split_whitespace().next().unwrap().to_owned())
            .collect()
    }

    fn sorted(words: impl IntoIterator<Item = &'static str>) -> Vec<&'static str> {
        let mut words: Vec<_> = words.into_iter().collect();
        words.sort_unstable();
        words
    }

    #[test]
    fn every_verdict_reason_and_note_is_explained_once() {
        assert_eq!(explained("Verdicts"), Verdict::ALL.map(Verdict::as_str));
        let mut reasons = explained("Reasons");
        reasons.sort_unstable();
        assert_eq!(reasons, sorted(ReasonCode::ALL.map(ReasonCode::as_str)));
        let mut notes = explained("Notes");
        notes.sort_unstable();
        assert_eq!(notes, sorted(NoteCode::ALL.map(NoteCode::as_str)));
    }
}
