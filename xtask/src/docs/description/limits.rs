//! The bounds, lengths and characters that a description allows.

use super::super::facts::Field;
use super::super::vocabulary::Label;
use super::super::{bounds, types};
use super::parts::Part;

/// Takes the bound that a label names.
pub(super) fn labelled(field: &mut Field, part: &Part) {
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
pub(super) fn in_words(field: &mut Field, part: &Part) -> bool {
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
