//! `idsync doctor`: checks whatever a call depends on.

use idsync::doctor::{Check, CheckStatus, Doctor, Examination};

use crate::args::DoctorArgs;
use crate::context::Setup;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// Checks, and prints what came of it.
pub(super) async fn run(args: &DoctorArgs, output: &mut Output) -> Result<Exit, Failure> {
    let setup = Setup::of(&args.connection, args.workspace.as_ref()).await?;
    let more = match &setup.client {
        Some(client) => {
            let mut doctor = client.doctor();
            if let Some(workspace) = &setup.workspace {
                doctor = doctor.workspace(workspace);
            }
            if let Some(missing) = setup.missing() {
                doctor = doctor.without_calls(missing);
            }
            let clusters = args.cluster.iter().cloned();
            clusters.fold(doctor, Doctor::cluster).examine().await
        }
        None => Doctor::skipped(setup.missing().unwrap_or_default()),
    };
    let examination = Examination::of([setup.checks, more].concat());
    output.examination(&examination)?;
    Ok(exit(&examination.checks))
}

/// A wrong configuration explains the rest, and refused credentials explain more than a lost connection.
fn exit(checks: &[Check]) -> Exit {
    let failed = checks
        .iter()
        .filter(|check| check.status == CheckStatus::Fail);
    let codes: Vec<_> = failed
        .map(|check| check.kind.map_or(Exit::Failed, Exit::from))
        .collect();
    [Exit::Usage, Exit::Refused, Exit::Failed]
        .into_iter()
        .find(|code| codes.contains(code))
        .unwrap_or(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_comes_before_refused_credentials_and_those_before_all_else() {
        let wrong = Check::misconfigured("a", "x", "y");
        let (lost, odd) = (Check::fail("c", "x", "y"), Check::warn("d", "x", "y"));
        let code = |checks: &[&Check]| exit(&checks.iter().copied().cloned().collect::<Vec<_>>());
        assert_eq!(code(&[&odd]), Exit::Done);
        assert_eq!(code(&[&odd, &lost]), Exit::Failed);
        assert_eq!(code(&[&lost, &wrong]), Exit::Usage);
        let mut refused = lost.clone();
        refused.kind = Some(idsync::ErrorKind::Permission);
        assert_eq!(code(&[&lost, &refused]), Exit::Refused);
        assert_eq!(code(&[&refused, &wrong]), Exit::Usage);
    }
}
