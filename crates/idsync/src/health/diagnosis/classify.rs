//! Finds the class of a failure from its text.
//!
//! Three kinds of evidence are tried in turn: phrases that name a root cause, result codes of LDAP and HTTP, and phrases
//! that say which step failed.

use super::DiagnosisClass::{
    self, CredentialsRejected, DirectoryEntryMissing, DirectoryRefused, NameCollision, Other,
    PermissionDenied, ServiceUnavailable, Throttled, Timeout, Unreachable,
};

/// The two sections of phrases: root causes, and steps that failed.
const PHRASES: &str = include_str!("phrases.txt");

/// LDAP result codes (RFC 4511, and the client codes of common libraries from 81 on).
fn of_ldap(code: u16) -> Option<DiagnosisClass> {
    Some(match code {
        3 | 85 => Timeout,
        7 | 48 | 49 => CredentialsRejected,
        8 | 13 | 19 | 53 => DirectoryRefused,
        32 => DirectoryEntryMissing,
        50 => PermissionDenied,
        51 | 52 => ServiceUnavailable,
        68 => NameCollision,
        81 | 91 => Unreachable,
        _ => return None,
    })
}

/// HTTP statuses.
fn of_http(status: u16) -> Option<DiagnosisClass> {
    Some(match status {
        401 | 407 => CredentialsRejected,
        403 => PermissionDenied,
        408 | 504 => Timeout,
        429 => Throttled,
        502 | 503 => ServiceUnavailable,
        _ => return None,
    })
}

/// Classifies by what the text says outside of quotes, so that the name of a role cannot mislead, then by the sentences
/// that it quotes.
pub(super) fn class_of(text: &str) -> DiagnosisClass {
    let text = text.to_lowercase();
    search(&without_quoted(&text))
        .or_else(|| search(&quoted_sentences(&text)))
        .unwrap_or(Other)
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
    let (root_causes, steps) = PHRASES.split_once("[steps]").unwrap_or((PHRASES, ""));
    first_phrase(root_causes, text)
        .or_else(|| ldap_code(text))
        .or_else(|| http_status(text))
        .or_else(|| first_phrase(steps, text))
}

fn first_phrase(section: &str, text: &str) -> Option<DiagnosisClass> {
    let rows = section.lines().filter_map(|line| line.split_once(": "));
    let mut matching = rows.filter(|(_, phrases)| {
        let mut phrases = phrases.split(" | ");
        phrases.any(|phrase| has_phrase(text, phrase))
    });
    matching.find_map(|(word, _)| DiagnosisClass::named(word))
}

/// Whether `text` has `phrase`; a numeric code must stand alone, since ids contain many digits.
fn has_phrase(text: &str, phrase: &str) -> bool {
    if !phrase.starts_with(|c: char| c.is_ascii_digit()) {
        return text.contains(phrase);
    }
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| word == phrase)
}

/// The class of an LDAP result code, as in `LDAP: error code 49`, `resultCode=50` or `Invalid credentials (49)`.
fn ldap_code(text: &str) -> Option<DiagnosisClass> {
    let is_ldap = [
        "ldap",
        "directory",
        "bind",
        "resultcode",
        "result code",
        "dn:",
    ]
    .iter()
    .any(|word| text.contains(word));
    if !is_ldap {
        return None;
    }
    let labels = [
        "error code",
        "result code",
        "resultcode",
        "return code",
        "rc=",
        "err=",
        "code:",
    ];
    let labelled = labels.iter().filter_map(|label| number_after(text, label));
    let in_parentheses = text.split('(').skip(1).filter_map(|rest| {
        let (code, _) = rest.split_once(')')?;
        code.parse().ok()
    });
    labelled.chain(in_parentheses).find_map(of_ldap)
}

/// The class of an HTTP status, as in `HTTP 401`, `status code: 503` or `response was 403 Forbidden`.
fn http_status(text: &str) -> Option<DiagnosisClass> {
    let labels = [
        "http/1.1",
        "http/2",
        "http error",
        "http status",
        "http code",
        "http response",
        "http",
        "status code",
        "status of http response was",
        "status",
        "response was",
        "response code",
        "responded with",
        "returned",
        "server replied:",
    ];
    labels
        .iter()
        .filter_map(|label| number_after(text, label))
        .find_map(of_http)
}

/// The number that follows the first place of `label`, behind blanks and one of `:`, `=`, `[`, `(` or `"`.
fn number_after(text: &str, label: &str) -> Option<u16> {
    let numbers = text.match_indices(label).map(|(at, _)| {
        let rest = text.get(at + label.len()..).unwrap_or_default();
        let rest = rest.trim_start_matches([' ', ':', '=', '[', '(', '"', '\'']);
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        rest.get(..end).and_then(|digits| digits.parse().ok())
    });
    numbers.flatten().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_of_phrases_names_a_class_and_phrases_in_lower_case() {
        let lines = PHRASES
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with(['#', '[']));
        for line in lines {
            let (word, phrases) = line.split_once(": ").unwrap();
            assert!(DiagnosisClass::named(word).is_some(), "{word}");
            assert_eq!(phrases, phrases.to_lowercase());
        }
    }
}
