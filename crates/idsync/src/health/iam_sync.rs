//! What the flag of MRS says of a cluster: that a run is in progress, or nothing.

use jiff::Timestamp;

use super::evidence::{Note, NoteCode, Reason, ReasonCode, Source};
use super::findings::Findings;
use super::{Reading, words};

/// Judges the flag of one cluster.
pub(super) fn judge(flag: &Reading<Option<bool>>, now: Timestamp) -> Findings {
    match flag {
        Reading::NotAsked => Findings::default(),
        Reading::Unavailable(error) => Findings::unavailable(Source::Mrs, error, now),
        Reading::Read(flag) => Findings {
            is_running: *flag,
            ..of_flag(*flag, now)
        },
    }
}

fn of_flag(flag: Option<bool>, now: Timestamp) -> Findings {
    match flag {
        Some(true) => {
            let message = "IAM users are being copied";
            let reason = Reason::new(
                ReasonCode::IamSyncRunning,
                Source::Mrs,
                message,
                words::whole_second(now),
            );
            Findings {
                reasons: vec![reason.with_raw_status(Some("true"))],
                ..Findings::default()
            }
        }
        Some(false) => noted(
            NoteCode::IamSyncIdle,
            "idle, which does not tell how the last run went",
        ),
        None => noted(
            NoteCode::IamSyncUnreported,
            "the service does not say whether it is synchronizing",
        ),
    }
}

fn noted(code: NoteCode, message: &str) -> Findings {
    Findings {
        notes: vec![Note::new(code, Source::Mrs, message)],
        ..Findings::default()
    }
}
