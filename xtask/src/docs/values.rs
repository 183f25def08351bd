//! Values that a description lists one by one.

use super::block::Line;
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

/// The values that `lines` list for the field `name`; none if they list none. `bare` says that the lines can be nothing but values.
pub fn list(lines: &[Line], name: &str, bare: bool) -> Vec<String> {
    let bullets = lines.iter().filter(|line| line.bullet);
    let repeated = repeated_head(
        &bullets
            .clone()
            .map(|line| line.text.as_str())
            .collect::<Vec<_>>(),
    );
    let name = repeated.as_deref().unwrap_or(name);
    let values: Vec<String> = bullets
        .filter_map(|line| of_item(&line.text, name))
        .collect();
    if !values.is_empty() {
        return unique(values);
    }
    if lines.iter().all(|line| vocabulary::is_nothing(&line.text)) {
        return Vec::new();
    }
    let bare_values = if bare { bare_lines(lines) } else { Vec::new() };
    let readings = [
        explained_lines(lines),
        bare_values,
        explained_words(lines),
        in_sentence(lines),
    ];
    let values = readings.into_iter().find(|values| values.len() > 1);
    unique(values.unwrap_or_default())
}

/// What every item has before its colon: then it is a name, and the value follows.
fn repeated_head(items: &[&str]) -> Option<String> {
    let head = |item: &str| Some(unquoted(item.split_once([':', '：'])?.0).to_owned());
    let first = head(items.first()?)?;
    let same = items.iter().all(|item| head(item).as_ref() == Some(&first));
    (items.len() > 1 && same).then_some(first)
}

fn unique(values: Vec<String>) -> Vec<String> {
    let mut seen = Vec::new();
    for value in values {
        if !seen.contains(&value) {
            seen.push(value);
        }
    }
    seen
}

/// The value of an item of a list: what stands before the colon, or the whole item if it is short.
fn of_item(item: &str, name: &str) -> Option<String> {
    let (head, rest) = item.split_once([':', '：']).unwrap_or((item, ""));
    let head = unquoted(head);
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

/// `RUNNING: it runs DONE: it is done`, as it is left when the lines of a list are joined.
fn explained_words(lines: &[Line]) -> Vec<String> {
    let is_constant = |word: &&str| {
        word.len() > 1
            && word.starts_with(|char: char| char.is_ascii_uppercase())
            && word
                .chars()
                .all(|char| char.is_ascii_uppercase() || char.is_ascii_digit() || char == '_')
    };
    let words = lines.iter().flat_map(|line| line.text.split_whitespace());
    let heads = words.filter_map(|word| word.split_once([':', '：']).map(|(head, _)| head));
    heads.filter(is_constant).map(str::to_owned).collect()
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

/// Whether this can be a value on the wire: one word.
fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && !vocabulary::is_nothing(text)
        && text
            .chars()
            .all(|char| char.is_ascii_alphanumeric() || "_-.+/@#".contains(char))
        && !matches!(
            text.to_lowercase().as_str(),
            "note" | "notes" | "notice" | "example" | "caution" | "default" | "http" | "https"
        )
}

fn unquoted(text: &str) -> &str {
    text.trim()
        .trim_matches(['"', '\'', '`', '“', '”', '*', ' '])
}
