//! Lists of a service, read page by page.

use idsync::list::Pages;
use idsync::{Error, Service};

use crate::connect::Connection;
use crate::errors::{CliError, Exit};
use crate::output::Output;
use crate::output::list::List;
use crate::output::row::Row;

/// Hints about a cluster that DWS or MRS does not have.
const OF_DWS: &str = "give the id of a cluster of DWS; for an MRS cluster, use `idsync syncing`; `idsync tasks` lists the clusters of a workspace";
const OF_MRS: &str = "give the id of a cluster of MRS; for a DWS cluster, use `idsync records`; `idsync tasks` lists the clusters of a workspace";

/// Prints the items of `lists` that `is_wanted` accepts. Unreadable items are reported on stderr, and so are the errors of
/// all failed lists but the last.
///
/// # Errors
///
/// The error of the last list that failed; the output printed until then is valid.
pub(super) async fn print<T: Row + Send + 'static>(
    mut list: List<'_, T>,
    lists: Vec<Pages<T>>,
    mut is_wanted: impl FnMut(&T) -> bool,
    output: &Output,
    explain: impl Fn(Error) -> CliError,
) -> Result<Exit, CliError> {
    let mut exit = Exit::Done;
    let mut failure = None;
    for mut pages in lists {
        while !list.is_full() {
            let page = match pages.try_next().await {
                Ok(Some(page)) => page,
                Ok(None) => break,
                Err(error) => {
                    if let Some(earlier) = failure.replace(explain(error)) {
                        output.fail(&earlier);
                    }
                    break;
                }
            };
            for entry in page.into_entries() {
                match entry {
                    Ok(item) if is_wanted(&item) => list.push(item)?,
                    Ok(_) => {}
                    Err(error) => exit = output.fail(&error.into()),
                }
            }
            list.end_page()?;
        }
    }
    list.finish(failure.is_none())?;
    failure.map_or(Ok(exit), Err)
}

/// Adds a hint where to find clusters to an error about a cluster that `service` does not have.
pub(super) fn with_cluster_hint(
    error: Error,
    service: Service,
    connection: &Connection,
) -> CliError {
    if !error.is_not_found() {
        return error.into();
    }
    let demo = connection.demo_clusters(service).join(", ");
    let hint = match service {
        _ if !demo.is_empty() => {
            let name = service.as_str().to_ascii_uppercase();
            format!("the {name} clusters of the demo are {demo}")
        }
        Service::Dws => OF_DWS.to_owned(),
        _ => OF_MRS.to_owned(),
    };
    CliError::from(error).with_hint(hint)
}
