//! What the text of a failure names.

use super::DiagnosisClass;
use crate::health::text;

/// Maximum number of names.
const MOST: usize = 20;

/// Maximum length of a name, in characters.
const LONGEST: usize = 128;

/// A name without quotes is recognized between one of these words and one of the followers.
const KINDS: [&str; 3] = ["role", "user", "group"];
const FOLLOWERS: [&str; 5] = ["already", "cannot", "exists", "conflicts", "has"];

/// The roles, users, groups or missing permissions that failed; all quoted texts for other classes.
pub(super) fn subjects(class: DiagnosisClass, cause: &str) -> Vec<String> {
    let found: Vec<&str> = match class {
        DiagnosisClass::RoleHasDependents => roles(cause),
        DiagnosisClass::NameCollision => quoted(cause).chain(unquoted(cause)).collect(),
        DiagnosisClass::PermissionDenied => actions(cause).chain(quoted(cause)).collect(),
        _ => quoted(cause).collect(),
    };
    bounded(found.into_iter().map(str::to_owned))
}

/// The objects that depend on a role, one per line, as the database lists them in the detail of its error.
pub(super) fn dependents(class: DiagnosisClass, text: &str) -> Vec<String> {
    if class != DiagnosisClass::RoleHasDependents {
        return Vec::new();
    }
    bounded(text.lines().filter_map(dependent).map(str::to_owned))
}

/// At most [`MOST`] printable names, each once.
pub(super) fn bounded(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut kept = Vec::new();
    for name in names.into_iter().map(|name| text::plain(&name, LONGEST)) {
        if kept.len() == MOST {
            break;
        }
        if !name.is_empty() && !kept.contains(&name) {
            kept.push(name);
        }
    }
    kept
}

fn roles(text: &str) -> Vec<&str> {
    let parts = text.split("role \"").skip(1);
    let in_quotes: Vec<_> = parts.filter_map(|part| part.split('"').next()).collect();
    if in_quotes.is_empty() {
        unquoted(text).collect()
    } else {
        in_quotes
    }
}

fn dependent(line: &str) -> Option<&str> {
    let line = line.trim();
    let line = after(line, ["Detail:", "DETAIL:"]).unwrap_or(line).trim();
    let is_privilege = after(line, ["privileges for ", "default privileges "]).is_some();
    after(line, ["target of ", "owner of "]).or(is_privilege.then_some(line))
}

/// The rest of a line after one of its possible starts.
fn after<'a>(line: &'a str, starts: [&str; 2]) -> Option<&'a str> {
    starts.iter().find_map(|start| line.strip_prefix(start))
}

/// The texts in straight or Chinese double quotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    let straight = text.split('"').skip(1).step_by(2);
    let curved = text.split('“').skip(1);
    let curved = curved.filter_map(|part| Some(part.split_once('”')?.0));
    straight.chain(curved)
}

/// Names in phrases such as `user alice already exists` or `用户alice已存在`.
fn unquoted(text: &str) -> impl Iterator<Item = &str> {
    let words: Vec<_> = text.split_whitespace().collect();
    let in_phrases: Vec<_> = words.windows(3).filter_map(name_in_phrase).collect();
    let in_chinese = text.split("用户").skip(1).filter_map(leading_name);
    in_phrases.into_iter().chain(in_chinese)
}

fn name_in_phrase<'a>(phrase: &[&'a str]) -> Option<&'a str> {
    let [kind, name, follower] = phrase else {
        return None;
    };
    let is_kind = KINDS.iter().any(|known| known.eq_ignore_ascii_case(kind));
    let is_name = name.chars().all(is_of_name) && !FOLLOWERS.contains(name);
    (is_kind && is_name && FOLLOWERS.contains(follower)).then_some(name)
}

fn leading_name(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let end = text
        .find(|c: char| !(c.is_ascii() && is_of_name(c)))
        .unwrap_or(text.len());
    text.get(..end).filter(|name| !name.is_empty())
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@')
}

/// IAM actions, such as `iam:users:listUsers`.
fn actions(text: &str) -> impl Iterator<Item = &str> {
    let candidates =
        text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '-' | '*')));
    candidates.filter(|word| {
        let starts_as_action = word.starts_with(|c: char| c.is_ascii_alphabetic());
        starts_as_action
            && word.split(':').count() == 3
            && word.split(':').all(|part| !part.is_empty())
    })
}
