//! HTML among lines of text: an element that begins a line.

use super::super::block::Remark;
use super::{Taken, html};

/// Elements that go on to the line that closes them.
const LONG: &[&str] = &["table", "pre", "script", "style"];

/// Elements whose line is read by itself.
const SHORT: &[&str] = &[
    "h1", "h2", "h3", "h4", "h5", "h6", "div", "p", "ul", "ol", "li", "section", "article", "body",
    "html", "caption", "hr", "dl", "dt", "dd", "header", "footer", "nav",
];

/// An element, to its end if it has lines of its own.
pub(super) fn element(lines: &[&str], at: usize) -> Option<Taken> {
    let first = lines.get(at)?.trim_start().to_ascii_lowercase();
    let begins = |names: &[&str]| names.iter().any(|name| opens(&first, name));
    if !begins(LONG) && !begins(SHORT) {
        return None;
    }
    let name = LONG.iter().find(|name| count(&first, name).0 > 0);
    let (next, is_closed) = name.map_or((at + 1, true), |name| end(lines, at, name));
    let text = lines.get(at..next)?.join("\n");
    let mut remarks = Vec::new();
    if !is_closed {
        let message = "an element of HTML begins here and does not end: save the page again";
        remarks.push(Remark::unreadable(at + 1, message));
    }
    Some(Taken {
        blocks: html::blocks(&text, at + 1),
        remarks,
        next,
    })
}

/// Whether a line, in small letters, begins with this tag.
fn opens(line: &str, name: &str) -> bool {
    let rest = line
        .strip_prefix('<')
        .and_then(|rest| rest.strip_prefix(name));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '>', '/', '\t']))
}

/// The line behind the one that closes the element, and whether one does.
fn end(lines: &[&str], at: usize, name: &str) -> (usize, bool) {
    let mut open = 0_usize;
    for (index, line) in lines.iter().enumerate().skip(at) {
        let (begun, closed) = count(&line.to_ascii_lowercase(), name);
        open = (open + begun).saturating_sub(closed);
        if open == 0 {
            return (index + 1, true);
        }
    }
    (lines.len(), false)
}

/// How often a line, in small letters, opens and closes an element.
fn count(line: &str, name: &str) -> (usize, usize) {
    let opened = line.matches(&format!("<{name}")).count();
    let closed = line.matches(&format!("</{name}")).count();
    (opened, closed)
}
