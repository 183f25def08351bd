//! `idsync syncing`: whether an MRS cluster is copying IAM users now.

use idsync::Service;
use schemars::JsonSchema;
use serde::Serialize;

use super::lists::with_cluster_hint;
use crate::args::SyncingArgs;
use crate::connect::Connection;
use crate::errors::{CliError, Exit};
use crate::output::{ACTIVE, FAINT, Output, WARNING, paint, wrapped};

/// Whether an MRS cluster is copying IAM users now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(super) struct SyncingState {
    /// The id of the cluster.
    cluster_id: String,
    /// True while it copies, false while it is idle, null if the service does not report it.
    is_synchronizing: Option<bool>,
}

/// Prints the flag of one cluster.
pub(super) async fn run(args: &SyncingArgs, output: &Output) -> Result<Exit, CliError> {
    let connection = Connection::open_one(&args.connection, output).await?;
    let given = args.cluster.as_ref();
    let cluster = connection.cluster(Service::Mrs, given, &args.workspace);
    let cluster = cluster.await?;
    let flag = connection.client.mrs().is_synchronizing(&cluster).await;
    let flag = flag.map_err(|error| with_cluster_hint(error, Service::Mrs, &connection))?;
    let state = SyncingState {
        cluster_id: cluster.to_string(),
        is_synchronizing: flag,
    };
    let fields = "cluster_id,is_synchronizing";
    output.print(&state, fields, [&state], || sentence(&state, output.width))?;
    Ok(Exit::Done)
}

fn sentence(state: &SyncingState, room: Option<usize>) -> String {
    let (style, symbol, sentence) = match state.is_synchronizing {
        Some(true) => (ACTIVE, "↻", "is copying IAM users now"),
        Some(false) => (
            FAINT,
            "○",
            "is not copying IAM users now; this does not show whether the last run succeeded",
        ),
        None => (
            WARNING,
            "?",
            "does not report whether it is copying IAM users",
        ),
    };
    let sentence = format!("{} {sentence}", state.cluster_id);
    let room = room.map(|room| room.saturating_sub(2));
    format!(
        "{} {}\n",
        paint(style, symbol),
        wrapped(sentence.split_whitespace(), " ", room, "  ")
    )
}
