//! Arguments of `idsync emulator`.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use clap::{Args, ValueEnum, value_parser};
use idsync_emulator::{EmulatorError, MAX_GENERATED_TASKS, MAX_TIME_SCALE, Scenario};

use super::duration;

/// Arguments of `idsync emulator`.
#[derive(Debug, Args)]
pub(crate) struct EmulatorArgs {
    /// The address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,

    /// What is played: demo, healthy, outage, fleet-10k, paging-1m, pages, or a YAML file
    ///
    /// demo has every verdict and every reason for one; healthy is well; outage goes wrong and recovers within two hours;
    /// fleet-10k has ten thousand clusters; paging-1m a million records; pages answers in the shape of the examples
    /// of the reference pages. --print-scenario shows how one is written.
    #[arg(long, value_name = "NAME|FILE", default_value = "demo", value_parser = scenario)]
    pub(crate) scenario: Scenario,

    /// Says whether a YAML file is a scenario, and ends
    #[arg(long, value_name = "FILE", value_parser = file, conflicts_with = "scenario")]
    pub(crate) check_scenario: Option<Scenario>,

    /// Prints the YAML of a built-in scenario, to start one's own from, and ends
    #[arg(long, value_name = "NAME", value_parser = yaml, conflicts_with_all = ["scenario", "check_scenario"])]
    pub(crate) print_scenario: Option<&'static str>,

    /// How many seconds pass at the services in one second, such as 60 [default: as in the scenario, or 1]
    ///
    /// Signatures and tokens are checked by the time of this machine all the same.
    #[arg(long, value_name = "N", value_parser = scale)]
    pub(crate) time_scale: Option<f64>,

    /// Stops the clock of the services: it is moved by POST /_emulator/clock/advance only
    #[arg(long)]
    pub(crate) stopped_clock: bool,

    /// Whether signatures and tokens are checked
    #[arg(long, value_name = "MODE", value_enum, default_value = "strict")]
    pub(crate) auth: Protection,

    /// The number that all invented ids follow from
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,

    /// How many tasks are added to the first workspace, each with a cluster [default: as in the scenario]
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(..=i64::from(MAX_GENERATED_TASKS)))]
    pub(crate) tasks: Option<u32>,

    /// How many records the first DWS cluster has [default: as in the scenario]
    #[arg(long, value_name = "N")]
    pub(crate) records: Option<u64>,

    /// How long each answer is held back, such as 20ms
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = duration::pause)]
    pub(crate) latency: Duration,

    /// What DWS counts in `offset` [default: as in the scenario, or page]
    #[arg(long, value_name = "MODE", value_enum)]
    pub(crate) dws_offset: Option<DwsOffsetArg>,

    /// Whether DataArts Studio rounds `offset` down to a multiple of `limit` [default: as in the scenario, or exact]
    #[arg(long, value_name = "MODE", value_enum)]
    pub(crate) dataarts_offset: Option<DataArtsOffsetArg>,

    /// Run in the background, and print what makes a shell's commands and SDKs talk to it
    ///
    /// For POSIX shells: eval "$(idsync emulator --print-env)". The emulator ends with the shell, or by
    /// kill "$IDSYNC_EMULATOR_PID".
    #[cfg(unix)]
    #[arg(long)]
    pub(crate) print_env: bool,

    /// End when this process has ended [default with --print-env: whoever started this command]
    #[cfg(unix)]
    #[arg(long = "while", value_name = "PID")]
    pub(crate) lifeline: Option<u32>,
}

/// The scenario of a name, else of a file.
fn scenario(text: &str) -> Result<Scenario, EmulatorError> {
    let path = Path::new(text);
    if path.extension().is_some() || path.exists() && !Scenario::NAMES.contains(&text) {
        return Scenario::from_file(path);
    }
    Scenario::named(text)
}

fn file(text: &str) -> Result<Scenario, EmulatorError> {
    Scenario::from_file(Path::new(text))
}

fn scale(text: &str) -> Result<f64, String> {
    let scale = text.parse().ok();
    let scale = scale.filter(|scale| *scale > 0.0 && *scale <= MAX_TIME_SCALE);
    scale.ok_or_else(|| format!("give a number above 0, at most {MAX_TIME_SCALE}"))
}

fn yaml(name: &str) -> Result<&'static str, String> {
    let known = Scenario::NAMES.join(", ");
    Scenario::yaml(name).ok_or_else(|| format!("the built-in scenarios are: {known}"))
}

/// Whether signatures and tokens are checked.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Protection {
    Strict,
    Off,
}

/// What DWS counts in `offset`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum DwsOffsetArg {
    Page,
    Record,
}

/// How DataArts Studio takes `offset`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum DataArtsOffsetArg {
    Exact,
    Floor,
}
