//! The lines of a report for people.

use anstyle::Style;

use crate::output::Output;
use crate::output::style::{FAINT, STRONG, paint};
use crate::output::text::{joined, plain, width, wrapped};

/// Space between the columns.
const GAP: usize = 2;

/// A result with its name and sentence.
pub(super) struct Line<'a> {
    /// Heads the lines that have the same.
    pub(super) heading: Option<&'a str>,
    pub(super) style: Style,
    /// The result.
    pub(super) word: &'static str,
    pub(super) name: &'a str,
    pub(super) message: &'a str,
    /// A sentence below the message.
    pub(super) below: Option<&'a str>,
}

/// The lines in columns, and a summary unless the output is quiet.
pub(super) fn render(lines: &[Line<'_>], summary: &[String], output: &Output) -> String {
    let widest = |widths: &mut dyn Iterator<Item = usize>| widths.max().unwrap_or_default();
    let words = widest(&mut lines.iter().map(|line| width(line.word)));
    let names = widest(&mut lines.iter().map(|line| width(line.name)));
    let indent = words + GAP + names + GAP;
    let room = output.width.map(|room| room.saturating_sub(indent + GAP));
    let fitted = |text: &str, indent: usize| {
        wrapped(&plain(text), room, "").replace('\n', &format!("\n{:indent$}", ""))
    };
    let mut text = String::new();
    let mut heading = None;
    for line in lines {
        if line.heading != heading {
            text += &format!(
                "{}\n",
                paint(STRONG, &plain(line.heading.unwrap_or_default()))
            );
            heading = line.heading;
        }
        let word = paint(line.style, &format!("{:<words$}", line.word));
        let message = fitted(line.message, indent);
        text += &format!(
            "{word}{:GAP$}{:<names$}{:GAP$}{message}\n",
            "", line.name, ""
        );
        if let Some(below) = line.below {
            let (arrow, below) = (paint(FAINT, "→"), fitted(below, indent + GAP));
            text += &format!("{:indent$}{arrow} {below}\n", "");
        }
    }
    if !output.is_quiet() {
        text += &format!("\n{}\n", joined(summary, output.width));
    }
    text
}
