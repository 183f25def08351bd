//! Values that a description lists one by one.

use std::collections::BTreeSet;

use super::block::Line;
use super::joined;
use super::vocabulary;

/// Words that open a list of values within a sentence, lower case.
const OPENINGS: &[&str] = &[
    "the value can be ",
    "value can be ",
    "the value is either ",
    "possible values are ",
    "possible values: ",
    "valid values are ",
    "valid values: ",
    "available values are ",
    "available values: ",
    "the options are ",
    "options: ",
    "enumeration values: ",
    "可选值：",
    "取值为",
    "取值：",
];

/// What is told of a list whose items were joined.
const JOINED: &str = "the items of a list stand on one line: they were told by their look";

/// What is told of a list of which nothing can be taken.
const MERGED: &str =
    "a list seems to stand on one line, and its items cannot be told apart: none was taken";

/// The values of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// The values, each once.
    pub values: Vec<String>,
    /// What leaves a doubt about them.
    pub doubt: Option<&'static str>,
}

impl Listed {
    fn new(values: Vec<String>, doubt: Option<&'static str>) -> Self {
        let mut seen = BTreeSet::new();
        let mut values = values;
        values.retain(|value| seen.insert(value.clone()));
        Self { values, doubt }
    }
}

/// The values that `lines` list for the field `name`; none if they list none. `bare` says that the lines can be nothing but values.
pub fn list(lines: &[Line], name: &str, bare: bool) -> Listed {
    let bullets = lines.iter().filter(|line| line.bullet);
    let bullets: Vec<&str> = bullets.map(|line| line.text.as_str()).collect();
    let something = |text: &&str| !vocabulary::is_nothing(text);
    let listed = of_items(&bullets, name);
    if !listed.values.is_empty() && bullets.iter().any(something) {
        return listed;
    }
    if !lines.iter().any(|line| something(&line.text.as_str())) {
        return Listed::default();
    }
    let bare_values = if bare { bare_lines(lines) } else { Vec::new() };
    let sure = [explained_lines(lines), bare_values, in_sentence(lines)];
    let several = |values: &Vec<String>| values.len() > 1;
    if let Some(values) = sure.into_iter().find(several) {
        return Listed::new(values, None);
    }
    let look = joined::values(lines, bare);
    if look.merged {
        return Listed::new(Vec::new(), Some(MERGED));
    }
    let joined = Some(look.values).filter(several);
    let doubt = joined.is_some().then_some(JOINED);
    Listed::new(joined.unwrap_or_default(), doubt)
}

/// The values below a label that announces nothing else: where no list is marked, every word is one.
pub fn announced(lines: &[Line], name: &str) -> Listed {
    let listed = list(lines, name, true);
    let words: Vec<&str> = lines
        .iter()
        .flat_map(|line| line.text.split_whitespace())
        .collect();
    if !listed.values.is_empty() || words.len() < 2 {
        return listed;
    }
    if !words.iter().all(|word| is_token(word)) {
        return Listed::new(Vec::new(), Some(MERGED));
    }
    Listed::new(words.into_iter().map(str::to_owned).collect(), Some(JOINED))
}

/// The values of a list in items. Where most of the items are none, the list is about something else.
fn of_items(items: &[&str], name: &str) -> Listed {
    let named: Option<Vec<String>> = items.iter().map(|item| named(item)).collect();
    let repeated = repeated_head(items);
    if let Some(values) = named.filter(|values| values.len() > 1 && repeated.is_none()) {
        return Listed::new(values, None);
    }
    let name = repeated.as_deref().unwrap_or(name);
    let values = items.iter().filter_map(|item| of_item(item, name));
    let values: Vec<String> = values.collect();
    if values.len() * 2 < items.len() {
        return Listed::default();
    }
    let partly = values.len() < items.len();
    let doubt = partly.then_some("some items of the list are no values: they were left out");
    Listed::new(values, doubt)
}

/// What an item names before its colon, in up to three words.
fn named(item: &str) -> Option<String> {
    let (head, rest) = item.split_once([':', '：'])?;
    let head = unquoted(without_mark(head));
    let mut words = head.split_whitespace();
    let is_word = |word: &str| is_token(&word.replace(['(', ')'], ""));
    let fits = words.clone().count() < 4 && words.all(is_word);
    (fits && !head.is_empty() && !rest.trim().is_empty()).then(|| head.to_owned())
}

/// A value without the mark of the default behind it.
fn without_mark(head: &str) -> &str {
    let head = head.trim_end();
    let marks = ["(default)", "(default value)", "（默认）", "（默认值）"];
    let mark = marks.iter().find_map(|mark| head.strip_suffix(mark));
    mark.unwrap_or(head).trim_end()
}

/// What every item has before its colon: then it is a name, and the value follows.
fn repeated_head(items: &[&str]) -> Option<String> {
    let head = |item: &str| Some(unquoted(item.split_once([':', '：'])?.0).to_owned());
    let first = head(items.first()?)?;
    let same = items.iter().all(|item| head(item).as_ref() == Some(&first));
    (items.len() > 1 && same).then_some(first)
}

/// The value of an item of a list: what stands before the colon, or the whole item if it is short.
fn of_item(item: &str, name: &str) -> Option<String> {
    let (head, rest) = item.split_once([':', '：']).unwrap_or((item, ""));
    let head = unquoted(without_mark(head));
    if !rest.is_empty() && is_same_name(head, name) {
        // The item repeats the name, and the value follows.
        return rest
            .split_whitespace()
            .next()
            .map(|word| unquoted(word).to_owned());
    }
    if !rest.is_empty() || item.ends_with([':', '：']) {
        return is_token(head).then(|| head.to_owned());
    }
    let words = item.split_whitespace().count();
    let sentence = item.ends_with(['.', '。', ';', '；', ',']) || item.contains([',', '，', '。']);
    let value = unquoted(item.trim_end_matches(['.', ';']));
    let lone = words == 1 && is_token(value);
    (lone || words <= 3 && !sentence && starts_like_a_name(item)).then(|| value.to_owned())
}

/// Whether an item of several words names something, as in "MRS cluster", and is no beginning of a sentence.
fn starts_like_a_name(item: &str) -> bool {
    let first = item.split_whitespace().next().unwrap_or_default();
    let capitals = first.chars().filter(char::is_ascii_uppercase).count();
    capitals > 1
}

fn is_same_name(head: &str, name: &str) -> bool {
    let same = |text: &str| text.replace('-', "_").to_lowercase();
    same(head) == same(name)
}

/// `1: enabled`, on each line.
fn explained_lines(lines: &[Line]) -> Vec<String> {
    let explained = |line: &Line| {
        let (head, _) = line.text.split_once([':', '：'])?;
        let head = unquoted(head);
        (is_token(head) && vocabulary::label(head).is_none()).then(|| head.to_owned())
    };
    let lines: Vec<&str> = lines
        .iter()
        .flat_map(|line| line.text.split([';', '；']))
        .collect();
    let lines = lines.into_iter().map(|text| Line::new(0, text.trim()));
    lines.filter_map(|line| explained(&line)).collect()
}

/// Nothing but values, one a line or with words between them.
fn bare_lines(lines: &[Line]) -> Vec<String> {
    let text: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    tokens(&text.join(", ")).unwrap_or_default()
}

/// "The value can be A, B, or C."
fn in_sentence(lines: &[Line]) -> Vec<String> {
    let found = lines.iter().find_map(|line| {
        let lower = line.text.to_ascii_lowercase();
        let start = OPENINGS
            .iter()
            .find_map(|opening| Some(lower.find(opening)? + opening.len()))?;
        let rest = line.text.get(start..)?;
        let sentence = rest.split(['。', ';']).next()?;
        let sentence = sentence.split(". ").next()?;
        tokens(sentence)
    });
    found.unwrap_or_default()
}

/// The values of an enumeration such as `a, b, or c`; none if anything in it is no value.
fn tokens(text: &str) -> Option<Vec<String>> {
    let text = text.trim().trim_end_matches(['.', '。']);
    let text = [" or ", " and ", "、", "/", "，", "或", "和", "；", "|"]
        .iter()
        .fold(text.to_owned(), |text, word| text.replace(word, ", "));
    let pieces = text.split(',').map(|piece| {
        unquoted(
            piece
                .trim()
                .trim_start_matches("or ")
                .trim_start_matches("and "),
        )
    });
    let pieces: Vec<&str> = pieces.filter(|piece| !piece.is_empty()).collect();
    (pieces.len() > 1 && pieces.iter().all(|piece| is_token(piece)))
        .then(|| pieces.iter().map(|piece| (*piece).to_owned()).collect())
}

/// Whether this can be a value on the wire: one word. "None" can be one in a list.
pub fn is_token(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
        && text.len() <= 64
        && !text.eq_ignore_ascii_case("n/a")
        && text
            .chars()
            .all(|char| char.is_ascii_alphanumeric() || "_-.+/@#".contains(char))
        && !matches!(
            text.to_lowercase().as_str(),
            "note" | "notes" | "notice" | "example" | "caution" | "http" | "https"
        )
}

/// A text without quotes and emphasis.
pub fn unquoted(text: &str) -> &str {
    text.trim()
        .trim_matches(['"', '\'', '`', '“', '”', '*', ' '])
}
