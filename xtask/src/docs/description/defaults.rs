//! The default that a description tells.

use super::super::facts::Field;
use super::super::vocabulary;
use super::parts::Part;

/// Takes the default from the part that is about it.
pub(super) fn labelled(field: &mut Field, part: &Part) {
    let Some(line) = part.lines.first() else {
        return;
    };
    let text = line.text.trim().trim_end_matches(['。', '.']);
    if vocabulary::is_nothing(text) || field.default.is_some() {
        return;
    }
    // A value with a remark: `0 (not limited)`, `null: no filtering`.
    let marks = [
        " (", "（", ": ", "：", " The ", " If ", " This ", " When ", " NOTE",
    ];
    let cuts = marks.iter().filter_map(|mark| text.find(mark));
    let value = text.get(..cuts.min().unwrap_or(text.len()));
    let value = value.filter(|value| !vocabulary::is_nothing(value));
    field.default = value.map(unquoted).map(str::to_owned);
}

/// A default that is told in a sentence, such as "The default value is 10."
pub(super) fn in_words(field: &mut Field, part: &Part) {
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
