//! Finds the class of a failure from its text, by the table in `phrases.txt`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::DiagnosisClass;

/// The table, prepared when it is first needed.
static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("phrases.txt")));

/// The section whose codes count only in a text that has one of its words.
const LDAP: &str = "[ldap]";

/// One value of the table, in the order in which values decide.
enum Value {
    Phrase(DiagnosisClass),
    /// A result code of the section follows.
    Label(&'static str),
    LdapWord,
}

struct Table {
    values: Vec<Value>,
    /// Finds all values in one pass.
    search: Option<AhoCorasick>,
    codes: HashMap<(&'static str, &'static str), DiagnosisClass>,
}

impl Table {
    fn read(lines: &'static str) -> Self {
        let (mut texts, mut values, mut codes) = (Vec::new(), Vec::new(), HashMap::new());
        let (mut section, mut has_codes) = ("", false);
        for line in lines.lines().filter(|line| !line.starts_with('#')) {
            if line.starts_with('[') {
                (section, has_codes) = (line, false);
            }
            let (key, row) = line.split_once(": ").unwrap_or_default();
            has_codes |= key == "labels";
            for text in row.split(" | ") {
                let value = match (key, key.parse()) {
                    ("labels", _) => Value::Label(section),
                    ("words", _) => Value::LdapWord,
                    (_, Ok(class)) if has_codes => {
                        codes.insert((section, text), class);
                        continue;
                    }
                    (_, Ok(class)) => Value::Phrase(class),
                    (_, Err(_)) => continue,
                };
                texts.push(text);
                values.push(value);
            }
        }
        Self {
            values,
            search: AhoCorasick::new(texts).ok(),
            codes,
        }
    }

    /// The class of the value that decides: the first of the table that occurs, and of a label its first place with a code.
    fn first(&self, text: &str) -> Option<DiagnosisClass> {
        let mut found = Vec::new();
        let mut is_ldap = false;
        let search = self.search.iter();
        for place in search.flat_map(|it| it.find_overlapping_iter(text)) {
            let (number, range) = (place.pattern().as_usize(), place.range());
            let (section, class) = match self.values.get(number)? {
                Value::Phrase(class) if stands_alone(text, &range) => ("", Some(class)),
                Value::Phrase(_) => continue,
                Value::Label(section) => {
                    let code = code_after(text, &range).unwrap_or_default();
                    (*section, self.codes.get(&(*section, code)))
                }
                Value::LdapWord => {
                    is_ldap = true;
                    continue;
                }
            };
            found.extend(class.map(|class| (section, (number, range.start), *class)));
        }
        found.retain(|(section, ..)| is_ldap || *section != LDAP);
        let first = found.into_iter().min_by_key(|(_, place, _)| *place);
        first.map(|(.., class)| class)
    }
}

/// Classifies a lower-case text by what it says outside of double quotes, so that the name of a role cannot mislead, then by the
/// sentences that it quotes.
pub(super) fn class_of(text: &str) -> DiagnosisClass {
    let outside: Cow<'_, str> = if text.contains('"') {
        text.split('"').step_by(2).collect()
    } else {
        text.into()
    };
    (TABLE.first(&outside))
        .or_else(|| {
            let (_, quoted) = text.split_once('"')?;
            let quoted = quoted.split('"').step_by(2);
            let sentences: Vec<_> = quoted.filter(|part| part.contains(' ')).collect();
            TABLE.first(&sentences.join("\n"))
        })
        .unwrap_or(DiagnosisClass::Other)
}

/// Whether a phrase stands alone if it is a numeric code, since ids contain many digits; others need not.
fn stands_alone(text: &str, place: &Range<usize>) -> bool {
    let part = |range: Range<usize>| text.get(range).unwrap_or_default();
    let is_code = part(place.clone()).starts_with(|c: char| c.is_ascii_digit());
    let before = part(0..place.start).ends_with(|c: char| c.is_ascii_alphanumeric());
    let after = part(place.end..text.len()).starts_with(|c: char| c.is_ascii_alphanumeric());
    !is_code || !(before || after)
}

/// The number that follows a label, after blanks and one of `:`, `=`, `[`, `(` or a quote, as in `LDAP: error code 49`,
/// `Invalid credentials (49)` or `HTTP 401`. If the label is a parenthesis, the number must fill it.
fn code_after<'a>(text: &'a str, label: &Range<usize>) -> Option<&'a str> {
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
    fn each_line_of_phrases_names_a_class_and_values_in_lower_case() {
        let lines = include_str!("phrases.txt").lines();
        let rows: Vec<_> = lines
            .filter(|line| !line.starts_with(['#', '[']) && !line.is_empty())
            .map(|line| line.split_once(": ").unwrap())
            .collect();
        assert!(rows.len() > 60);
        for (class, values) in rows {
            let is_class = class.parse::<DiagnosisClass>().is_ok();
            assert!(is_class || matches!(class, "words" | "labels"), "{class}");
            assert_eq!(values, values.to_lowercase());
        }
    }
}
