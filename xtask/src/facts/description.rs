//! What the description of a parameter or field limits: range, length, characters, listed values, default.

use regex::Captures;
use serde_json::Number;

use super::Field;
use super::words::{self, LABELS, Label};
use crate::page::{PageLine, Pattern, Unread, joined};

/// Smallest and largest value.
static BETWEEN: Pattern = Pattern::new(
    r"(?i)(?:from|between|ranges?:?|contains?|is|of|be|^) *(-?\d+) *(?:to|and|-|–|~) *(-?\d+)\b(?P<length> characters)?",
);

/// One bound: its words and its number.
static BOUND: Pattern = Pattern::new(
    r"(?i)(?:(?P<least>greater than or equal to|(?:no|not) less than|at least|>=|≥|minimum(?: value)?(?: is|:))|(?P<more>(?:greater|more|larger) than)|(?P<most>less than or equal to|(?:no|not) more than|exceed|at most|<=|≤|maximum(?: value| length)?(?: is| of|:))|(?P<less>(?:less|smaller) than)) *(?P<number>-?\d+)\b(?P<length> characters)?",
);

static NUMBER: Pattern = Pattern::new(r"(?:^|\s)\d+(?:\.?$|[\s,;])");
static DEFAULT: Pattern = Pattern::new(r"(?i)default(?: value)? is `?([\w.-]*\w)");
static CHARACTERS: Pattern = Pattern::new(r"(?i)only ([^.]*?)(?: are allowed)?(?:\.|$)");
static TOKENS: Pattern =
    Pattern::new(r"^[\w.+/-]+(?:(?:, or |, and |, | or | and )[\w.+/-]+)+\.?$");

/// Names of characters on the pages, with their parts of a character class.
const CLASSES: &[(&str, &str)] = &[
    ("letters", "A-Za-z"),
    ("digits", "0-9"),
    ("underscores", "_"),
    ("hyphens", "-"),
];

/// Reads the description of a field and sets its attributes.
pub fn read(field: &mut Field, lines: &[PageLine], unread: &mut Unread) {
    let mut parts: Vec<(Label, Vec<PageLine>)> = vec![(Label::Definition, Vec::new())];
    for line in lines.iter().flat_map(split) {
        match (words::label(&line.text), parts.last_mut()) {
            (None, Some((_, lines))) => lines.push(line),
            (label, _) => parts.extend(label.map(|label| (label, Vec::new()))),
        }
    }
    for (label, lines) in &parts {
        let problem = match label {
            Label::Default => default(field, &joined(lines)),
            label => limits(field, *label, lines),
        };
        let line = lines.first().map_or(0, |line| line.number);
        unread.extend(problem.map(|problem| (line, format!("`{}`: {problem}", field.name))));
    }
}

/// Splits a line that begins with a definition at its labels.
fn split(line: &PageLine) -> Vec<PageLine> {
    let piece = |text: &str| PageLine {
        text: text.trim().to_owned(),
        ..line.clone()
    };
    let starts = |word: &str| {
        line.text
            .strip_prefix(word)
            .is_some_and(|rest| rest.starts_with(' '))
    };
    let Some((first, _)) = LABELS
        .iter()
        .find(|(word, label)| *label == Label::Definition && starts(word))
    else {
        return vec![line.clone()];
    };
    let mut pieces = vec![piece(first)];
    let mut rest = format!("{} ", line.text.trim_start_matches(first));
    for (word, _) in LABELS {
        if let Some((before, behind)) = rest.split_once(&format!(" {word} ")) {
            pieces.extend([piece(before), piece(word)]);
            rest = format!(" {behind}");
        }
    }
    pieces.push(piece(&rest));
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

fn default(field: &mut Field, text: &str) -> Option<String> {
    let value = text.trim_end_matches('.').trim_matches(['"', '`']);
    if words::is_nothing(value) {
        return None;
    }
    field.default = Some(value.to_owned());
    let several = value.contains(' ');
    several.then(|| format!("the default `{value}` is not one value"))
}

/// Reads range, length, characters and values; returns a message if something is not understood.
fn limits(field: &mut Field, label: Label, lines: &[PageLine]) -> Option<String> {
    let text = joined(lines);
    let bounded = bounds(field, &text.replace(',', ""));
    field.characters = field.characters.take().or_else(|| characters(&text));
    let default = DEFAULT.first(&text).map(str::to_owned);
    field.default = field.default.take().or(default);
    let kind = field.kind.as_deref().unwrap_or("String");
    let (values, odd) = if kind.eq_ignore_ascii_case("string") {
        values(label, lines)
    } else {
        (Vec::new(), None)
    };
    let unknown = label == Label::Range && NUMBER.fits(&text) && !bounded && values.is_empty();
    if !values.is_empty() {
        field.values = values;
    }
    odd.or_else(|| unknown.then(|| format!("the range `{text}` is not understood")))
}

/// Reads the bounds in a text; returns whether there are any.
fn bounds(field: &mut Field, text: &str) -> bool {
    let number = |text: &str| text.parse::<i64>().ok();
    let mut set = |least: Option<i64>, most: Option<i64>, length: bool| {
        if length {
            let count = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok());
            field.min_length = field.min_length.or(count(least));
            field.max_length = field.max_length.or(count(most));
        } else {
            field.minimum = field.minimum.take().or(least.map(Number::from));
            field.maximum = field.maximum.take().or(most.map(Number::from));
        }
    };
    let length = |found: &Captures<'_>| found.name("length").is_some();
    if let Some(found) = BETWEEN.captures(text) {
        set(number(&found[1]), number(&found[2]), length(&found));
        return true;
    }
    let mut bounded = false;
    for found in BOUND.matches(text) {
        bounded = true;
        let has = |name: &str| found.name(name).is_some();
        let value = number(&found["number"]).unwrap_or_default();
        if has("least") || has("more") {
            let least = value.checked_add(i64::from(has("more")));
            set(least, None, length(&found));
        } else {
            let most = value.checked_sub(i64::from(has("less")));
            set(None, most, length(&found));
        }
    }
    bounded
}

/// The character class of "only letters, digits, and hyphens (-)"; none if a word of it is not known.
fn characters(text: &str) -> Option<String> {
    let list = CHARACTERS.first(text)?.replace(" and ", ", ");
    let words = list
        .split(',')
        .map(|item| item.split('(').next().unwrap_or_default().trim());
    let words = words.filter(|word| !word.is_empty());
    let class = |word: &str| CLASSES.iter().position(|(name, _)| *name == word);
    let mut classes: Vec<usize> = words.map(class).collect::<Option<_>>()?;
    classes.sort_unstable();
    let classes = classes.into_iter().filter_map(|class| CLASSES.get(class));
    Some(classes.map(|(_, class)| *class).collect())
}

/// The values of a list, which are its items or are separated by commas; and a message if one is not understood.
fn values(label: Label, lines: &[PageLine]) -> (Vec<String>, Option<String>) {
    let text = joined(lines);
    let items: Vec<&PageLine> = lines.iter().filter(|line| line.bullet).collect();
    if !items.is_empty() {
        let found = items.iter().filter_map(|item| value(&item.text));
        let mut values: Vec<String> = found.collect();
        let odd = items.iter().find(|item| value(&item.text).is_none());
        let odd = odd.filter(|_| !values.is_empty());
        let odd = odd.map(|item| format!("the item `{}` names no value", item.text));
        values.dedup();
        return (values, odd);
    }
    if label != Label::Range || !TOKENS.fits(&text) {
        return (Vec::new(), None);
    }
    let list = text
        .trim_end_matches('.')
        .replace(" or ", ", ")
        .replace(" and ", ", ");
    let items = list
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty());
    (items.map(str::to_owned).collect(), None)
}

/// The value that an item of a list names: up to three words before a colon or the end.
fn value(item: &str) -> Option<String> {
    let head = match item.split_once(": ") {
        Some((head, _)) => head,
        None if item.ends_with('.') => return None,
        None => item.trim_end_matches([':', ';']),
    };
    let head = head.trim_matches(['"', '`']);
    (head.split(' ').count() <= 3 && !head.is_empty()).then(|| head.to_owned())
}
