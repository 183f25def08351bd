//! What the service of a cluster said when it was last asked, kept for the sweeps that do not ask it.

use std::time::Duration;

use idsync::health::{ClusterObservation, ProblemError, Reading, RecordHistory};
use idsync::{Error, ErrorKind, Service};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The last answer of a cluster's own service, most of it as text: thousands of them are kept, and few are needed at once.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StoredReading {
    /// When it was asked.
    pub(crate) tried_at: Timestamp,
    /// Since when the flag of MRS has been true at each look.
    pub(crate) running_since: Option<Timestamp>,
    /// Whether the service answered.
    pub(crate) is_answered: bool,
    /// The JSON form of a [`ReadingForm`].
    text: Box<str>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct ReadingForm {
    tried_at: Timestamp,
    records: Option<RecordHistory>,
    /// The flag of MRS; the inner value is absent where the answer left it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    flag: Option<StoredFlag>,
    /// Why it could not be read, or not in full.
    error: Option<ProblemError>,
    running_since: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct StoredFlag {
    is_synchronizing: Option<bool>,
}

/// The error that a stored one was made from, as far as judging needs it.
fn error(stored: &ProblemError) -> Error {
    let mut error = Error::new(stored.kind, stored.message.as_str());
    if let Some(status) = stored.status {
        error = error.with_status(status);
    }
    match &stored.code {
        Some(code) => error.with_code(code),
        None => error,
    }
}

impl StoredReading {
    /// What `cluster` says after its service was asked at `at`; none where no service was.
    pub(crate) fn of(cluster: &ClusterObservation, at: Timestamp) -> Option<Self> {
        let error = cluster.records.error().or(cluster.iam_sync.error());
        let flag = cluster.iam_sync.value().copied();
        let is_running = flag == Some(Some(true));
        let since = cluster.iam_sync_since.unwrap_or(at);
        let form = ReadingForm {
            tried_at: at,
            records: cluster.records.value().cloned(),
            flag: flag.map(|is_synchronizing| StoredFlag { is_synchronizing }),
            error: error.map(ProblemError::from),
            running_since: is_running.then_some(since),
        };
        if form.records.is_none() && form.flag.is_none() && form.error.is_none() {
            return None;
        }
        Self::parse(serde_json::to_string(&form).ok()?)
    }

    /// Reads a stored text; none if an older version wrote it in another form.
    pub(crate) fn parse(text: String) -> Option<Self> {
        let form: ReadingForm = serde_json::from_str(&text).ok()?;
        Some(Self {
            tried_at: form.tried_at,
            running_since: form.running_since,
            is_answered: form.records.is_some() || form.flag.is_some(),
            text: text.into(),
        })
    }

    /// What is stored.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Sets the reading of a cluster that is not asked now; one older than `carry_max` says nothing any more.
    pub(crate) fn carry(
        reading: Option<&Self>,
        cluster: &mut ClusterObservation,
        carry_max: Duration,
        now: Timestamp,
    ) {
        let usable = match reading {
            None => Err("it has not been asked yet: the budget of requests goes to others".into()),
            Some(reading) => reading.fresh(carry_max, now),
        };
        let mut form = usable.unwrap_or_else(|why| ReadingForm {
            error: Some((&Error::new(ErrorKind::Incomplete, why)).into()),
            ..ReadingForm::default()
        });
        if cluster.service() == Some(Service::Dws) {
            let records = form.records.take();
            cluster.records = form.as_reading(records);
            return;
        }
        let flag = form.flag.map(|flag| flag.is_synchronizing);
        cluster.iam_sync = form.as_reading(flag);
        // As long as it had run when it was seen: nothing is known of it since then.
        let ran = form.running_since.map(|since| form.tried_at - since);
        cluster.iam_sync_since = ran.and_then(|ran| now.checked_sub(ran).ok());
    }

    fn fresh(&self, carry_max: Duration, now: Timestamp) -> Result<ReadingForm, String> {
        let age = now.duration_since(self.tried_at);
        let longest = SignedDuration::try_from(carry_max).unwrap_or(SignedDuration::MAX);
        if age <= longest {
            return serde_json::from_str(&self.text).map_err(|error| error.to_string());
        }
        // No age: a text that changes with each sweep would be stored with each sweep.
        Err(format!(
            "it was last asked at {:.0}, too long ago to still count",
            self.tried_at
        ))
    }
}

impl ReadingForm {
    fn as_reading<T>(&self, value: Option<T>) -> Reading<T> {
        let error = self.error.as_ref().map(error);
        match (value, error) {
            (Some(value), None) => Reading::Read(value),
            (Some(value), Some(error)) => Reading::Partial(value, error),
            (None, Some(error)) => Reading::Unavailable(error),
            (None, None) => Reading::NotAsked,
        }
    }
}
