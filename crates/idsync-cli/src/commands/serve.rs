//! `idsync serve`: sweeps, and shows history, metrics and alerts.

mod systemd;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use idsync_emulator::{Emulator, Scenario};
use idsync_monitor::{Monitor, MonitorError, Settings, Store, StoreLocation};

use self::systemd::ServiceManager;
use super::signals::Interrupt;
use crate::args::{ServeArgs, TargetArgs};
use crate::connect::{Connection, variable};
use crate::errors::{CliError, Exit};
use crate::fleet_file::read_file;
use crate::output::Output;
use crate::targets::Targets;

/// What the demo plays.
const DEMO_SCENARIO: &str = "outage";

/// Seconds that pass in the demo in one second.
const DEMO_SCALE: f64 = 60.0;

/// Time from one sweep of the demo to the next.
const DEMO_INTERVAL: Duration = Duration::from_secs(5);

/// Sweeps and serves until a signal ends it.
pub(super) async fn run(args: &ServeArgs, output: &Output) -> Result<Exit, CliError> {
    let mut settings = settings(args.config.as_deref())?;
    let is_demo = args.targets.connection.demo;
    let default = is_demo.then_some(DEMO_INTERVAL);
    let serve = &mut settings.serve;
    serve.interval = args.interval.or(default).unwrap_or(serve.interval);
    serve.listen = args.listen.unwrap_or(serve.listen);
    serve.public |= args.public;
    serve.sweep |= is_demo;
    let targets = if is_demo {
        // It plays an outage of two hours in two minutes.
        let scenario = Scenario::named(DEMO_SCENARIO);
        let scenario = scenario.map_err(|error| CliError::io("cannot start the demo", &error))?;
        let builder = Emulator::builder()
            .scenario(scenario)
            .time_scale(DEMO_SCALE);
        let connection = Connection::demo(&args.targets.connection, builder).await?;
        Some(Targets::of_connection(&args.targets, connection)?)
    } else if settings.serve.sweep {
        Some(Targets::open(&within_budget(&args.targets, &settings), output).await?)
    } else {
        // It needs no credentials.
        None
    };
    let accounts = targets.as_ref().map(Targets::accounts).unwrap_or_default();
    let folder = is_demo.then(tempfile::tempdir).transpose();
    let folder = folder.map_err(|error| CliError::io("cannot create a folder", &error))?;
    let default = folder.as_ref();
    let default = default.map(|folder| folder.path().join("history.db").into());
    let chosen = settings.history.store.as_ref().or(default.as_ref());
    let location = store_location(args.history.store.as_deref(), chosen)?;
    let monitor = Monitor::new(settings, Store::standby(&location)?, accounts)?;
    watch(&Arc::new(monitor), targets.as_ref(), &location, output).await?;
    Ok(Exit::Done)
}

async fn watch(
    monitor: &Arc<Monitor>,
    targets: Option<&Targets>,
    location: &StoreLocation,
    output: &Output,
) -> Result<(), CliError> {
    // Before the address is shown: a signal that comes right after it must not be lost.
    let mut interrupt = Interrupt::once()?;
    let (address, pages) = idsync_monitor::serve(Arc::clone(monitor), output.zone.clone()).await?;
    let pages = tokio::spawn(pages);
    let deliveries = tokio::spawn(Arc::clone(monitor).deliver());
    output.log(&format!("history at {location}"));
    if !monitor.is_leading() {
        output.log("another process writes the history; this one waits to take over");
    }
    output.log(&format!(
        "page at http://{address}/, metrics at http://{address}/metrics"
    ));
    let manager = Arc::new(ServiceManager::from_environment());
    manager.notify("READY=1");
    let (pinging, watched) = (Arc::clone(&manager), Arc::clone(monitor));
    let pings = tokio::spawn(async move { pinging.ping(|| watched.is_alive()).await });
    let next = async || {
        let targets = targets.ok_or_else(|| MonitorError::new("this instance does not sweep"))?;
        let next = targets.checker().await;
        next.map_err(|error| MonitorError::new(error.message()))
    };
    let stopped = async {
        let name = interrupt.received().await;
        output.log(&format!("{name} received, stopping"));
        manager.notify("STOPPING=1");
        monitor.stop();
    };
    tokio::join!(monitor.run(next), stopped);
    deliveries.abort();
    pings.abort();
    // It ends by itself within its time.
    let _ = pages.await;
    Ok(())
}

/// The configuration of `path`, or the defaults.
pub(super) fn settings(path: Option<&Path>) -> Result<Settings, CliError> {
    let Some(path) = path else {
        return Ok(Settings::default());
    };
    Settings::parse(&read_file(path)?)
        .map_err(|error| CliError::configuration(format!("{}: {error}", path.display())))
}

/// The flags with the budget as the limit of each connection, so that it holds whatever a sweep needs.
pub(super) fn within_budget(flags: &TargetArgs, settings: &Settings) -> TargetArgs {
    let mut flags = flags.clone();
    if let Some(budget) = settings.serve.budget {
        let rate = (budget.requests, budget.per);
        flags.connection.rate.get_or_insert(rate);
    }
    flags
}

/// Where the history is: as the flag says, or the settings, or in a folder of the user.
///
/// # Errors
///
/// If the flag is not valid, or no folder is known.
pub(super) fn store_location(
    flag: Option<&Path>,
    settings: Option<&StoreLocation>,
) -> Result<StoreLocation, CliError> {
    let flag = flag.map(StoreLocation::parse).transpose();
    let flag = flag.map_err(|error| CliError::usage(error.to_string()))?;
    if let Some(chosen) = flag.or_else(|| settings.cloned()) {
        return Ok(chosen);
    }
    let state = variable("XDG_STATE_HOME").map(PathBuf::from);
    let state = state.filter(|folder| folder.is_absolute());
    let home = || Some(PathBuf::from(variable("HOME")?).join(".local/state"));
    let state = state.or_else(home).ok_or_else(|| {
        CliError::configuration("there is no folder for the history: HOME is not set")
            .with_hint("name a file with --store")
    })?;
    Ok(state.join("idsync").join("history.db").into())
}
