//! `idsync doctor`: checks everything that a call depends on.

mod answers;
mod check;
mod route;
mod setup;
mod text;

use idsync::Service;

use self::answers::Answers;
use self::check::CheckStatus;
pub(crate) use self::check::{Check, DoctorReport};
use self::route::{Route, STEPS};
use self::setup::Setup;
use crate::args::DoctorArgs;
use crate::errors::{CliError, Exit};
use crate::output::Output;

/// Checks, and prints the results.
pub(super) async fn run(args: &DoctorArgs, output: &Output) -> Result<Exit, CliError> {
    let setup = Setup::check(args).await?;
    let mut checks = setup.checks.clone();
    match &setup.client {
        Some(client) => {
            let [dataarts, dws, mrs] =
                Service::SYNCHRONIZING.map(|service| Route::check(client, service));
            let (dataarts, dws, mrs) = tokio::join!(dataarts, dws, mrs);
            let routes = [dataarts, dws, mrs];
            let clock = route::clock(&routes);
            for step in 0..STEPS.len() {
                checks.extend(
                    routes
                        .iter()
                        .filter_map(|route| route.checks.get(step).cloned()),
                );
            }
            checks.push(clock);
            let answers = Answers {
                client,
                clusters: &args.cluster,
                missing: setup.missing(),
            };
            checks.extend(answers.check(&routes, setup.workspace.as_ref()).await);
        }
        None => checks.extend(skipped(setup.missing().unwrap_or_default())),
    }
    let report = DoctorReport::new(checks);
    let fields = ["name", "status", "message", "advice"];
    output.print(&report, &fields, &report.checks, || {
        text::render(&report, output.width, output.is_quiet())
    })?;
    Ok(exit(&report.checks))
}

/// Every check after the setup, skipped because of what failed there.
fn skipped(needs: &str) -> impl Iterator<Item = Check> {
    let of = |step: &str| Service::SYNCHRONIZING.map(|service| format!("{step}.{service}"));
    let routes = STEPS.iter().flat_map(move |step| of(step));
    let names = routes.chain(["clock".to_owned()]).chain(of("answer"));
    names.map(move |name| Check::needs(name, needs))
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
