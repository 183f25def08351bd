//! `idsync records`: the synchronization records of a DWS cluster.

use idsync::Service;

use super::{cluster, listing};
use crate::args::RecordsArgs;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// Prints the records of one cluster.
pub(super) async fn run(args: &RecordsArgs, output: &mut Output) -> Result<Exit, Failure> {
    let selection = output.selection(&args.selection)?;
    let context = Context::open(&args.connection).await?;
    let cluster = cluster::chosen(args.cluster.as_ref(), Service::Dws, &context)?;
    let mut request = context
        .client
        .dws()
        .sync_records(&cluster)
        .offset(args.offset.unwrap_or_default().into());
    if let Some(limit) = args.limit {
        request = request.limit(limit);
    }
    let printed = listing::print(request.pages(), selection, output).await;
    printed.map_err(|failure| cluster::explained(failure, &cluster, Service::Dws, &context))
}
