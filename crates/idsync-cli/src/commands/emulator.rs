//! `idsync emulator`: the three services on one local port.

#[cfg(unix)]
mod background;
#[cfg(unix)]
mod descriptors;

use idsync_emulator::{Auth, Emulator, OffsetUnit};

use super::interruption::Interruption;
use crate::args::{DataArtsOffsetArg, DwsOffsetArg, EmulatorArgs, Protection};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// Runs the emulator until a signal ends it.
pub(super) async fn run(args: &EmulatorArgs, output: &mut Output) -> Result<Exit, Failure> {
    if let Some(scenario) = &args.check_scenario {
        let name = scenario.name();
        return output.text(&format!("{name} is a scenario: {}\n", scenario.summary()).into());
    }
    if let Some(yaml) = args.print_scenario {
        return output.text(&yaml.into());
    }
    #[cfg(unix)]
    if args.print_env {
        return background::start(args, output);
    }
    #[cfg(unix)]
    descriptors::raise();
    // Signals count from here on: one that comes right after the ready line must not be lost.
    let mut interruption = Interruption::expected()?;
    let emulator = start(args).await?;
    output.ready(emulator.ready())?;
    output.log(&format!("listening on {}", emulator.url()));
    if !args.listen.ip().is_loopback() {
        output.warn("others on the network can reach this emulator, whose credentials are no secret and whose control paths ask for none");
    }
    let reason = end_of(&mut interruption, args).await;
    output.log(&format!("{reason}, stopping"));
    emulator.stop().await;
    Ok(Exit::Done)
}

/// Returns when there is a reason to stop, with that reason.
#[cfg(unix)]
async fn end_of(interruption: &mut Interruption, args: &EmulatorArgs) -> String {
    tokio::select! {
        name = interruption.received() => format!("{name} received"),
        () = background::ended(args.lifeline) => "the process that it was started for has ended".to_owned(),
    }
}

/// Returns when there is a reason to stop, with that reason.
#[cfg(not(unix))]
async fn end_of(interruption: &mut Interruption, _: &EmulatorArgs) -> String {
    format!("{} received", interruption.received().await)
}

async fn start(args: &EmulatorArgs) -> Result<Emulator, Failure> {
    let mut builder = Emulator::builder()
        .listen(args.listen)
        .scenario(args.scenario.clone())
        .auth(args.auth.into())
        .seed(args.seed)
        .latency(args.latency);
    if let Some(offset) = args.dws_offset {
        builder = builder.dws_offset(offset.into());
    }
    if let Some(offset) = args.dataarts_offset {
        builder = builder.dataarts_offset(offset.into());
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
    builder
        .start()
        .await
        .map_err(|error| Failure::surroundings("cannot start the emulator", &error))
}

impl From<Protection> for Auth {
    fn from(protection: Protection) -> Self {
        match protection {
            Protection::Strict => Self::Strict,
            Protection::Off => Self::Off,
        }
    }
}

impl From<DwsOffsetArg> for OffsetUnit {
    fn from(offset: DwsOffsetArg) -> Self {
        match offset {
            DwsOffsetArg::Page => Self::Pages,
            DwsOffsetArg::Record => Self::Items,
        }
    }
}

impl From<DataArtsOffsetArg> for OffsetUnit {
    fn from(offset: DataArtsOffsetArg) -> Self {
        match offset {
            DataArtsOffsetArg::Exact => Self::Items,
            DataArtsOffsetArg::Floor => Self::FlooredItems,
        }
    }
}
