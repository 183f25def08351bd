//! Is identity synchronization healthy? One verdict, with the evidence.
//!
//! Three mechanisms bring users and groups into clusters: DataArts Studio pushes them, DWS pulls them from LDAP or
//! OneAccess, MRS copies them from IAM. What each says of a cluster is a [`Reading`]; [`judge`] turns the readings of all
//! clusters into a [`Report`] by the [`Rules`]. A [`Checker`] asks the services and judges what they answer. [`judge`]
//! itself fetches nothing and has no clock, so that tests and stored observations can use it.
//!
//! Healthy is a claim that needs evidence: read from every source that applies, understood in full, and fresh. What is
//! not known is [`Verdict::Unknown`], and the report says what is missing.
//!
//! ```
//! use idsync::dataarts::Task;
//! use idsync::health::{ClusterObservation, Reading, Rules, Verdict, judge};
//!
//! let now = "2026-11-22T06:00:00Z".parse()?;
//! let mut task = Task::default();
//! task.id = Some("088c2b59".into());
//! task.sync_status = Some("SYNC_SUCCESS".into());
//! task.sync_time = Some("2026-11-22T02:00:00Z".parse()?);
//! task.schedule_status = Some("NOT_SCHEDULE".into());
//! let cluster = ClusterObservation::new("c94a9133").with_type("MRS".into());
//! let cluster = cluster.with_tasks(Reading::Read(vec![task]));
//!
//! let report = judge(Some("0833a573"), &[cluster], Vec::new(), &Rules::default(), now);
//! assert_eq!(report.verdict, Verdict::Healthy);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod check;
mod checker;
mod cluster;
mod compare;
mod coverage;
mod diagnosis;
mod history;
mod observation;
mod project;
mod records;
mod report;
mod rules;
mod schedule;
mod tasks;
#[cfg(test)]
mod tests;
mod text;
mod verdict;

pub use self::check::Progress;
pub use self::checker::Checker;
pub use self::cluster::{ClusterHealth, IdentitySourceHealth, judge_cluster};
pub use self::compare::{Change, ChangeKind, Comparison};
pub use self::coverage::{Problem, ProblemError};
pub use self::diagnosis::{Diagnosis, DiagnosisClass};
pub use self::history::RecordHistory;
pub use self::observation::{ClusterObservation, ClusterRef, Reading};
pub use self::report::{Report, judge};
pub use self::rules::{IgnoreRule, Rules};
pub use self::text::render_times;
pub use self::verdict::{Note, NoteCode, Reason, ReasonCode, Source, Verdict};
