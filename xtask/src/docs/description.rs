//! Descriptions taken apart: range, default and listed values.

use super::block::{Cell, Line, Remark};
use super::bounds;
use super::facts::Field;
use super::types;
use super::values::{self, Listed};
use super::vocabulary::{self, Label};

/// A line that is longer than this, in bytes, is not searched for labels: no description is.
const MAX_LINE: usize = 20_000;

/// The lines below one label.
#[derive(Debug, Default)]
struct Part {
    label: Label,
    lines: Vec<Line>,
}

impl Part {
    fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|line| line.text.as_str()).collect();
        lines.join("\n")
    }
}

/// Adds to `field` what `cell` states, and returns what of it could not be told for sure.
pub fn read(field: &mut Field, cell: &Cell) -> Vec<Remark> {
    let parts = parts(cell);
    let number = cell.lines.first().map_or(0, |line| line.number);
    let mut remarks = Vec::new();
    for part in &parts {
        match part.label {
            Label::Default => default(field, part),
            label if label.is_bound() => labelled_bound(field, part),
            Label::Definition | Label::Constraints | Label::Range => {
                if bound(field, part) {
                    remarks.push(Remark::doubt(
                        part.lines.first().map_or(number, |line| line.number),
                        format!(
                            "`{}` has bounds that depend on something else: none was taken",
                            field.name
                        ),
                    ));
                }
                default_in_words(field, part);
            }
            _ => {}
        }
    }
    let (line, Listed { values, doubt }) = listed(&field.name, &parts);
    remarks.extend(doubt.map(|doubt| Remark::doubt(line, format!("`{}`: {doubt}", field.name))));
    // A list of what every boolean can be tells nothing.
    let told_by_type = field.kind.as_deref().is_some_and(types::is_boolean)
        && values.iter().all(|value| vocabulary::is_truth(value));
    if !told_by_type {
        field.values = values;
    }
    remarks
}

/// The lines by label; what stands before the first label is the definition.
fn parts(cell: &Cell) -> Vec<Part> {
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
    line.bullet && word && (small || !family)
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
            spelled && apart && begins && opens && !inside
        })
        .map(|(at, _)| at)
        .collect()
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

fn default(field: &mut Field, part: &Part) {
    let Some(line) = part.lines.first() else {
        return;
    };
    let text = line.text.trim().trim_end_matches(['。', '.']);
    if vocabulary::is_nothing(text) || field.default.is_some() {
        return;
    }
    // A value with a remark: `0 (not limited)`, `null: no filtering`.
    let marks = [" (", "（", ": ", "：", " The ", " If ", " This ", " When "];
    let cuts = marks.iter().filter_map(|mark| text.find(mark));
    let value = text.get(..cuts.min().unwrap_or(text.len()));
    field.default = value.map(unquoted).map(str::to_owned);
}

/// A default that is told in a sentence, such as "The default value is 10."
fn default_in_words(field: &mut Field, part: &Part) {
    let text = part.text();
    let lower = text.to_ascii_lowercase();
    let phrases = [
        "default value is ",
        "defaults to ",
        "default value: ",
        "default is ",
        "默认值为",
        "默认值是",
        "默认为",
        "缺省值为",
        "默认值：",
    ];
    let found = phrases
        .iter()
        .find_map(|phrase| Some(lower.find(phrase)? + phrase.len()));
    let Some(rest) = found.and_then(|at| text.get(at..)) else {
        return;
    };
    let value = rest
        .trim_start()
        .split([' ', ',', '，', '。', ';', '；', '：', '\n', '(', '（'])
        .next()
        .unwrap_or_default()
        .trim_end_matches(['.', ':']);
    let value = unquoted(value);
    let is_value = !matches!(
        value.to_lowercase().as_str(),
        "" | "the" | "a" | "an" | "that" | "not" | "set" | "empty"
    );
    if is_value && field.default.is_none() {
        field.default = Some(value.to_owned());
    }
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches(['"', '\'', '`', '“', '”', '*'])
}

fn labelled_bound(field: &mut Field, part: &Part) {
    let Some(line) = part.lines.first() else {
        return;
    };
    let digits = line
        .text
        .trim()
        .trim_end_matches(['.', '。'])
        .replace(',', "");
    let Ok(value) = digits.parse::<f64>() else {
        return;
    };
    // A text has no smallest value: pages mean its length.
    let is_text = field.kind.as_deref().is_some_and(types::is_text);
    match part.label {
        Label::Minimum if !is_text => field.minimum = bounds::number(value),
        Label::Maximum if !is_text => field.maximum = bounds::number(value),
        Label::Minimum | Label::MinLength => field.min_length = bounds::count(value),
        _ => field.max_length = bounds::count(value),
    }
}

/// Takes over the bounds of a part; true if they contradict each other.
fn bound(field: &mut Field, part: &Part) -> bool {
    let kind = field.kind.as_deref().unwrap_or_default();
    let text = part.text();
    let reading = bounds::read(&text, !types::is_fractional(kind));
    let numeric = types::is_numeric(kind);
    if reading.contradicts {
        return numeric;
    }
    // Where a value is no number, numbers in its description mean all sorts of things, unless it says that it is about the value.
    let about_value = part.label == Label::Range && text.chars().count() < 40
        || ["value", "取值"]
            .iter()
            .any(|word| text.to_lowercase().contains(word));
    if numeric || about_value {
        let number = |bound: Option<f64>| bound.and_then(bounds::number);
        field.minimum = field.minimum.take().or(number(reading.value.least));
        field.maximum = field.maximum.take().or(number(reading.value.most));
    }
    let count = |bound: Option<f64>| bound.and_then(bounds::count);
    field.min_length = field.min_length.or(count(reading.length.least));
    field.max_length = field.max_length.or(count(reading.length.most));
    field.characters = field.characters.take().or_else(|| characters(&text));
    false
}

/// The characters that "only letters and digits" and the like allow, as the inside of a character class.
fn characters(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let sentence = lower.split(['.', '。']).find(|sentence| {
        ["only ", "consist", "只能", "仅支持", "由"]
            .iter()
            .any(|word| sentence.contains(word))
    })?;
    let known = [
        (&["letter", "字母"][..], "A-Za-z"),
        (&["digit", "数字"], "0-9"),
        (&["underscore", "下划线"], "_"),
        (&["hyphen", "dash", "中划线", "连字符"], "-"),
    ];
    let other = [
        "period",
        "dot",
        "space",
        "special",
        "chinese",
        "slash",
        "colon",
        "comma",
        "uppercase",
        "lowercase",
        "start",
        "parenthes",
        "at sign",
        "plus",
        "中文",
        "空格",
        "特殊",
        "大写",
        "小写",
        "点",
        "开头",
        "以",
    ];
    if other.iter().any(|word| sentence.contains(word)) {
        return None;
    }
    let class: String = known
        .iter()
        .filter(|(words, _)| words.iter().any(|word| sentence.contains(word)))
        .map(|(_, class)| *class)
        .collect();
    (!class.is_empty()).then_some(class)
}

/// The values that the parts list, with the line of the part.
fn listed(name: &str, parts: &[Part]) -> (usize, Listed) {
    let list = |part: &Part| match part.label {
        Label::Values => values::announced(&part.lines, name),
        Label::Range => values::list(
            &part.lines,
            name,
            part.lines.iter().all(|line| !line.bullet),
        ),
        Label::Definition => values::list(&part.lines, name, false),
        _ => Listed::default(),
    };
    let line = |part: &Part| part.lines.first().map_or(0, |line| line.number);
    // The range comes last and is the most exact.
    let lists: Vec<(usize, Listed)> = parts
        .iter()
        .rev()
        .map(|part| (line(part), list(part)))
        .collect();
    let with_values = lists.iter().find(|(_, listed)| !listed.values.is_empty());
    let doubtful = || lists.iter().find(|(_, listed)| listed.doubt.is_some());
    with_values.or_else(doubtful).cloned().unwrap_or_default()
}
