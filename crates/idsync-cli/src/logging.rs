//! What the library tells of its calls, on stderr and into a file.
//!
//! Only its own events are let through, at whatever level: those of the HTTP and TLS libraries may hold headers.

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::Mutex;

use anstream::ColorChoice;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

use crate::args::LoggingArgs;
use crate::failure::Failure;

/// What the targets of the library's events begin with.
const OWN: &str = "idsync";

/// Starts to log as `args` say, for the rest of the run; nothing is logged unless asked for.
///
/// # Errors
///
/// If the trace file cannot be opened, or is somebody else's.
pub(crate) fn start(args: &LoggingArgs, color: ColorChoice) -> Result<(), Failure> {
    let file = args.trace_file.as_deref().map(trace_file).transpose()?;
    if file.is_none() && args.verbose == 0 {
        return Ok(());
    }
    let logs = tracing_subscriber::registry()
        .with(file.map(lines_into))
        .with(on_stderr(level(args.verbose), color));
    tracing::subscriber::set_global_default(logs)
        .map_err(|error| Failure::surroundings("cannot start to log", &error))
}

fn level(verbose: u8) -> LevelFilter {
    match verbose {
        0 => LevelFilter::OFF,
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    }
}

fn on_stderr<S>(level: LevelFilter, color: ColorChoice) -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    tracing_subscriber::fmt::layer()
        .compact()
        .with_target(false)
        .with_ansi(is_colorful(color))
        .with_writer(io::stderr)
        .with_filter(Targets::new().with_target(OWN, level))
}

fn lines_into<S>(file: File) -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    tracing_subscriber::fmt::layer()
        .json()
        .with_span_list(false)
        .with_writer(Mutex::new(file))
        .with_filter(Targets::new().with_target(OWN, LevelFilter::TRACE))
}

fn is_colorful(color: ColorChoice) -> bool {
    match color {
        ColorChoice::Auto => {
            io::stderr().is_terminal()
                && std::env::var_os("NO_COLOR").is_none_or(|no| no.is_empty())
        }
        choice => choice != ColorChoice::Never,
    }
}

/// Opens the file to append to it, which leaves pipes and devices usable, and makes it for its owner only.
///
/// # Errors
///
/// If it cannot be opened, or holds something already: it may be anything, and is not ours to add to.
fn trace_file(path: &Path) -> Result<File, Failure> {
    let refuse = |why: &str| {
        let failure = Failure::usage(format!("the trace file {} {why}", path.display()));
        failure.with_hint("name a new file with --trace-file")
    };
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let unusable = |error: io::Error| refuse(&format!("cannot be written: {error}"));
    let file = options.open(path).map_err(unusable)?;
    let kept = file.metadata().map_err(unusable)?;
    if kept.is_file() && kept.len() > 0 {
        return Err(refuse("holds something already"));
    }
    Ok(file)
}
