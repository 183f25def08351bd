//! Logs of the library's calls, on stderr and in a file.
//!
//! Only events of this project pass, at every level: those of the HTTP and TLS libraries may hold headers.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::Mutex;

use anstream::{AutoStream, ColorChoice};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::{Layer, SubscriberExt};

use crate::args::LoggingArgs;
use crate::errors::CliError;

/// Prefix of the targets of the library's events.
const TARGET: &str = "idsync";

/// Starts logging as `args` say.
///
/// # Errors
///
/// If the trace file cannot be opened, or is not empty.
pub(crate) fn start(args: &LoggingArgs, color: ColorChoice) -> Result<(), CliError> {
    let file = args.trace_file.as_deref().map(open_trace).transpose()?;
    let level = match args.verbose {
        0 => LevelFilter::OFF,
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let color = match color {
        ColorChoice::Auto => AutoStream::choice(&io::stderr()),
        choice => choice,
    };
    let own_events = |level| Targets::new().with_target(TARGET, level);
    let lines = fmt::layer()
        .compact()
        .with_target(false)
        .with_ansi(color != ColorChoice::Never)
        .with_writer(io::stderr)
        .with_filter(own_events(level));
    let json = file.map(|file| {
        let json = fmt::layer().json().with_span_list(false);
        let json = json.with_writer(Mutex::new(file));
        json.with_filter(own_events(LevelFilter::TRACE))
    });
    let logs = tracing_subscriber::registry().with(json).with(lines);
    tracing::subscriber::set_global_default(logs)
        .map_err(|error| CliError::io("cannot start logging", &error))
}

/// Opens the file for appending, which also works for pipes and devices. A new file is readable by its owner only.
///
/// # Errors
///
/// If it cannot be opened, or is a file that is not empty.
fn open_trace(path: &Path) -> Result<File, CliError> {
    let refused = |why: &str| {
        CliError::usage(format!("the trace file {} {why}", path.display()))
            .with_hint("name a new file with --trace-file")
    };
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let not_writable = |error: io::Error| refused(&format!("cannot be written: {error}"));
    let file = options.open(path).map_err(not_writable)?;
    let metadata = file.metadata().map_err(not_writable)?;
    if metadata.is_file() && metadata.len() > 0 {
        return Err(refused("already exists and is not empty"));
    }
    Ok(file)
}
