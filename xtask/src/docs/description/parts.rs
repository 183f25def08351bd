//! The parts of a description, by their labels: each on a line of its own, or cut out of lines that a conversion joined.

use super::super::block::{Cell, Line};
use super::super::vocabulary::{self, Label, Section};

/// A line that is longer than this, in bytes, is not searched for labels: no description is.
const MAX_LINE: usize = 20_000;

/// The lines below one label.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// What the lines are about.
    pub(super) label: Label,
    /// The lines.
    pub(super) lines: Vec<Line>,
}

impl Part {
    /// The lines as one text.
    pub(super) fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|line| line.text.as_str()).collect();
        lines.join("\n")
    }
}

/// The lines by label; what stands before the first label is the definition.
pub(super) fn parts(cell: &Cell) -> Vec<Part> {
    let mut parts = vec![Part::default()];
    let family = has_family(cell);
    for line in cell.lines.iter().flat_map(cut_at_labels) {
        match opening(&line).filter(|_| !is_ambiguous(&line, family)) {
            Some((label, rest)) => parts.extend(labelled(&line, label, rest)),
            None => {
                if let Some(part) = parts.last_mut() {
                    part.lines.push(line);
                }
            }
        }
    }
    parts
}

/// What begins with a label. Behind the number of a bound, the definition goes on.
fn labelled(line: &Line, label: Label, rest: &str) -> Vec<Part> {
    let part = |label: Label, text: &str| {
        let line = Line {
            text: text.trim().to_owned(),
            bullet: false,
            ..line.clone()
        };
        let lines = Some(line).filter(|line| !line.text.is_empty());
        Part {
            label,
            lines: lines.into_iter().collect(),
        }
    };
    if !label.is_bound() || rest.is_empty() {
        return vec![part(label, rest)];
    }
    let (number, behind) = rest.split_once(' ').unwrap_or((rest, ""));
    vec![part(label, number), part(Label::Definition, behind)]
}

/// The label that a line begins with, and the rest of the line. Without a colon, only the label alone counts.
fn opening(line: &Line) -> Option<(Label, &str)> {
    if let Some(label) = vocabulary::label(&line.text) {
        return Some((label, ""));
    }
    // On a page, this is the heading of a section; within a description, examples are no values.
    if vocabulary::section(&line.text) == Some(Section::Example) {
        return Some((Label::Other, ""));
    }
    let (at, colon) = line.text.match_indices([':', '：']).next()?;
    let (head, rest) = line.text.split_at_checked(at + colon.len())?;
    Some((vocabulary::label(head)?, rest.trim()))
}

/// Whether an item of a list can be a value although it reads like a label: `Default: words`, `maximum`. In a cell with labels of a
/// `family`, only what is spelled otherwise than they are.
fn is_ambiguous(line: &Line, family: bool) -> bool {
    let head = line.text.split([':', '：']).next().unwrap_or_default();
    let small = head.starts_with(|char: char| char.is_ascii_lowercase());
    let word = head.is_ascii() && head.split_whitespace().count() == 1;
    // An item that ends with its colon opens what follows.
    let opens = line.text.ends_with([':', '：']) && !small;
    line.bullet && word && !opens && (small || !family)
}

/// Whether a cell has the labels of a family, which then may be items of a list.
fn has_family(cell: &Cell) -> bool {
    let mut labels = cell.lines.iter().filter_map(opening);
    labels.any(|(label, _)| matches!(label, Label::Definition | Label::Constraints))
}

/// Cuts a line in which several labels stand, as conversions leave it that join the lines of a cell.
fn cut_at_labels(line: &Line) -> Vec<Line> {
    let text = line.text.as_str();
    if text.len() > MAX_LINE {
        return vec![line.clone()];
    }
    let family = ["Definition ", "Definition: ", "Explanation ", "参数解释 "]
        .iter()
        .any(|first| text.starts_with(first));
    let mut cuts: Vec<usize> = vocabulary::labels()
        .flat_map(|(_, word)| occurrences(text, word, family))
        .collect();
    cuts.sort_unstable();
    let mut pieces = Vec::new();
    let mut start = 0;
    for cut in cuts.into_iter().chain([text.len()]) {
        let piece = text.get(start..cut).unwrap_or_default().trim();
        if cut > start && !piece.is_empty() {
            pieces.push(Line {
                text: with_colon(piece, family),
                ..line.clone()
            });
            start = cut;
        }
    }
    pieces
}

/// Where `word` opens a part: at the start of a sentence, spelled as a label, and followed by a colon. In the families of labels
/// that have no colons, by a blank.
fn occurrences(text: &str, word: &str, family: bool) -> Vec<usize> {
    let lower = text.to_ascii_lowercase();
    let found = lower.match_indices(word);
    found
        .filter(|(at, _)| {
            let before = text.get(..*at).unwrap_or_default();
            let after = text.get(at + word.len()..).unwrap_or_default();
            let spelled = text
                .get(*at..)
                .and_then(|label| label.chars().next())
                .is_some_and(|char| char.is_uppercase() || !char.is_ascii())
                && !text
                    .get(at + 1..)
                    .is_some_and(|rest| rest.starts_with(char::is_uppercase));
            let apart =
                before.is_empty() || before.ends_with(char::is_whitespace) || !word.is_ascii();
            let begins = before
                .trim_end()
                .ends_with(['.', '。', ';', '；', ')', '）', '/'])
                || before.is_empty()
                || family
                || after.starts_with([':', '：']);
            // "Minimum value" is also found as "Value": the longer label begins earlier and wins there.
            let inside = vocabulary::labels().any(|(_, longer)| {
                longer.len() > word.len()
                    && longer.ends_with(word)
                    && lower
                        .get(..at + word.len())
                        .is_some_and(|head| head.ends_with(longer))
            });
            let opens = after.starts_with([':', '：'])
                || family && (after.starts_with(' ') || after.is_empty());
            spelled && apart && begins && opens && !inside && !is_first_value(before, word, after)
        })
        .map(|(at, _)| at)
        .collect()
}

/// Whether a word that reads like a label is the first of listed values: `Options: Default: words Other: words`.
fn is_first_value(before: &str, word: &str, after: &str) -> bool {
    let Some(before) = before.trim_end().strip_suffix([':', '：']) else {
        return false;
    };
    let mut words = before.rsplit(['.', '。', ';', '；', '：', ':']);
    let announces = words.next().and_then(vocabulary::label) == Some(Label::Values);
    let others = after.match_indices([':', '：']).nth(1).is_some();
    announces && others && !word.contains(' ')
}

/// A piece of a family without colons, with the colon that tells its label from its text.
fn with_colon(piece: &str, family: bool) -> String {
    if !family {
        return piece.to_owned();
    }
    let lower = piece.to_ascii_lowercase();
    let label = vocabulary::labels().map(|(_, word)| word).find(|word| {
        lower
            .strip_prefix(*word)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ':', '：']))
    });
    match label.and_then(|label| piece.split_at_checked(label.len())) {
        Some((label, rest)) if !rest.starts_with([':', '：']) => format!("{label}:{rest}"),
        _ => piece.to_owned(),
    }
}
