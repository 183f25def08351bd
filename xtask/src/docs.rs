//! What the vendor's reference pages state, held against the documents.
//!
//! A saved page becomes text ([`source`]), blocks ([`layout`], [`block`]) and then [`facts`] ([`page`]). The facts that the documents
//! were written from are kept ([`lock`]); documents are checked against them ([`check`](mod@check)), and pages saved later compared ([`diff`],
//! [`drift`]).

use std::path::Path;

use crate::codegen::Problem;

pub mod answers;
pub mod block;
pub mod bounds;
pub mod caption;
pub mod change;
pub mod check;
pub mod command;
pub mod contract;
pub mod dates;
pub mod decoding;
pub mod description;
pub mod diff;
pub mod drift;
pub mod examples;
pub mod facts;
pub mod joined;
pub mod kinds;
pub mod layout;
pub mod lock;
pub mod markup;
pub mod operation;
pub mod page;
pub mod rows;
pub mod source;
pub mod structures;
pub mod types;
pub mod values;
pub mod vocabulary;

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
