//! `idsync emulator`: the three services on one local port.

#[cfg(unix)]
mod background;

use idsync_emulator::{Emulator, Ready};

use super::signals::Interrupt;
use crate::args::EmulatorArgs;
use crate::errors::{CliError, Exit};
use crate::output::Output;

/// Runs the emulator until a signal stops it.
pub(super) async fn run(args: &EmulatorArgs, output: &Output) -> Result<Exit, CliError> {
    if let Some(scenario) = &args.check_scenario {
        let (name, summary) = (scenario.name(), scenario.summary());
        output.write(&format!("{name} is a valid scenario: {summary}\n"))?;
        return Ok(Exit::Done);
    }
    if let Some(yaml) = args.print_scenario {
        output.write(yaml)?;
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
    let reason = end(&mut interrupt, args).await;
    output.log(&format!("{reason}, stopping"));
    emulator.stop().await;
    Ok(Exit::Done)
}

/// The ready line for people: where the emulator is, what it holds, and how to call it.
fn summary(ready: &Ready) -> String {
    let Ready { url, clusters, .. } = ready;
    let workspaces = ready
        .projects
        .iter()
        .flat_map(|project| &project.workspaces);
    let workspaces: Vec<_> = workspaces.map(String::as_str).collect();
    format!(
        "Ready at {url}; Ctrl-C stops it.\n\n\
         project     {project} in {region}\n\
         workspaces  {workspaces}\n\
         clusters    {dws} of DWS, {mrs} of MRS\n\
         user        {user} of {domain}, password {password}\n\
         control     {control}\n\n\
         In another terminal:\n\n  \
         export HUAWEICLOUD_SDK_AK={ak} HUAWEICLOUD_SDK_SK={sk} HUAWEICLOUD_SDK_PROJECT_ID={project}\n  \
         idsync status --endpoint {url} --workspace {workspace}\n\n\
         With `-o json`, one line has everything for programs.\n",
        project = ready.project_id,
        region = ready.region,
        workspaces = workspaces.join(", "),
        dws = clusters.dws.len(),
        mrs = clusters.mrs.len(),
        user = ready.user,
        domain = ready.domain,
        password = ready.password,
        control = ready.control,
        ak = ready.ak,
        sk = ready.sk,
        workspace = ready.workspace,
    )
}

/// Returns when the emulator should stop, with the reason.
#[cfg(unix)]
async fn end(interrupt: &mut Interrupt, args: &EmulatorArgs) -> String {
    tokio::select! {
        name = interrupt.received() => format!("{name} received"),
        () = background::process_ended(args.while_process) => "the process of --while has ended".to_owned(),
    }
}

/// Returns when the emulator should stop, with the reason.
#[cfg(not(unix))]
async fn end(interrupt: &mut Interrupt, _: &EmulatorArgs) -> String {
    format!("{} received", interrupt.received().await)
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
    if let Some(offset) = args.dws_offset {
        builder = builder.dws_offset(offset);
    }
    if let Some(offset) = args.dataarts_offset {
        builder = builder.dataarts_offset(offset);
    }
    if let Some(tasks) = args.tasks {
        builder = builder.tasks(tasks);
    }
    if let Some(records) = args.records {
        builder = builder.records(records);
    }
    if let Some(scale) = args.time_scale {
        builder = builder.time_scale(scale);
    }
    if args.stopped_clock {
        builder = builder.stopped_clock();
    }
    let started = builder.start().await;
    started.map_err(|error| CliError::io("cannot start the emulator", &error))
}
