//! Lists of values whose items stand on one line, as conversions leave them that join the lines of a cell.
//!
//! What separated the items is gone, so they are told by their look: a word with its colon begins an item, and words that no
//! sentence consists of are items themselves.

use super::block::Line;
use super::values;
use super::vocabulary;

/// What a list is announced with, lower case.
const ANNOUNCEMENTS: &[&str] = &[
    "following:",
    "follows:",
    "include:",
    "includes:",
    "are:",
    "options:",
    "values:",
    "取值：",
    "如下：",
];

/// Words that stand in sentences and in no list.
const PROSE: &[&str] = &[
    "a", "an", "the", "of", "is", "are", "be", "to", "for", "and", "or", "with", "by", "if", "it",
    "this", "that", "in", "not", "can", "must", "only", "any", "than", "from", "value", "values",
];

/// The values that one line lists; `bare` says that the line can be nothing but values.
pub fn values(lines: &[Line], bare: bool) -> Vec<String> {
    let text: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    let text = text.join(" ");
    let explained = explained(&text, bare);
    if explained.is_empty() {
        return plain(&text, bare);
    }
    explained
}

/// `RUNNING: it runs DONE: it is done`.
fn explained(text: &str, bare: bool) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut heads = Vec::new();
    let at = |index: usize, back: usize| words.get(index.checked_sub(back)?).copied();
    for (index, word) in words.iter().enumerate() {
        let Some(head) = word.strip_suffix([':', '：']).map(values::unquoted) else {
            continue;
        };
        let opens = at(index, 1).is_none_or(ends_sentence);
        // The second word of a name, as in `Hive SQL: words`: which words belong to the names cannot be told.
        let goes_on = at(index, 1)
            .is_some_and(|word| word.starts_with(|char: char| char.is_ascii_uppercase()))
            && !opens
            && at(index, 2).is_none_or(ends_sentence)
            && !is_number(head);
        if goes_on {
            return Vec::new();
        }
        // Behind "as follows:" and the like, the first item opens the list.
        let is_item =
            values::is_token(head) && vocabulary::label(head).is_none() && !is_announcement(word);
        if is_item
            && (is_constant(head)
                || is_number(head)
                || !heads.is_empty()
                || opens && !is_sentence_word(head)
                || bare && opens)
        {
            heads.push(head.to_owned());
        }
    }
    heads
}

/// `RUNNING DONE`, behind a sentence or alone.
fn plain(text: &str, bare: bool) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let start = words
        .iter()
        .rposition(|word| ends_sentence(word))
        .map_or(0, |index| index + 1);
    let announced = start > 0;
    let Some(items) = words.get(start..) else {
        return Vec::new();
    };
    // A sentence of prose begins with a capital; what has marks or capitals within does not belong to one.
    let in_small = |word: &&&str| {
        word.starts_with(|char: char| char.is_ascii_lowercase() || char.is_ascii_digit())
    };
    let alike = items
        .iter()
        .all(|word| values::is_token(word) && !PROSE.contains(&word.to_lowercase().as_str()))
        && (items.iter().filter(in_small).count() == items.len() && (bare || announced)
            || items.iter().all(|word| !is_sentence_word(word)));
    if items.len() > 1 && alike {
        return items.iter().map(|word| (*word).to_owned()).collect();
    }
    let run = words
        .iter()
        .rev()
        .take_while(|word| is_constant(word))
        .count();
    let tail = words.get(words.len() - run..).unwrap_or_default();
    if run > 1 {
        tail.iter().map(|word| (*word).to_owned()).collect()
    } else {
        Vec::new()
    }
}

fn ends_sentence(word: &str) -> bool {
    word.ends_with(['.', '。', ';', '；']) || is_announcement(word)
}

fn is_announcement(word: &str) -> bool {
    let word = word.to_lowercase();
    ANNOUNCEMENTS.iter().any(|end| word.ends_with(end))
}

/// Capitals, digits and marks.
fn is_constant(word: &str) -> bool {
    word.len() > 1
        && word.starts_with(|char: char| char.is_ascii_uppercase())
        && word.chars().all(|char| {
            char.is_ascii_uppercase() || char.is_ascii_digit() || matches!(char, '_' | '-')
        })
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|char| char.is_ascii_digit())
}

/// Whether a word can stand in a sentence: letters, of which only the first may be a capital.
fn is_sentence_word(word: &str) -> bool {
    word.chars().all(char::is_alphabetic) && word.chars().skip(1).all(|char| !char.is_uppercase())
}
