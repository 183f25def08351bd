//! `idsync export`: one day of the history as Parquet files.

use idsync_monitor::Reader;
use jiff::tz::TimeZone;

use super::serve::store_location;
use crate::args::ExportArgs;
use crate::clock;
use crate::errors::{CliError, Exit};
use crate::output::{Output, counted};

/// Writes the files of one day, and says what they have.
pub(super) async fn run(args: &ExportArgs, output: &Output) -> Result<Exit, CliError> {
    let reader = Reader::open(&store_location(args.history.store.as_deref(), None)?)?;
    // The history is in the time of the services.
    let now = clock::read().await?();
    let yesterday = || now.to_zoned(TimeZone::UTC).date().yesterday().ok();
    let date = args.day.or_else(yesterday);
    let date = date.ok_or_else(|| CliError::usage("--day: there is no day before this one"))?;
    let shard = args.part.shard.unwrap_or_default();
    for file in idsync_monitor::export(&reader, &args.to, date, shard, now)? {
        let rows = counted(file.rows, "row");
        output.log(&format!("{rows} in {}", file.path.display()));
    }
    Ok(Exit::Done)
}
