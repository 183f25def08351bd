//! Values that stand in the items of a list.

use super::{Listed, is_token, unquoted};

/// What a value has, and no value is: `Length: up to 9`. Lower case.
const ASPECTS: &[&str] = &[
    "format",
    "length",
    "unit",
    "precision",
    "encoding",
    "格式",
    "长度",
    "单位",
];

/// The values of a list in items. Where most of the items are none, the list is about something else.
pub(super) fn of_items(items: &[&str], name: &str) -> Listed {
    let items: Vec<&str> = items
        .iter()
        .copied()
        .filter(|item| !is_aspect(item))
        .collect();
    let named: Option<Vec<String>> = items.iter().map(|item| named(item)).collect();
    let repeated = repeated_head(&items);
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

/// The values of a list of which every item explains one.
pub(super) fn all_named(items: &[&str]) -> Option<Vec<String>> {
    let named = |item: &&str| named(item).filter(|head| is_token(head) && !is_aspect(item));
    let values: Option<Vec<String>> = items.iter().map(named).collect();
    values.filter(|values| values.len() > 1 && repeated_head(items).is_none())
}

/// Head and explanation of an item. A colon within a word, as in `network:port`, belongs to the value where another follows.
pub(super) fn split(item: &str) -> Option<(&str, &str)> {
    let mut colons = item.match_indices([':', '：']);
    let apart = colons.find(|(at, colon)| {
        let rest = item.get(at + colon.len()..).unwrap_or_default();
        *colon == "：" || rest.is_empty() || rest.starts_with(char::is_whitespace)
    });
    let (at, colon) = apart.or_else(|| item.match_indices(':').next())?;
    Some((item.get(..at)?, item.get(at + colon.len()..)?))
}

/// Whether an item tells something about every value.
fn is_aspect(item: &str) -> bool {
    let Some((head, _)) = split(item) else {
        return false;
    };
    let head = unquoted(head);
    let small = head.starts_with(|char: char| char.is_ascii_lowercase());
    !small && ASPECTS.contains(&head.to_lowercase().as_str())
}

/// What an item names before its colon, in up to three words.
fn named(item: &str) -> Option<String> {
    let (head, rest) = split(item)?;
    let head = unquoted(without_mark(head));
    let mut words = head.split_whitespace();
    let is_word = |word: &str| is_token(&word.replace(['(', ')', ':'], "")) && !word.ends_with('.');
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
    let head = |item: &str| Some(unquoted(split(item)?.0).to_owned());
    let first = head(items.first()?)?;
    let same = items.iter().all(|item| head(item).as_ref() == Some(&first));
    (items.len() > 1 && same).then_some(first)
}

/// The value of an item of a list: what stands before the colon, or the whole item if it is short.
fn of_item(item: &str, name: &str) -> Option<String> {
    let (head, rest) = split(item).unwrap_or((item, ""));
    let head = unquoted(without_mark(head));
    if !rest.is_empty() && is_same_name(head, name) {
        // The item repeats the name, and the value follows.
        let word = rest.split_whitespace().next();
        return word.map(|word| unquoted(word).to_owned());
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
