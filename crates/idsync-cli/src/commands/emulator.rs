//! `idsync emulator`: the three services on one local port.

#[cfg(unix)]
mod background;

use idsync_emulator::{Emulator, EmulatorBuilder, Ready, Scenario};

use super::signals::Interrupt;
use crate::args::{EmulatorArgs, with};
use crate::errors::{CliError, Exit};
use crate::output::Output;

/// Runs the emulator until a signal stops it.
pub(super) async fn run(args: &EmulatorArgs, output: &Output) -> Result<Exit, CliError> {
    if let Some(scenario) = &args.check_scenario {
        let (name, summary) = (scenario.name(), scenario.summary());
        output.write(&format!("{name} is a valid scenario: {summary}\n"))?;
        return Ok(Exit::Done);
    }
    if let Some(name) = &args.print_scenario {
        output.write(Scenario::yaml(name).unwrap_or_default())?;
        return Ok(Exit::Done);
    }
    #[cfg(unix)]
    if args.print_env {
        return background::start(args, output);
    }
    #[cfg(unix)]
    raise_connection_limit();
    // Before the ready line: a signal that comes right after it must not be lost.
    let mut interrupt = Interrupt::new()?;
    let emulator = start(args).await?;
    if output.is_terminal && output.chosen_format.is_none() {
        output.write(&summary(emulator.ready()))?;
    } else {
        output.lines([emulator.ready()])?;
        output.log(&format!("listening on {}", emulator.url()));
    }
    if !args.listen.ip().is_loopback() {
        output.warn("other hosts can reach this emulator; its credentials are not secret, and its control paths need none");
    }
    #[cfg(unix)]
    let process = background::process_ended(args.while_process);
    #[cfg(not(unix))]
    let process = std::future::pending();
    let reason = tokio::select! {
        name = interrupt.received() => format!("{name} received"),
        () = process => "the process of --while has ended".to_owned(),
    };
    output.log(&format!("{reason}, stopping"));
    emulator.stop().await;
    Ok(Exit::Done)
}

/// The ready line for people: where the emulator is, what it holds, and how to call it.
fn summary(ready: &Ready) -> String {
    let (dws, mrs) = (ready.clusters.dws.len(), ready.clusters.mrs.len());
    format!(
        "Ready at {url}; Ctrl-C stops it.\n\n\
         project     {project_id} in {region}\n\
         workspace   {workspace}\n\
         clusters    {dws} of DWS, {mrs} of MRS\n\
         control     {control}\n\n\
         In another terminal:\n\n  \
         export HUAWEICLOUD_SDK_AK={ak} HUAWEICLOUD_SDK_SK={sk} HUAWEICLOUD_SDK_PROJECT_ID={project_id}\n  \
         idsync status --endpoint {url} --workspace {workspace}\n\n\
         With `-o json`, one line has everything for programs.\n",
        url = ready.url,
        region = ready.region,
        ak = ready.ak,
        sk = ready.sk,
        project_id = ready.project_id,
        workspace = ready.workspace,
        control = ready.control,
    )
}

/// Each connection takes a file descriptor, and the default limit is low.
#[cfg(unix)]
fn raise_connection_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    // With the default limit it works too; further connections wait until others are closed.
    let _ = setrlimit(Resource::Nofile, raised);
}

async fn start(args: &EmulatorArgs) -> Result<Emulator, CliError> {
    let mut builder = Emulator::builder()
        .listen(args.listen)
        .scenario(args.scenario.clone())
        .auth(args.auth)
        .seed(args.seed)
        .latency(args.latency);
    builder = with(builder, args.dws_offset, EmulatorBuilder::dws_offset);
    let offset = args.dataarts_offset;
    builder = with(builder, offset, EmulatorBuilder::dataarts_offset);
    builder = with(builder, args.tasks, EmulatorBuilder::tasks);
    builder = with(builder, args.records, EmulatorBuilder::records);
    builder = with(builder, args.time_scale, EmulatorBuilder::time_scale);
    if args.stopped_clock {
        builder = builder.stopped_clock();
    }
    let started = builder.start().await;
    started.map_err(|error| CliError::io("cannot start the emulator", &error))
}
