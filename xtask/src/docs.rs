//! What the vendor's reference pages state, held against the documents.
//!
//! A saved page becomes text ([`source`]), blocks ([`layout`], [`block`]) and then [`facts`] ([`page`]).

use std::path::Path;

use crate::codegen::Problem;

pub mod block;
pub mod bounds;
pub mod caption;
pub mod command;
pub mod facts;
pub mod layout;
pub mod markup;
pub mod operation;
pub mod page;
pub mod source;
pub mod types;
pub mod vocabulary;

mod answers;
mod dates;
mod description;
mod examples;
mod rows;
mod structures;
mod values;

use page::Reading;

/// Reads a saved page.
///
/// # Errors
///
/// The file is no text of reasonable size, or not a whole reference page.
pub fn read(page: &Path) -> Result<Reading, Problem> {
    let text = source::read(page)?;
    page::read(&page.display().to_string(), &text)
}
