//! `idsync syncing`: whether an MRS cluster is copying IAM users now.

use idsync::Service;

use super::cluster;
use crate::args::SyncingArgs;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Output, Syncing};

/// Prints the flag of one cluster.
pub(super) async fn run(args: &SyncingArgs, output: &mut Output) -> Result<Exit, Failure> {
    let context = Context::open(&args.connection).await?;
    let cluster = cluster::chosen(args.cluster.as_ref(), Service::Mrs, &context)?;
    match context.client.mrs().is_synchronizing(&cluster).await {
        Ok(is_synchronizing) => output.syncing(&Syncing {
            cluster_id: cluster.to_string(),
            is_synchronizing,
        }),
        Err(error) => Err(cluster::explained(
            error.into(),
            &cluster,
            Service::Mrs,
            &context,
        )),
    }
}
