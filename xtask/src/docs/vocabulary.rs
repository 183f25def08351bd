//! The words by which the vendor's pages, English and Chinese, are taken apart.

mod column;
mod label;
mod section;

pub use column::{Column, column};
pub use label::{Label, label, labels};
pub use section::{Section, section};

/// A word without case, marks of emphasis and a colon at its end.
pub fn plain(word: &str) -> String {
    let word = word.trim_matches(|char: char| {
        char.is_whitespace() || matches!(char, '*' | '`' | ':' | '：' | '#' | '•' | '●')
    });
    let words: Vec<&str> = word.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

fn look_up<T: Copy>(table: &[(T, &[&str])], word: &str) -> Option<T> {
    let mut word = plain(word);
    // Chinese has no spaces; conversions put some where markup was.
    if !word.is_ascii() {
        word.retain(|char| char != ' ');
    }
    let found = table
        .iter()
        .find(|(_, words)| words.contains(&word.as_str()));
    found.map(|(kind, _)| *kind)
}

/// Whether something must be there: outer none if the cell says neither, inner none if it depends. A remark in brackets may follow.
pub fn mandatory(cell: &str) -> Option<Option<bool>> {
    let word = cell.split(['(', '（']).next().unwrap_or_default();
    match plain(word).as_str() {
        "yes" | "y" | "mandatory" | "required" | "m" | "true" | "是" | "必选" | "必填" | "必须" => {
            Some(Some(true))
        }
        "no" | "n" | "optional" | "o" | "false" | "否" | "可选" | "选填" | "非必选" => {
            Some(Some(false))
        }
        "conditional" | "c" | "-" | "--" | "n/a" | "条件必选" | "yes/no" | "不涉及" => {
            Some(None)
        }
        _ => None,
    }
}

/// Whether this is one of the two values of a boolean.
pub fn is_truth(value: &str) -> bool {
    matches!(value.to_lowercase().as_str(), "true" | "false")
}

/// Whether a line is the word that opens a note or a warning, and nothing else.
pub fn is_admonition(line: &str) -> bool {
    let words = [
        "note",
        "notes",
        "notice",
        "caution",
        "warning",
        "danger",
        "important",
        "tip",
        "tips",
        "说明",
        "注意",
        "须知",
        "警告",
        "危险",
    ];
    words.contains(&plain(line).as_str())
}

/// Whether a text stands for "nothing".
pub fn is_nothing(text: &str) -> bool {
    let text = plain(text);
    let text = text.trim_end_matches(['.', '。']);
    matches!(
        text,
        "" | "n/a" | "na" | "none" | "-" | "--" | "无" | "不涉及" | "not involved" | "/"
    )
}

/// The status that a line such as `Status code: 200` announces.
pub fn announced_status(line: &str) -> Option<&str> {
    let start = plain(line);
    let known = ["status code", "http status code", "状态码"];
    if start.len() > 60 || !known.iter().any(|word| start.starts_with(word)) {
        return None;
    }
    line.split(|char: char| !char.is_ascii_alphanumeric())
        .find(|word| is_status(word))
}

/// Whether this is a status: three digits, the first from 1 to 5.
pub fn is_status(text: &str) -> bool {
    let digits = text.as_bytes();
    digits.len() == 3
        && digits.iter().all(u8::is_ascii_digit)
        && digits
            .first()
            .is_some_and(|digit| (b'1'..=b'5').contains(digit))
}

/// What follows the number in the caption of a table, such as `Table 4 Response body parameters`.
pub fn caption(line: &str) -> Option<&str> {
    let line = line.trim().trim_start_matches("**").trim_start();
    let rest = ["Table", "表"]
        .iter()
        .find_map(|word| line.strip_prefix(word))?;
    let rest = rest.trim_start();
    let number = rest
        .find(|char: char| !char.is_ascii_digit() && !matches!(char, '-' | '.'))
        .unwrap_or(rest.len());
    let (number, words) = rest.split_at_checked(number)?;
    let words =
        words.trim_matches(|char: char| char.is_whitespace() || matches!(char, '*' | ':' | '：'));
    let is_sentence = words.ends_with(['.', '。', ',', '，', ';'])
        || ["describes ", "lists ", "shows ", "所示", "describe "]
            .iter()
            .any(|verb| words.starts_with(verb));
    // "Table 4 object" is a type.
    let is_type = matches!(words, "object" | "objects");
    (!number.is_empty() && !words.is_empty() && !is_sentence && !is_type).then_some(words)
}

/// Whether a row of this name stands for the items of an array.
pub fn is_array_element(name: &str) -> bool {
    let name = plain(name);
    matches!(
        name.trim_matches(['[', ']']),
        "array element" | "array elements" | "数组元素"
    ) || name == "[items]"
}

/// Whether this can be the name of a parameter or field.
pub fn is_name(text: &str) -> bool {
    let first = text.chars().next();
    let fits = |char: char| char.is_ascii_alphanumeric() || "_-.$@[]:{}*#".contains(char);
    // Labels of Kubernetes, such as `example.io/size`.
    let label = text
        .split_once('/')
        .filter(|(domain, _)| domain.contains('.'));
    let rest = label.map_or(text, |(_, rest)| rest);
    let domain = label.is_none_or(|(domain, _)| domain.chars().all(fits));
    first.is_some_and(|char| char.is_ascii_alphanumeric() || "_$@".contains(char))
        && domain
        && rest.chars().all(fits)
        && text.chars().any(|char| char.is_ascii_alphabetic())
        && !text.ends_with(['.', ':'])
        && text.len() <= 128
}
