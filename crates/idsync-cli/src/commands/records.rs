//! `idsync records`: the synchronization records of a DWS cluster.

use anstyle::Style;
use idsync::Service;
use idsync::dws::{IdentitySourceType, ListRecords, Record, RecordStatus};

use super::lists::{self, List, with_cluster_hint};
use crate::args::{RecordsArgs, with};
use crate::connect::Connection;
use crate::errors::{CliError, Exit};
use crate::output::{ACTIVE, BAD, Cell, FAINT, GOOD, NONE, Output, Row, Times, WARNING, between};

/// Prints the records of one cluster.
pub(super) async fn run(args: &RecordsArgs, output: &Output) -> Result<Exit, CliError> {
    let connection = Connection::open_one(&args.connection, output).await?;
    let now = connection.time().await?();
    let list = List::new(output, &args.range, &args.view, now)?;
    let given = args.cluster.as_ref();
    let cluster = connection.cluster(Service::Dws, given, &args.workspace);
    let cluster = cluster.await?;
    let request = connection.client.dws().sync_records(&cluster);
    let request = request.offset(args.range.offset.unwrap_or_default().into());
    let request = with(request, args.range.page_size, ListRecords::limit);
    let since = list.since;
    let is_wanted = |record: &Record| record.start_time >= since;
    let explain = |error| with_cluster_hint(error, Service::Dws, &connection);
    lists::print(list, vec![request.pages()], is_wanted, explain).await
}

impl Row for Record {
    const FIELDS: &'static str = "id,identity_source_id,identity_source_type,start_time,end_time,add_count,update_count,\
        delete_count,failed_count,status,fail_reason";

    fn cells(&self, times: &Times) -> Vec<Cell> {
        let status = self.status.as_ref();
        let source = self.identity_source_type.as_ref();
        vec![
            Cell::new("STATUS", status.map_or(NONE, RecordStatus::as_str))
                .style(status.map_or(FAINT, status_style)),
            Cell::new("SOURCE", source.map_or(NONE, IdentitySourceType::as_str)).gives_way(45),
            Cell::new("STARTED", times.relative(self.start_time)).gives_way(14),
            Cell::new("TOOK", between(self.start_time, self.end_time)).gives_way(46),
            count("ADDED", self.add_count, Style::new()).gives_way(16),
            count("UPDATED", self.update_count, Style::new()).gives_way(17),
            count("DELETED", self.delete_count, Style::new()).gives_way(15),
            count("FAILED", self.failed_count, BAD),
            Cell::new("REASON", self.fail_reason.as_deref().unwrap_or_default()),
        ]
    }
}

fn status_style(status: &RecordStatus) -> Style {
    match status {
        RecordStatus::Failed => BAD,
        RecordStatus::Finished => GOOD,
        RecordStatus::Running => ACTIVE,
        _ => WARNING,
    }
}

/// A number; zero is faint, so that the others stand out.
fn count(title: &'static str, number: Option<u64>, style: Style) -> Cell {
    let style = if number > Some(0) { style } else { FAINT };
    let number = number.map_or(NONE.to_owned(), |number| number.to_string());
    Cell::new(title, number).style(style).number()
}
