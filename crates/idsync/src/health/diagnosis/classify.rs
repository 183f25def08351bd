//! Finds the class of a failure from its text, by the table in `phrases.txt`.

use super::DiagnosisClass;

const PHRASES: &str = include_str!("phrases.txt");

/// The lines `key: value | value` of one section of the table.
fn section(name: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = PHRASES.lines().skip_while(move |line| {
        let heading = line.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
        heading != Some(name)
    });
    let lines = lines.skip(1).take_while(|line| !line.starts_with('['));
    lines.filter_map(|line| line.split_once(": "))
}

/// Classifies by what the text says outside of quotes, so that the name of a role cannot mislead, then by the sentences
/// that it quotes.
pub(super) fn class_of(text: &str) -> DiagnosisClass {
    let text = text.to_lowercase();
    search(&without_quoted(&text))
        .or_else(|| search(&quoted_sentences(&text)))
        .unwrap_or(DiagnosisClass::Other)
}

/// What stands in double quotes and is more than a name.
fn quoted_sentences(text: &str) -> String {
    let quoted = text.split('"').skip(1).step_by(2);
    let sentences: Vec<_> = quoted.filter(|part| part.contains(' ')).collect();
    sentences.join("\n")
}

/// The text without what stands in double quotes, or in single quotes that are no apostrophes.
fn without_quoted(text: &str) -> String {
    let text: String = text.split('"').step_by(2).collect();
    let mut kept = String::with_capacity(text.len());
    let mut quoted = false;
    let mut previous = ' ';
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let ends_word = !characters.peek().is_some_and(|next| next.is_alphanumeric());
        let is_quote = c == '\'' && (!previous.is_alphanumeric() || (quoted && ends_word));
        quoted ^= is_quote;
        if !quoted && !is_quote {
            kept.push(c);
        }
        previous = c;
    }
    kept
}

fn search(text: &str) -> Option<DiagnosisClass> {
    first_phrase("root causes", text)
        .or_else(|| result_code("ldap", text))
        .or_else(|| result_code("http", text))
        .or_else(|| first_phrase("steps", text))
}

fn first_phrase(name: &str, text: &str) -> Option<DiagnosisClass> {
    let mut lines = section(name);
    let found = lines.find(|(_, phrases)| phrases.split(" | ").any(|it| has_phrase(text, it)));
    found.and_then(|(class, _)| class.parse().ok())
}

/// Whether `text` has `phrase`; a numeric code must stand alone, since ids contain many digits.
fn has_phrase(text: &str, phrase: &str) -> bool {
    if !phrase.starts_with(|c: char| c.is_ascii_digit()) {
        return text.contains(phrase);
    }
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| word == phrase)
}

/// The class of a result code, as in `LDAP: error code 49`, `Invalid credentials (49)` or `HTTP 401`.
fn result_code(name: &'static str, text: &str) -> Option<DiagnosisClass> {
    let values = |key| {
        let lines = section(name).filter(move |(known, _)| *known == key);
        lines.flat_map(|(_, values)| values.split(" | "))
    };
    let mut words = values("words").peekable();
    if words.peek().is_some() && !words.any(|word| text.contains(word)) {
        return None;
    }
    let codes = values("labels").flat_map(|label| codes_after(text, label));
    let mut classes = codes.filter_map(|code| {
        let mut lines = section(name);
        let line = lines.find(|(_, codes)| codes.split(" | ").any(|known| known == code));
        line.and_then(|(class, _)| class.parse().ok())
    });
    classes.next()
}

/// The numbers that follow `label`, after blanks and one of `:`, `=`, `[`, `(` or a quote. If the label is a parenthesis,
/// the number must fill it.
fn codes_after<'a>(text: &'a str, label: &str) -> impl Iterator<Item = &'a str> {
    let is_parenthesis = label == "(";
    let places = text
        .match_indices(label)
        .map(|(at, label)| at + label.len());
    places.filter_map(move |place| {
        let rest = text.get(place..)?;
        let rest = rest.trim_start_matches([' ', ':', '=', '[', '(', '"', '\'']);
        let end = rest.find(|c: char| !c.is_ascii_digit());
        let (code, rest) = rest.split_at(end.unwrap_or(rest.len()));
        (!is_parenthesis || rest.starts_with(')')).then_some(code)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_of_phrases_names_a_class_and_phrases_in_lower_case() {
        for name in ["root causes", "ldap", "http", "steps"] {
            assert!(section(name).count() > 3, "{name}");
            for (class, phrases) in section(name) {
                let is_class = class.parse::<DiagnosisClass>().is_ok();
                assert!(is_class || matches!(class, "words" | "labels"), "{class}");
                assert_eq!(phrases, phrases.to_lowercase());
            }
        }
    }
}
