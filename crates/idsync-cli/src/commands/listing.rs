//! A list, printed as its pages arrive.

use idsync::list::Pages;
use serde::Serialize;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Listed, Output, Selection};

/// Prints what `selection` shows of the items of `pages`. One that cannot be read is told on stderr, and the rest goes on.
///
/// # Errors
///
/// What ended the list before its end; what was printed until then is complete in itself.
pub(super) async fn print<T>(
    mut pages: Pages<T>,
    selection: Selection<T>,
    output: &Output,
) -> Result<Exit, Failure>
where
    T: Listed + Serialize + Send + 'static,
{
    let mut list = output.list(selection);
    let mut exit = Exit::Done;
    loop {
        match pages.try_next().await {
            Ok(Some(page)) => {
                for entry in page.into_entries() {
                    match entry {
                        Ok(item) => list.item(item)?,
                        Err(error) => exit = list.skip(error),
                    }
                }
                list.end_page()?;
            }
            Ok(None) => break,
            Err(error) => {
                list.abandon()?;
                return Err(error.into());
            }
        }
    }
    list.finish()?;
    Ok(exit)
}
