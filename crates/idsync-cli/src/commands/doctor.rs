//! `idsync doctor`: checks everything that a call depends on.

mod setup;
mod text;

pub(crate) use idsync::doctor::{Check, Examination as DoctorReport};
use idsync::doctor::{CheckStatus, Doctor};

use self::setup::Setup;
use crate::args::DoctorArgs;
use crate::errors::{CliError, Exit};
use crate::output::Output;

/// Checks, and prints the results.
pub(super) async fn run(args: &DoctorArgs, output: &Output) -> Result<Exit, CliError> {
    let setup = Setup::check(args).await?;
    let missing = setup.missing();
    let more = match &setup.client {
        Some(client) => {
            let mut doctor = client.doctor();
            if let Some(workspace) = &setup.workspace {
                doctor = doctor.workspace(workspace);
            }
            if let Some(missing) = missing {
                doctor = doctor.without_calls(missing);
            }
            let clusters = args.cluster.iter().cloned();
            clusters.fold(doctor, Doctor::cluster).examine().await
        }
        None => Doctor::skipped(missing.unwrap_or_default()),
    };
    let report = DoctorReport::of([setup.checks, more].concat());
    let fields = ["name", "status", "message", "advice"];
    output.print(&report, &fields, &report.checks, || {
        text::render(&report, output.width, output.is_quiet())
    })?;
    Ok(exit(&report.checks))
}

/// A wrong configuration explains the rest, and rejected credentials explain more than a lost connection.
fn exit(checks: &[Check]) -> Exit {
    let failed = checks
        .iter()
        .filter(|check| check.status == CheckStatus::Fail);
    let codes: Vec<_> = failed
        .map(|check| check.kind.map_or(Exit::Failed, Exit::from))
        .collect();
    [Exit::Usage, Exit::Rejected, Exit::Failed]
        .into_iter()
        .find(|code| codes.contains(code))
        .unwrap_or(Exit::Done)
}
