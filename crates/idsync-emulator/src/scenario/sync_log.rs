//! The log line that a run of a task leaves behind.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde_json::json;

use crate::ids::uuid;

/// What is written of a run that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SyncLog {
    text: &'static str,
    /// What the failed job reported.
    pub(crate) message: Cow<'static, str>,
}

impl SyncLog {
    /// Milliseconds from the start of a run to its line, where no end is known.
    pub(crate) const AFTER_MS: i64 = 38_000;

    pub(crate) fn of_failure(message: Cow<'static, str>) -> Self {
        Self {
            text: "Submitting the user job failed",
            message,
        }
    }

    /// `[local time] ===> text:[JSON array of jobs]`, the shape of the reference page's example.
    pub(crate) fn render(&self, written_ms: i64, salt: u64) -> String {
        let written = Timestamp::from_millisecond(written_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        let local = written.to_zoned(TimeZone::fixed(Offset::constant(8)));
        let jobs = json!([{
            "duration": 0.0,
            "jobId": uuid(salt, 0),
            "jobType": "",
            "message": self.message,
            "rowCount": 0,
            "rows": [],
            "schema": [],
            "status": "FAILED",
            "totalRowCount": 0,
        }]);
        format!(
            "[{}] ===> {}:{jobs}",
            local.strftime("%Y-%m-%d %H:%M:%S"),
            self.text
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_line_gives_the_time_in_utc_plus_eight_and_a_json_array() {
        let log = SyncLog::of_failure("role \"x\"\n  is kept".into());
        // 2024-03-20T02:25:54Z
        let text = log.render(1_710_901_554_000, 1);
        let (stamp, jobs) = text
            .split_once(" ===> Submitting the user job failed:")
            .unwrap();
        assert_eq!(stamp, "[2024-03-20 10:25:54]");
        let jobs: serde_json::Value = serde_json::from_str(jobs).unwrap();
        assert_eq!(jobs[0]["message"], "role \"x\"\n  is kept");
    }
}
