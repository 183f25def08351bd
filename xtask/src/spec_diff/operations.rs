//! How operations are called and answered, as far as the tool does not compare it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::blind_spots::{alternatives, members};
use super::change::{Change, Level};

/// One operation, with the names in its path left out: the tool takes them for words, and clients name arguments by them.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Call {
    method: String,
    shape: String,
}

/// An operation and its path, with what the document says of all operations.
struct Described<'a> {
    path: &'a str,
    operation: &'a Value,
    document: &'a Value,
}

/// Every change of an operation that is there before and after.
pub(super) fn changes(old: &Value, new: &Value) -> Vec<Change> {
    let mut now = operations(new);
    let mut changes = Vec::new();
    for (call, before) in operations(old) {
        let Some(after) = now.remove(&call) else {
            continue;
        };
        let found = [path, order, ranges, security]
            .iter()
            .flat_map(|compare| compare(&before, &after));
        changes.extend(found.map(|change| Change {
            operation: Some(format!("{} {}", call.method, after.path)),
            ..change
        }));
    }
    changes
}

fn operations(document: &Value) -> BTreeMap<Call, Described<'_>> {
    let mut found = BTreeMap::new();
    for (path, item) in members(document, "/paths") {
        for (method, operation) in members(item, "") {
            let call = Call {
                method: method.to_ascii_uppercase(),
                shape: shape(path),
            };
            let described = Described {
                path,
                operation,
                document,
            };
            found.insert(call, described);
        }
    }
    found
}

fn shape(path: &str) -> String {
    let segments = path.split('/');
    let shape = segments.map(|segment| {
        if segment.starts_with('{') {
            "{}"
        } else {
            segment
        }
    });
    shape.collect::<Vec<_>>().join("/")
}

fn breaking(id: &str, text: String) -> Change {
    Change::new(Level::Breaking, id, text)
}

/// The path is what clients in TypeScript call by, and arguments are named after what is open in it.
fn path(before: &Described<'_>, after: &Described<'_>) -> Vec<Change> {
    if before.path == after.path {
        return Vec::new();
    }
    let text = format!("the path was `{}`, with other names in it", before.path);
    vec![breaking("path-parameter-renamed", text)]
}

/// Java and Go take arguments by their place, and most are of one type: a swap compiles and asks for something else.
fn order(before: &Described<'_>, after: &Described<'_>) -> Vec<Change> {
    let (before, after) = (parameters(before.operation), parameters(after.operation));
    let kept = |names: &[&str], others: &[&str]| -> Vec<String> {
        let kept = names.iter().filter(|name| others.contains(name));
        kept.map(|name| format!("`{name}`")).collect()
    };
    let (old, new) = (kept(&before, &after), kept(&after, &before));
    if old == new {
        return Vec::new();
    }
    let text = format!(
        "the order of parameters went from {} to {}",
        old.join(", "),
        new.join(", ")
    );
    vec![breaking("parameters-reordered", text)]
}

fn parameters(operation: &Value) -> Vec<&str> {
    let parameters = operation.get("parameters").and_then(Value::as_array);
    let parameters = parameters.into_iter().flatten();
    parameters
        .filter_map(|parameter| parameter.get("name")?.as_str())
        .collect()
}

/// The tool compares single statuses only.
fn ranges(before: &Described<'_>, after: &Described<'_>) -> Vec<Change> {
    let ranges = |described: &Described<'_>| -> BTreeSet<String> {
        let statuses = members(described.operation, "/responses").into_keys();
        let ranges = statuses.filter(|status| status.ends_with("XX") || *status == "default");
        ranges.map(str::to_owned).collect()
    };
    let (old, new) = (ranges(before), ranges(after));
    let gone = old.difference(&new).map(|range| {
        let text = format!("answers with a status of `{range}` are no longer described");
        breaking("response-range-removed", text)
    });
    let added = new.difference(&old).map(|range| {
        let text = format!("answers with a status of `{range}` are described now");
        Change::new(Level::Compatible, "response-range-added", text)
    });
    gone.chain(added).collect()
}

/// The ways to be let in of an operation that has its own: whoever used one that is gone is locked out.
fn security(before: &Described<'_>, after: &Described<'_>) -> Vec<Change> {
    let own = |described: &Described<'_>| described.operation.get("security").is_some();
    if !own(before) && !own(after) {
        return Vec::new();
    }
    let ways = |described: &Described<'_>| {
        let holder = if own(described) {
            described.operation
        } else {
            described.document
        };
        alternatives(holder)
    };
    let (old, now) = (ways(before), ways(after));
    // An operation that asks for nothing lets everybody in.
    let gone = old.difference(&now).filter(|_| !now.is_empty());
    gone.map(|way| {
        let text = format!("calls with {way} are no longer let in");
        breaking("security-alternative-removed", text)
    })
    .collect()
}
