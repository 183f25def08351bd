//! Is identity synchronization healthy? One verdict, with the evidence.
//!
//! Three mechanisms bring users and groups into clusters: DataArts Studio pushes them, DWS pulls them from LDAP or
//! OneAccess, MRS copies them from IAM. What each says of a cluster is a [`Reading`]; [`judge`] weighs the readings of all
//! clusters by the [`Rules`] and comes to a [`Report`]. A [`HealthCheck`] asks the services about one project, a [`Fleet`]
//! about several. [`judge`] itself fetches nothing and knows no clock, so that it can be applied to stored or invented
//! observations just as well.
//!
//! ```
//! use idsync::dataarts::Task;
//! use idsync::health::{ClusterObservation, Reading, Rules, Verdict, judge};
//!
//! let mut task = Task::default();
//! task.id = Some("088c2b59".into());
//! task.sync_status = Some("SYNC_SUCCESS".into());
//! let cluster = ClusterObservation::new("c94a9133").with_tasks(Reading::Read(vec![task]));
//!
//! let now = "2026-11-22T06:00:00Z".parse()?;
//! let report = judge(Some("0833a573"), &[cluster], Vec::new(), &Rules::default(), now);
//! assert_eq!(report.verdict, Verdict::Healthy);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod check;
mod cluster;
mod cluster_ref;
mod diagnosis;
mod evidence;
mod findings;
mod fleet;
mod iam_sync;
mod observation;
mod pace;
mod problem;
mod progress;
mod records;
mod report;
mod rules;
mod running;
mod schedule;
mod survey;
mod tasks;
mod verdict;
mod words;

#[cfg(test)]
mod tests;

pub use self::check::HealthCheck;
pub use self::cluster::{ClusterHealth, judge_cluster};
pub use self::cluster_ref::ClusterRef;
pub use self::diagnosis::{Diagnosis, DiagnosisClass};
pub use self::evidence::{Note, NoteCode, Reason, ReasonCode, Source};
pub use self::fleet::Fleet;
pub use self::observation::{ClusterObservation, Reading, RecordHistory};
pub use self::problem::{Problem, ProblemError};
pub use self::progress::Progress;
pub use self::report::{Counts, Report, judge};
pub use self::rules::{IgnoreRule, RuleSettings, Rules};
pub use self::verdict::Verdict;
