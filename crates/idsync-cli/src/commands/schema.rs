//! `idsync schema`: the JSON Schema of each output.

use crate::args::SchemaArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// Prints one schema, or which ones there are.
pub(super) fn run(args: &SchemaArgs, output: &Output) -> Result<Exit, Failure> {
    match args.name {
        Some(name) => output.schema(name)?,
        None => output.schemas()?,
    }
    Ok(Exit::Done)
}
