//! What the text of a failure names.

use super::DiagnosisClass;
use crate::health::text;

/// Maximum number of names.
const MOST: usize = 20;

/// Maximum length of a name, in characters.
const LONGEST: usize = 128;

/// The roles, users, groups or missing permissions that failed; all quoted texts for other classes.
pub(super) fn subjects(class: DiagnosisClass, cause: &str) -> Vec<String> {
    let found: Vec<&str> = match class {
        DiagnosisClass::RoleHasDependents => roles(cause).collect(),
        DiagnosisClass::PermissionDenied => actions(cause).chain(quoted(cause)).collect(),
        _ => quoted(cause).collect(),
    };
    bounded(found.into_iter().map(str::to_owned))
}

/// The objects that depend on a role, one per line, as the database lists them in the detail of its error.
pub(super) fn dependents(class: DiagnosisClass, text: &str) -> impl Iterator<Item = String> {
    let lines = text.lines();
    let lines = lines.filter(move |_| class == DiagnosisClass::RoleHasDependents);
    lines.filter_map(dependent).map(str::to_owned)
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

fn roles(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split("role \"").skip(1);
    parts.filter_map(|part| part.split('"').next())
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
