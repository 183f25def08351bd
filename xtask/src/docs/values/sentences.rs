//! Values that stand in sentences, or one a line.

use super::super::block::Line;
use super::super::vocabulary;
use super::{is_token, unquoted};

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

/// `1: enabled`, on each line. JSON within a description looks like that.
pub(super) fn explained_lines(lines: &[Line]) -> Vec<String> {
    let explained = |text: &str| {
        let (head, rest) = text.split_once([':', '：'])?;
        let json = text.starts_with('"') && rest.trim_start().starts_with(['"', '{', '[']);
        let head = unquoted(head);
        let is_value = is_token(head) && vocabulary::label(head).is_none() && !json;
        is_value.then(|| head.to_owned())
    };
    let pieces = lines.iter().flat_map(|line| line.text.split([';', '；']));
    pieces.filter_map(|piece| explained(piece.trim())).collect()
}

/// Nothing but values, one a line or with words between them. Sentences may follow.
pub(super) fn bare_lines(lines: &[Line]) -> Vec<String> {
    let words: Vec<&str> = lines.iter().map(|line| without_prose(&line.text)).collect();
    let end = words.iter().rposition(|text| !text.is_empty());
    let words = words.get(..end.map_or(0, |end| end + 1));
    tokens(&words.unwrap_or_default().join(", ")).unwrap_or_default()
}

/// A text up to the sentence that is none of values: "For more, see there."
fn without_prose(text: &str) -> &str {
    let values = text.split_once(". ").map_or(text, |(values, _)| values);
    let words = values.split_whitespace().count();
    let ends = text.ends_with(['.', '。']);
    let capital = values.starts_with(|char: char| char.is_ascii_uppercase());
    let prose = ends && (capital && words > 3 || !values.is_ascii()) && tokens(values).is_none();
    if prose || vocabulary::is_nothing(text) {
        ""
    } else {
        values
    }
}

/// "The value can be A, B, or C."
pub(super) fn in_sentence(lines: &[Line]) -> Vec<String> {
    let found = lines.iter().find_map(|line| {
        let rest = line.text.get(opened(&line.text)?..)?;
        let sentence = rest.split(['。', ';']).next()?;
        let sentence = sentence.split(". ").next()?;
        tokens(sentence)
    });
    found.unwrap_or_default()
}

/// Where the values begin that a sentence announces. Examples, and what is invalid, are none.
fn opened(text: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    OPENINGS.iter().find_map(|opening| {
        let mut found = lower.match_indices(opening);
        let (at, _) = found.find(|(at, _)| {
            let before = lower.get(..*at).unwrap_or_default();
            !before.ends_with(|char: char| char.is_ascii_alphabetic())
                && !before.ends_with("example of ")
                && !before.ends_with("examples of ")
        })?;
        Some(at + opening.len())
    })
}

/// The values of an enumeration such as `a, b, or c`; none if anything in it is no value.
fn tokens(text: &str) -> Option<Vec<String>> {
    let text = text.trim().trim_end_matches(['.', '。']);
    let text = [" or ", " and ", "、", "/", "，", "或", "和", "；", "|"]
        .iter()
        .fold(text.to_owned(), |text, word| text.replace(word, ", "));
    let pieces = text.split(',').map(|piece| {
        let piece = piece.trim().trim_start_matches("or ");
        unquoted(piece.trim_start_matches("and "))
    });
    let pieces: Vec<&str> = pieces.filter(|piece| !piece.is_empty()).collect();
    (pieces.len() > 1 && pieces.iter().all(|piece| is_token(piece)))
        .then(|| pieces.iter().map(|piece| (*piece).to_owned()).collect())
}
