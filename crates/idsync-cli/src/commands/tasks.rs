//! `idsync tasks`: the synchronization tasks of DataArts Studio.

use idsync::dataarts::{ListTasks, TaskOrder};

use super::listing;
use crate::args::TasksArgs;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// Prints the tasks of one workspace.
pub(super) async fn run(args: &TasksArgs, output: &mut Output) -> Result<Exit, Failure> {
    let selection = output.selection(&args.selection)?;
    let context = Context::open(&args.connection).await?;
    let workspace = context.workspace(args.workspace.as_ref())?;
    let request = filtered(args, context.client.dataarts(workspace).tasks());
    listing::print(request.pages(), selection, output).await
}

fn filtered(args: &TasksArgs, mut request: ListTasks) -> ListTasks {
    if let Some(cluster_type) = &args.cluster_type {
        request = request.cluster_type(cluster_type.clone());
    }
    if let Some(name) = &args.cluster_name {
        request = request.cluster_name(name);
    }
    if let Some(status) = &args.sync_status {
        request = request.sync_status(status.clone());
    }
    if let Some(status) = &args.schedule_status {
        request = request.schedule_status(status.clone());
    }
    if let Some(order) = args.order_by {
        request = request.order_by(TaskOrder::from(order));
    }
    if let Some(ascending) = args.ascending() {
        request = request.ascending(ascending);
    }
    if let Some(limit) = args.limit {
        request = request.limit(limit);
    }
    request.offset(args.offset.unwrap_or_default().into())
}
