//! Finds the class of a failure from its text, by the table in `phrases.txt`.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::DiagnosisClass;

/// The table, prepared for the search when it is first needed.
static TABLE: LazyLock<Table> = LazyLock::new(|| Table {
    root_causes: PhraseTable::of("root causes"),
    ldap: CodeTable::of("ldap"),
    http: CodeTable::of("http"),
    steps: PhraseTable::of("steps"),
});

struct Table {
    root_causes: PhraseTable,
    ldap: CodeTable,
    http: CodeTable,
    steps: PhraseTable,
}

/// The lines `key: value | value` of one section of the table, a value at a time.
fn section(name: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = include_str!("phrases.txt").lines();
    let lines = lines.skip_while(move |line| {
        let heading = line.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
        heading != Some(name)
    });
    let lines = lines.skip(1).take_while(|line| !line.starts_with('['));
    lines
        .filter_map(|line| line.split_once(": "))
        .flat_map(|(key, values)| values.split(" | ").map(move |value| (key, value)))
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
    let table = &*TABLE;
    (table.root_causes.first(text))
        .or_else(|| table.ldap.first(text))
        .or_else(|| table.http.first(text))
        .or_else(|| table.steps.first(text))
}

/// Finds all of several texts at once.
struct Search(Option<AhoCorasick>);

impl Search {
    fn of(texts: impl IntoIterator<Item = &'static str>) -> Self {
        Self(AhoCorasick::new(texts).ok())
    }

    /// The number of each text that occurs, and where it does.
    fn matches<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, Range<usize>)> + 'a {
        let matches = self
            .0
            .iter()
            .flat_map(move |it| it.find_overlapping_iter(text));
        matches.map(|found| (found.pattern().as_usize(), found.range()))
    }
}

/// Phrases in the order in which they count.
struct PhraseTable {
    search: Search,
    classes: Vec<Option<DiagnosisClass>>,
}

impl PhraseTable {
    fn of(name: &str) -> Self {
        Self {
            search: Search::of(section(name).map(|(_, phrase)| phrase)),
            classes: section(name).map(|(class, _)| class.parse().ok()).collect(),
        }
    }

    /// The class of the first phrase that occurs.
    fn first(&self, text: &str) -> Option<DiagnosisClass> {
        let matches = self.search.matches(text);
        let phrases = matches.filter(|(_, place)| stands_alone(text, place.clone()));
        let first = phrases.map(|(phrase, _)| phrase).min()?;
        self.classes.get(first).copied().flatten()
    }
}

/// Whether a phrase stands alone if it is a numeric code, since ids contain many digits; others need not.
fn stands_alone(text: &str, place: Range<usize>) -> bool {
    let part = |range: Range<usize>| text.get(range).unwrap_or_default();
    let is_code = part(place.clone()).starts_with(|c: char| c.is_ascii_digit());
    let before = part(0..place.start).ends_with(|c: char| c.is_ascii_alphanumeric());
    let after = part(place.end..text.len()).starts_with(|c: char| c.is_ascii_alphanumeric());
    !is_code || !(before || after)
}

/// The result codes of a protocol.
struct CodeTable {
    /// Of which a text must have one, if there are any.
    words: Option<Search>,
    labels: Search,
    classes: HashMap<&'static str, DiagnosisClass>,
}

impl CodeTable {
    fn of(name: &str) -> Self {
        let values = |key| section(name).filter(move |(known, _)| *known == key);
        let has_words = values("words").next().is_some();
        let classes = section(name).filter_map(|(class, code)| Some((code, class.parse().ok()?)));
        Self {
            words: has_words.then(|| Search::of(values("words").map(|(_, word)| word))),
            labels: Search::of(values("labels").map(|(_, label)| label)),
            classes: classes.collect(),
        }
    }

    /// The class of the code behind the first label that has one, as in `LDAP: error code 49`, `Invalid credentials (49)` or
    /// `HTTP 401`.
    fn first(&self, text: &str) -> Option<DiagnosisClass> {
        if let Some(words) = &self.words {
            words.matches(text).next()?;
        }
        let matches = self.labels.matches(text);
        let codes = matches.filter_map(|(label, place)| {
            let code = code_after(text, place.clone())?;
            Some((label, place.start, *self.classes.get(code)?))
        });
        let first = codes.min_by_key(|(label, start, _)| (*label, *start));
        first.map(|(.., class)| class)
    }
}

/// The number that follows a label, after blanks and one of `:`, `=`, `[`, `(` or a quote. If the label is a parenthesis,
/// the number must fill it.
fn code_after(text: &str, label: Range<usize>) -> Option<&str> {
    let is_parenthesis = text.get(label.clone()) == Some("(");
    let rest = text.get(label.end..)?;
    let rest = rest.trim_start_matches([' ', ':', '=', '[', '(', '"', '\'']);
    let end = rest.find(|c: char| !c.is_ascii_digit());
    let (code, rest) = rest.split_at(end.unwrap_or(rest.len()));
    (!is_parenthesis || rest.starts_with(')')).then_some(code)
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
