//! `idsync export`: writes a day of the history as Parquet files.

use idsync_monitor::Reader;

use super::serve::store_location;
use crate::args::ExportArgs;
use crate::clock;
use crate::connect::{service_clock, variable};
use crate::errors::{CliError, Exit};
use crate::output::Output;
use crate::output::text::counted;

/// Writes the files of one day, and says what they have.
pub(super) async fn run(args: &ExportArgs, output: &Output) -> Result<Exit, CliError> {
    let location = store_location(args.store.as_deref(), None)?;
    let reader = Reader::open(&location)?;
    // The history is in the time of the services.
    let clock = service_clock(variable)?;
    let now = clock::read(clock.as_ref()).await?.now();
    let Some(date) = args.day.date(now) else {
        return Err(CliError::usage("--day: there is no day before this one"));
    };
    for file in idsync_monitor::export(&reader, &args.to, date, args.shard, now)? {
        let rows = counted(file.rows, "row");
        output.log(&format!("{rows} in {}", file.path.display()));
    }
    Ok(Exit::Done)
}
