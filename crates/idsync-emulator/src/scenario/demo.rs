//! The built-in scenario `demo`: a company's clusters on a day on which everything that can happen has happened.
//!
//! Margins are wide, so that nothing flips while someone looks at it: no interval ends within an hour of the start, and
//! runs in progress stay younger than the service's own limit of 30 minutes.

use super::{
    Cluster, Flag, Generated, Moment, Run, Scenario, Schedule, Task, Verdict, days, hours, minutes,
};
use crate::calendar::TimedFault;
use crate::clock::Pace;
use crate::faults::{Fault, FaultKind};
use crate::operation::Operation;

/// The cluster whose records can not be read: the fault that sees to it needs its name.
const THROTTLED: &str = "supplier-dws";

const BIND_REFUSED: &str =
    "LDAP bind as uid=dws-reader,ou=services was refused: invalid credentials (49)";

pub(super) fn scenario() -> Scenario {
    let mut clusters = dws_clusters();
    clusters.extend(mrs_clusters());
    for cluster in &mut clusters {
        cluster.verdict = Some(verdict_of(&cluster.name));
    }
    let throttled = Fault::on(Operation::Records, FaultKind::status(429)).at_cluster(THROTTLED);
    Scenario {
        name: "demo".into(),
        workspaces: vec!["analytics".into(), "governance".into()],
        clusters,
        generated: Generated::default(),
        pace: Pace::default(),
        faults: vec![TimedFault::always(throttled)],
    }
}

/// What is planted in a cluster, for those who compare.
fn verdict_of(name: &str) -> Verdict {
    match name {
        "risk-prod-dws" | "ledger-dws" | "loyalty-dws" | "pricing-mrs" | "audit-mrs"
        | "stream-mrs" | "search-mrs" => Verdict::Failing,
        "campaign-dws" | "lake-batch-mrs" => Verdict::Stuck,
        "retail-dws" => Verdict::Overdue,
        "people-dws" => Verdict::Partial,
        "sandbox-dws" | "feature-mrs" | "forecast-mrs" => Verdict::Unknown,
        "archive-dws" | "graph-mrs" => Verdict::NeverRun,
        "billing-dws" | "clickstream-mrs" | "notebook-mrs" => Verdict::Running,
        _ => Verdict::Healthy,
    }
}

fn dws_clusters() -> Vec<Cluster> {
    vec![
        Cluster::dws("orders-dws", Task::succeeded(hours(3)), busy_history()).listed_in(&[0, 1]),
        Cluster::dws("risk-prod-dws", role_has_dependents(), failing_history()).listed_in(&[0, 1]),
        Cluster::dws(
            "ledger-dws",
            permission_denied(),
            vec![Run::finished(hours(2)).counts(0, 4, 0)],
        )
        .listed_in(&[1]),
        Cluster::dws("campaign-dws", Task::succeeded(hours(5)), overrun_history()),
        Cluster::dws(
            "retail-dws",
            missed(),
            vec![Run::finished(hours(9)).counts(3, 1, 0)],
        ),
        Cluster::dws("people-dws", Task::succeeded(hours(4)), partial_history()).listed_in(&[0, 1]),
        Cluster::dws(
            "sandbox-dws",
            Task::succeeded(hours(6)),
            suspended_history(),
        ),
        Cluster::dws(
            "archive-dws",
            Task::never_ran().created(days(3)),
            Vec::new(),
        )
        .listed_in(&[1]),
        Cluster::dws("billing-dws", Task::succeeded(hours(2)), running_history()),
        Cluster::dws(
            THROTTLED,
            Task::succeeded(hours(7)),
            vec![Run::finished(hours(1))],
        ),
        Cluster::dws("support-dws", Task::succeeded(hours(8)), Vec::new()).listed_in(&[1]),
        Cluster::dws(
            "loyalty-dws",
            throttled(),
            vec![Run::finished(hours(6)).counts(0, 2, 0)],
        ),
    ]
}

fn mrs_clusters() -> Vec<Cluster> {
    let overrun = Task::running(Moment::Ago(minutes(52)));
    vec![
        Cluster::mrs("etl-mrs", Task::succeeded(hours(3)), Flag::Never).listed_in(&[0, 1]),
        Cluster::mrs("lake-batch-mrs", overrun, Flag::Always).listed_in(&[0, 1]),
        Cluster::mrs(
            "clickstream-mrs",
            Task::running(in_progress(4)),
            Flag::Always,
        ),
        Cluster::mrs("notebook-mrs", Task::running(in_progress(6)), Flag::Never),
        Cluster::mrs(
            "feature-mrs",
            Task::succeeded(hours(30))
                .status("UNKNOWN")
                .scheduled(Schedule::off()),
            Flag::Unreported,
        ),
        Cluster::mrs(
            "forecast-mrs",
            Task::succeeded(hours(10)).status("SYNC_PARTIAL_FAIL"),
            Flag::Never,
        ),
        Cluster::mrs("graph-mrs", Task::never_ran().created(days(1)), Flag::Never).listed_in(&[1]),
        Cluster::mrs("pricing-mrs", name_collision(), Flag::Never),
        Cluster::mrs("audit-mrs", timeout(), Flag::Never).listed_in(&[1]),
        Cluster::mrs("stream-mrs", already_running(), Flag::Always),
        Cluster::mrs("search-mrs", unexplained(), Flag::Never),
        Cluster::mrs("device-mrs", Task::succeeded(hours(1)), Flag::Never),
    ]
}

/// Started a few minutes ago, and started anew every 20 minutes.
fn in_progress(minutes_ago: i64) -> Moment {
    Moment::Latest {
        ago: minutes(minutes_ago),
        every: minutes(20),
    }
}

fn missed() -> Task {
    Task::succeeded(hours(9)).scheduled(Schedule::every_hours(4))
}

fn role_has_dependents() -> Task {
    Task::failed(
        minutes(35),
        "ERROR: role \"iam_group_risk\" cannot be dropped because some objects depend on it\n  \
         Detail: target of row level security policy dls_risk_analysts on table exposure_daily\n\
         target of row level security policy dls_risk_auditors on table counterparty",
    )
}

fn permission_denied() -> Task {
    Task::failed(
        hours(11),
        "permission denied: agency dlg_agency_ledger lacks iam:groups:listGroups (403 Forbidden)",
    )
    .scheduled(Schedule::off())
}

fn throttled() -> Task {
    Task::failed(
        minutes(50),
        "APIGW.0308 Too many requests (429): policy user over ratelimit,limit:200,time:5 minute",
    )
}

fn name_collision() -> Task {
    Task::failed(
        hours(2),
        "user \"n.okafor\" already exists in the cluster as a human-machine user with the same name",
    )
}

fn timeout() -> Task {
    Task::failed(
        hours(4),
        "timeout: the run did not end within 30 minutes and was stopped",
    )
}

fn already_running() -> Task {
    Task::failed(
        minutes(40),
        "12000154: an IAM synchronization of this cluster is already in progress",
    )
}

fn unexplained() -> Task {
    Task::failed(
        hours(3),
        "the policy engine sent 17 of 64 expected bytes and closed the stream",
    )
}

/// The newest run deleted so many users that someone should ask why, although nothing failed.
fn busy_history() -> Vec<Run> {
    vec![
        Run::finished(minutes(38)).counts(12, 3, 240),
        Run::finished(hours(5)).counts(0, 7, 1),
        Run::finished(hours(9)),
        Run::finished(hours(13)).counts(2, 0, 0).via_oneaccess(),
        Run::finished(hours(17)).counts(0, 0, 4),
        Run::failed(
            hours(21),
            "LDAP server ldap-2.demo.internal:636 could not be reached: connection refused",
        ),
        Run::finished(hours(25)).counts(140, 0, 0),
    ]
}

/// Oldest first: the order of the service is not promised, and the newest run decides.
fn failing_history() -> Vec<Run> {
    vec![
        Run::finished(hours(60)).counts(1, 0, 0),
        Run::finished(hours(48)).counts(5, 2, 0),
        Run::failed(hours(36), BIND_REFUSED),
        Run::failed(hours(24), BIND_REFUSED),
        Run::failed(hours(12), BIND_REFUSED),
        Run::failed(minutes(45), BIND_REFUSED),
    ]
}

fn overrun_history() -> Vec<Run> {
    vec![
        Run::running(Moment::Ago(minutes(47))),
        Run::finished(hours(4)).counts(0, 1, 0),
    ]
}

fn partial_history() -> Vec<Run> {
    vec![
        Run::finished(hours(26)).counts(4, 0, 0).via_oneaccess(),
        Run::finished(hours(2))
            .counts(113, 0, 0)
            .with_failures(7)
            .via_oneaccess(),
    ]
}

fn suspended_history() -> Vec<Run> {
    vec![
        Run::finished(hours(3)).status("SUSPENDED"),
        Run::finished(hours(15)).counts(0, 3, 0),
    ]
}

fn running_history() -> Vec<Run> {
    vec![
        Run::running(in_progress(3)),
        Run::finished(hours(4)).counts(1, 1, 1),
    ]
}

#[cfg(test)]
mod tests;
