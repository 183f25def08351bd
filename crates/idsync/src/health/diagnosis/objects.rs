//! What the text of a failure names.

use super::DiagnosisClass;
use crate::health::words;

/// How many names are kept.
const MOST: usize = 20;

/// How long a name may be, in characters.
const LONGEST: usize = 128;

/// Words before which a name without quotes is recognized, and words that must follow it then.
const KINDS: [&str; 3] = ["role", "user", "group"];
const FOLLOWERS: [&str; 5] = ["already", "cannot", "exists", "conflicts", "has"];

/// What the failure is about: roles, users, groups, or missing permissions; anything in quotes for other classes.
pub(super) fn subjects(class: DiagnosisClass, text: &str) -> Vec<String> {
    let found: Vec<String> = match class {
        DiagnosisClass::RoleHasDependents => roles(text),
        DiagnosisClass::NameCollision => quoted(text)
            .chain(unquoted(text))
            .map(str::to_owned)
            .collect(),
        DiagnosisClass::PermissionDenied => actions(text)
            .chain(quoted(text))
            .map(str::to_owned)
            .collect(),
        _ => quoted(text).map(str::to_owned).collect(),
    };
    bounded(found)
}

/// The objects that keep a role from being removed, one a line, as the database lists them in the detail of its error.
pub(super) fn dependents(class: DiagnosisClass, text: &str) -> Vec<String> {
    if class != DiagnosisClass::RoleHasDependents {
        return Vec::new();
    }
    bounded(text.lines().filter_map(dependent).map(str::to_owned))
}

/// At most [`MOST`] names, each shown plainly and only once.
pub(super) fn bounded(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut kept = Vec::new();
    for name in names.into_iter().map(|name| words::plain(&name, LONGEST)) {
        if kept.len() == MOST {
            break;
        }
        if !name.is_empty() && !kept.contains(&name) {
            kept.push(name);
        }
    }
    kept
}

fn roles(text: &str) -> Vec<String> {
    let after_role = |part: &str| {
        part.strip_prefix('"')
            .and_then(|name| name.split('"').next())
            .map(str::to_owned)
    };
    let in_quotes: Vec<_> = text.split("role ").skip(1).filter_map(after_role).collect();
    if in_quotes.is_empty() {
        unquoted(text).map(str::to_owned).collect()
    } else {
        in_quotes
    }
}

fn dependent(line: &str) -> Option<&str> {
    let line = line.trim();
    let line = ["Detail:", "DETAIL:"]
        .iter()
        .find_map(|label| line.strip_prefix(label))
        .unwrap_or(line)
        .trim();
    if let Some(object) = line
        .strip_prefix("target of ")
        .or_else(|| line.strip_prefix("owner of "))
    {
        return Some(object);
    }
    ["privileges for ", "default privileges "]
        .iter()
        .any(|start| line.starts_with(start))
        .then_some(line)
}

/// What stands in straight or Chinese double quotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    let straight = text.split('"').skip(1).step_by(2);
    let curved = text
        .split('“')
        .skip(1)
        .filter_map(|part| part.split_once('”'))
        .map(|(name, _)| name);
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
    let is_name = name.chars().all(is_of_name) && !FOLLOWERS.contains(name);
    (KINDS.iter().any(|known| known.eq_ignore_ascii_case(kind))
        && is_name
        && FOLLOWERS.contains(follower))
    .then_some(name)
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
