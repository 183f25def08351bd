//! What a page or a conversion did to a row, as far as it shows.

use super::super::block::{Cell, Remark};
use super::super::vocabulary::{self, Label};

/// A name without the blank that a page or a conversion put beside a mark within it: `part _id`.
pub(super) fn mended(line: usize, name: String, remarks: &mut Vec<Remark>) -> String {
    let whole = name.replace(" _", "_").replace("_ ", "_");
    if whole == name || !vocabulary::is_name(&whole) {
        return name;
    }
    let message = format!("`{name}` was read as `{whole}`");
    remarks.push(Remark::doubt(line, message));
    whole
}

/// What is said of a description that ends where it announces values: conversions drop lists within cells.
pub(super) fn lost_list(name: &str, description: &Cell) -> Option<Remark> {
    let last = description.lines.last()?;
    let announced = last
        .text
        .trim_end()
        .strip_suffix([':', '：'])?
        .to_lowercase();
    let mut labels = vocabulary::labels();
    let (label, word) = labels.find(|(_, word)| announced.ends_with(word))?;
    let message = format!("`{name}`: nothing follows \"{word}:\": was a list lost?");
    match label {
        Label::Values => Some(Remark::unreadable(last.number, message)),
        Label::Range | Label::Constraints => Some(Remark::doubt(last.number, message)),
        _ => None,
    }
}
