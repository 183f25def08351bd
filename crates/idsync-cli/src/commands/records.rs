//! `idsync records`: the synchronization records of a DWS cluster.

use anstyle::Style;
use idsync::Service;
use idsync::dws::{IdentitySourceType, Record, RecordStatus};

use super::lists::{Listing, with_cluster_hint};
use crate::args::RecordsArgs;
use crate::connect::Connection;
use crate::errors::{CliError, Exit};
use crate::output::Output;
use crate::output::row::Row;
use crate::output::style::{self, BAD, FAINT};
use crate::output::table::{Cell, Column};
use crate::output::time::{Times, between};

/// Prints the records of one cluster.
pub(super) async fn run(args: &RecordsArgs, output: &Output) -> Result<Exit, CliError> {
    let listing = Listing::new::<Record>(&args.range, &args.view, output)?;
    let connection = Connection::open_one(&args.connection, output).await?;
    let cluster = match &args.cluster {
        Some(cluster) => cluster.clone(),
        None => connection.demo_cluster(Service::Dws)?,
    };
    let mut request = connection
        .client
        .dws()
        .sync_records(&cluster)
        .offset(args.range.offset.unwrap_or_default().into());
    if let Some(size) = args.range.page_size {
        request = request.limit(size);
    }
    let pages = request.pages();
    let time = connection.time().await?;
    let explain = |error| with_cluster_hint(error, Service::Dws, &connection);
    listing
        .print(pages, |record| record.start_time, time, output, explain)
        .await
}

impl Row for Record {
    const FIELDS: &'static [&'static str] = &[
        "id",
        "identity_source_id",
        "identity_source_type",
        "start_time",
        "end_time",
        "add_count",
        "update_count",
        "delete_count",
        "failed_count",
        "status",
        "fail_reason",
    ];

    const EMPTY: &'static str = "there are no records";

    fn columns() -> Vec<Column> {
        vec![
            Column::new("STATUS"),
            Column::new("SOURCE").gives_way(45),
            Column::new("STARTED").gives_way(14),
            Column::new("TOOK").gives_way(46),
            Column::new("ADDED").number().gives_way(16),
            Column::new("UPDATED").number().gives_way(17),
            Column::new("DELETED").number().gives_way(15),
            Column::new("FAILED").number(),
            Column::new("REASON"),
        ]
    }

    fn cells(&self, times: &Times) -> Vec<Cell> {
        let status = self.status.as_ref();
        let status = status.map_or_else(
            || Cell::or_none(None),
            |status| Cell::styled(status.as_str(), status_style(status)),
        );
        let source = self.identity_source_type.as_ref();
        vec![
            status,
            Cell::or_none(source.map(IdentitySourceType::as_str)),
            times.relative(self.start_time).into(),
            between(self.start_time, self.end_time).into(),
            count(self.add_count, Style::new()),
            count(self.update_count, Style::new()),
            count(self.delete_count, Style::new()),
            count(self.failed_count, BAD),
            self.fail_reason.as_deref().unwrap_or_default().into(),
        ]
    }
}

fn status_style(status: &RecordStatus) -> Style {
    match status {
        RecordStatus::Failed => BAD,
        RecordStatus::Finished => style::GOOD,
        RecordStatus::Running => style::ACTIVE,
        _ => style::WARNING,
    }
}

/// A number; zero is faint, so that the others stand out.
fn count(number: Option<u64>, style: Style) -> Cell {
    match number {
        None => Cell::or_none(None),
        Some(0) => Cell::styled("0", FAINT),
        Some(number) => Cell::styled(&number.to_string(), style),
    }
}
