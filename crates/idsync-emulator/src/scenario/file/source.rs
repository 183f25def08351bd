//! The identity source of a DWS cluster, as a file tells it.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::error::Complaint;
use super::form::ThenForm;
use super::task::too_long;
use super::values::{Interval, Length, Offset, Status, Text, Times};
use crate::scenario::{Course, Ending, Hours, IdentitySource, Rhythm, Script, SourceType};

/// Where a DWS cluster pulls users from. Each run is a record.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceForm {
    /// What it is. Default: `ldap`.
    #[serde(default, rename = "type")]
    source_type: SourceType,
    /// From the start of one run to that of the next. Default: it runs once.
    every: Option<Interval>,
    /// When it runs for the first time: the further back, the more records there are. Default: at the start of the clock.
    first_run: Option<Offset>,
    /// Whether the newest record is listed first, else last. The service promises neither. Default: true.
    newest_first: Option<bool>,
    /// How its runs go, one after the other.
    #[schemars(with = "Vec<RecordForm>", length(min = 1))]
    runs: Spanned<Vec<Spanned<RecordForm>>>,
    /// What comes after the last of them. Default: `repeat`.
    #[serde(default)]
    then: ThenForm,
}

/// How one run goes, or several in a row. Counts are numbers of users and groups.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RecordForm {
    /// The status that it leaves behind, such as `FINISHED` or `FAILED`; `RUNNING` never ends. Default: `FINISHED`.
    status: Option<Status>,
    /// How long it takes. Default: `41s`.
    lasts: Option<Length>,
    /// Default: 0.
    #[serde(default)]
    add_count: u32,
    /// Default: 0.
    #[serde(default)]
    update_count: u32,
    /// Default: 0.
    #[serde(default)]
    delete_count: u32,
    /// Default: 0.
    #[serde(default)]
    failed_count: u32,
    /// Why it failed.
    fail_reason: Option<Text>,
    /// How many runs in a row go this way. Default: 1.
    times: Option<Times>,
}

impl SourceForm {
    /// The identity source. `path` is where it stands in the file.
    pub(super) fn into_source(self, path: &str) -> Result<IdentitySource, Complaint> {
        if self.runs.value.is_empty() {
            let field = format!("{path}.runs");
            let message =
                "at least one outcome is needed; without an identity source there are no records";
            return Err(Complaint::of_value(self.runs.referenced, field, message));
        }
        let every = self.every.map(Interval::ms);
        let outcomes = self.runs.value.into_iter().enumerate().map(|(at, run)| {
            let place = run.referenced;
            run.value.into_outcome(every).map_err(|message| {
                Complaint::of_value(place, format!("{path}.runs[{at}].lasts"), message)
            })
        });
        let script = Script::new(outcomes.collect::<Result<Vec<_>, _>>()?, self.then.into());
        let rhythm = Rhythm {
            first: self.first_run.map_or(0, |first| first.ms),
            every,
            hours: Hours::ALL_DAY,
        };
        Ok(IdentitySource {
            source_type: self.source_type,
            course: Course::new(rhythm, script),
            newest_first: self.newest_first.unwrap_or(true),
        })
    }
}

impl RecordForm {
    /// The outcome and how often it comes; else what is wrong with its length.
    fn into_outcome(self, every: Option<i64>) -> Result<(Ending, u64), String> {
        let usual = Ending::finished();
        let status = self.status.map_or(usual.status, |status| status.0.into());
        let endless = status == Ending::RUNNING;
        if endless && self.lasts.is_some() {
            return Err("a run that stays RUNNING never ends; leave this out".to_owned());
        }
        let lasts = self.lasts.map(|lasts| lasts.ms).or(usual.lasts);
        if let Some(every) = every.filter(|every| lasts > Some(*every)) {
            return Err(too_long(every));
        }
        let ending = Ending {
            status,
            lasts: lasts.filter(|_| !endless),
            added: self.add_count,
            updated: self.update_count,
            deleted: self.delete_count,
            failed: self.failed_count,
            fail_reason: self.fail_reason.map(|text| text.0.into()),
        };
        Ok((ending, self.times.map_or(1, |times| times.0.into())))
    }
}
