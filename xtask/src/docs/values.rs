//! Values that a description lists one by one.

mod items;
mod sentences;

use std::collections::BTreeSet;

use super::block::Line;
use super::joined;
use super::vocabulary;
use items::of_items;
use sentences::{bare_lines, explained_lines, in_sentence};

/// What is told of a list whose items were joined.
const JOINED: &str = "the items of a list stand on one line: they were told by their look";

/// What is told of a list of which nothing can be taken.
const MERGED: &str =
    "a list seems to stand on one line, and its items cannot be told apart: none was taken";

/// What is told of values that stand in a note.
const NOTED: &str = "the listed values stand in a note";

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
    let bullets = bullets(lines);
    let something = |text: &&str| !vocabulary::is_nothing(text);
    let listed = of_items(&bullets, name);
    if !listed.values.is_empty() && bullets.iter().any(something) {
        return completed(listed, in_sentence(lines));
    }
    if !lines.iter().any(|line| something(&line.text.as_str())) {
        return Listed::default();
    }
    let bare_values = if bare { bare_lines(lines) } else { Vec::new() };
    let sure = [bare_values, in_sentence(lines), explained_lines(lines)];
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

/// The values that items list, or those of a sentence that has all of them and more: the items then explain some.
fn completed(listed: Listed, told: Vec<String>) -> Listed {
    let told_all = listed.values.iter().all(|value| told.contains(value));
    if told_all && told.len() > listed.values.len() {
        Listed::new(told, listed.doubt)
    } else {
        listed
    }
}

/// The values below a label that announces nothing else: where no list is marked, every word is one.
pub fn announced(lines: &[Line], name: &str) -> Listed {
    let listed = list(lines, name, true);
    let words: Vec<&str> = lines
        .iter()
        .flat_map(|line| line.text.split_whitespace())
        .collect();
    let nothing = words.is_empty() || vocabulary::is_nothing(&words.join(" "));
    if !listed.values.is_empty() || nothing {
        return listed;
    }
    let sentence = words.len() > 1 && words.last().is_some_and(|word| word.ends_with('.'));
    if sentence || !words.iter().all(|word| is_token(unquoted(word))) {
        return Listed::new(Vec::new(), Some(MERGED));
    }
    let doubt = (words.len() > 1).then_some(JOINED);
    let values = words.into_iter().map(|word| unquoted(word).to_owned());
    Listed::new(values.collect(), doubt)
}

/// The values that a note lists: only items of which each explains one.
pub fn noted(lines: &[Line]) -> Listed {
    let values = items::all_named(&bullets(lines)).unwrap_or_default();
    let doubt = (!values.is_empty()).then_some(NOTED);
    Listed::new(values, doubt)
}

/// The items of a list among the lines.
fn bullets(lines: &[Line]) -> Vec<&str> {
    let bullets = lines.iter().filter(|line| line.bullet);
    bullets.map(|line| line.text.as_str()).collect()
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
