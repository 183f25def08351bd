//! Runs of words that are values, without anything that explains them.

use super::super::values;
use super::words::{
    ends_in_colon, ends_sentence, is_announcement, is_prose, is_sentence_word, looks_like_code,
    starts_small,
};

/// Whether nothing behind this value has a colon.
pub(super) fn is_last_head(words: &[&str], value: &str) -> bool {
    let last = words.iter().rev().find(|word| ends_in_colon(word));
    last.is_some_and(|word| word.trim_end_matches([':', '：']) == value)
}

/// `A, B, and C Then a sentence`, behind an announcement or alone.
pub(super) fn enumerated(words: &[&str], bare: bool) -> Vec<String> {
    let announced = words.iter().position(|word| is_announcement(word));
    let start = announced.map(|at| at + 1).or(bare.then_some(0));
    let words = words
        .get(start.unwrap_or(words.len())..)
        .unwrap_or_default();
    let (listed, rest) = words.split_at_checked(linked(words)).unwrap_or_default();
    let values = listed.iter().filter(|word| !links(word));
    let values: Vec<&str> = values.map(|word| bare_word(word)).collect();
    let fits = |value: &&str| values::is_token(value) && !is_prose(value);
    let ended = listed.last().is_some_and(|word| ends_sentence(word));
    let complete = ended || rest.is_empty() || opens_sentence(rest);
    if complete && values.len() > 2 && values.iter().all(fits) {
        values.into_iter().map(str::to_owned).collect()
    } else {
        Vec::new()
    }
}

/// How many of the first words commas and "and" or "or" link.
fn linked(words: &[&str]) -> usize {
    let goes_on = |at: usize| {
        let word = words
            .get(at)
            .is_some_and(|word| word.ends_with(',') || links(word));
        word || words.get(at + 1).is_some_and(|next| links(next))
    };
    let last = (0..words.len()).find(|at| !goes_on(*at));
    last.map_or(0, |last| last + 1)
}

fn links(word: &str) -> bool {
    matches!(word, "and" | "or")
}

/// A word without quotes, and without what separates it from the next.
fn bare_word(word: &str) -> &str {
    values::unquoted(word.trim_end_matches([',', '.', '。', ';']))
}

fn opens_sentence(words: &[&str]) -> bool {
    let first = words.first();
    let capital =
        first.is_some_and(|word| word.starts_with(char::is_uppercase) && is_sentence_word(word));
    capital && words.len() > 2
}

/// Whether the first words can hardly begin a sentence: then they are values, and what follows is in their way.
pub(super) fn begins_list(words: &[&str]) -> bool {
    let sentence = words.last().is_some_and(|word| word.ends_with(['.', '。']));
    let first = || words.iter().take(2).map(|word| word.trim_end_matches(':'));
    let alike = first().all(starts_small) || first().all(looks_like_code);
    let values = first().all(|word| values::is_token(word) && !is_prose(word));
    words.len() > 2 && !sentence && alike && values
}

/// Words without what stands in brackets at their end.
pub(super) fn without_remark<'a>(words: &'a [&'a str]) -> &'a [&'a str] {
    let closes = words.last().is_some_and(|word| word.ends_with([')', '）']));
    let opening = words.iter().rposition(|word| word.starts_with(['(', '（']));
    let end = opening.filter(|at| closes && *at > 0);
    words.get(..end.unwrap_or(words.len())).unwrap_or_default()
}

/// Whether few of the words can stand in a sentence.
pub(super) fn are_mostly_names(words: &[&str]) -> bool {
    let prose = words.iter().filter(|word| is_sentence_word(word)).count();
    prose * 3 < words.len()
}
