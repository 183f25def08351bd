//! What the tool does not compare, and clients depend on.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::change::{Change, Level};
use super::operations;
use crate::codegen::enums::EXTENSION;

/// Every change from `old` to `new` that the tool is blind to.
pub fn changes(old: &Value, new: &Value) -> Vec<Change> {
    let comparisons = [
        open_sets,
        security_schemes,
        security_alternatives,
        servers,
        versions,
        operations::changes,
    ];
    comparisons
        .iter()
        .flat_map(|compare| compare(old, new))
        .collect()
}

/// Values of open sets. Clients branch on them and filter by them, so a lost one breaks; a new one was announced.
fn open_sets(old: &Value, new: &Value) -> Vec<Change> {
    let new_schemas = members(new, "/components/schemas");
    let mut changes = Vec::new();
    for (name, schema) in members(old, "/components/schemas") {
        // A schema that is gone as a whole is seen by the tool.
        let Some(now) = new_schemas.get(name) else {
            continue;
        };
        let (before, now) = (values(schema), values(now));
        changes.extend(before.difference(&now).map(|value| {
            let text = format!("the value `{value}` of the open set `{name}` is gone");
            Change::new(Level::Breaking, "open-set-value-removed", text)
        }));
        changes.extend(now.difference(&before).map(|value| {
            let text = format!("the open set `{name}` lists the new value `{value}`");
            Change::new(Level::Compatible, "open-set-value-added", text)
        }));
    }
    changes
}

fn values(schema: &Value) -> BTreeSet<&str> {
    let listed = schema.get(EXTENSION).and_then(Value::as_array);
    listed
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// Schemes and where credentials travel. The tool sees schemes come and go, and takes that for harmless.
fn security_schemes(old: &Value, new: &Value) -> Vec<Change> {
    let new_schemes = members(new, "/components/securitySchemes");
    let mut changes = Vec::new();
    for (name, scheme) in members(old, "/components/securitySchemes") {
        let Some(now) = new_schemes.get(name) else {
            let text = format!("the security scheme `{name}` is gone");
            changes.push(Change::new(
                Level::Breaking,
                "security-scheme-removed",
                text,
            ));
            continue;
        };
        for key in ["type", "in", "name"] {
            if let Some((before, now)) = moved(scheme, now, key) {
                let text =
                    format!("`{key}` of the security scheme `{name}` went from {before} to {now}");
                changes.push(Change::new(Level::Breaking, "security-scheme-moved", text));
            }
        }
    }
    changes
}

/// The ways to be let in: whoever used one that is gone is locked out.
fn security_alternatives(old: &Value, new: &Value) -> Vec<Change> {
    let now = alternatives(new);
    let gone = alternatives(old)
        .into_iter()
        .filter(|alternative| !now.contains(alternative));
    gone.map(|alternative| {
        let text = format!("calls with {alternative} are no longer let in");
        Change::new(Level::Breaking, "security-alternative-removed", text)
    })
    .collect()
}

/// Each item of `security` as the names that it asks for together.
pub(super) fn alternatives(document: &Value) -> BTreeSet<String> {
    let security = document.get("security").and_then(Value::as_array);
    let schemes = |item: &Value| {
        let names: Vec<String> = members(item, "")
            .into_keys()
            .map(|name| format!("`{name}`"))
            .collect();
        names.join(" and ")
    };
    security.into_iter().flatten().map(schemes).collect()
}

/// Addresses and what is open in them.
fn servers(old: &Value, new: &Value) -> Vec<Change> {
    let (old, new) = (servers_by_url(old), servers_by_url(new));
    let mut changes = Vec::new();
    for (url, server) in &old {
        let Some(now) = new.get(url) else {
            let text = format!("the server `{url}` is gone");
            changes.push(Change::new(Level::Breaking, "server-removed", text));
            continue;
        };
        let variables = members(now, "/variables");
        for (name, variable) in members(server, "/variables") {
            let now = variables.get(name).copied().unwrap_or(&Value::Null);
            if let Some((before, now)) = moved(variable, now, "default") {
                let text =
                    format!("the default of `{name}` in `{url}` went from {before} to {now}");
                changes.push(Change::new(Level::Breaking, "server-default-changed", text));
            }
        }
    }
    let added = new.keys().filter(|url| !old.contains_key(*url));
    changes.extend(added.map(|url| {
        let text = format!("the server `{url}` is new");
        Change::new(Level::Compatible, "server-added", text)
    }));
    changes
}

fn servers_by_url(document: &Value) -> BTreeMap<&str, &Value> {
    let servers = document.get("servers").and_then(Value::as_array);
    let servers = servers.into_iter().flatten();
    servers
        .filter_map(|server| Some((server.get("url")?.as_str()?, server)))
        .collect()
}

/// Versions only rise: whoever compares them would take the newer document for the older.
fn versions(old: &Value, new: &Value) -> Vec<Change> {
    let version = |document: &Value| {
        document
            .pointer("/info/version")?
            .as_str()
            .map(str::to_owned)
    };
    let (Some(before), Some(now)) = (version(old), version(new)) else {
        return Vec::new();
    };
    let (level, id) = match numbers(&now).cmp(&numbers(&before)) {
        Ordering::Equal => return Vec::new(),
        Ordering::Greater => (Level::Compatible, "version-raised"),
        Ordering::Less => (Level::Breaking, "version-lowered"),
    };
    let text = format!("`info.version` went from {before} to {now}");
    vec![Change::new(level, id, text)]
}

/// The numbers of a version, as the house rules have it written; a part that is none counts as 0.
fn numbers(version: &str) -> Vec<u32> {
    let parts = version.split('.');
    parts.map(|part| part.parse().unwrap_or_default()).collect()
}

/// The member `key` on both sides, if it differs.
fn moved(old: &Value, new: &Value, key: &str) -> Option<(String, String)> {
    let shown = |side: &Value| match side.get(key) {
        Some(value) => format!("`{}`", value.as_str().unwrap_or_default()),
        None => "nothing".to_owned(),
    };
    (old.get(key) != new.get(key)).then(|| (shown(old), shown(new)))
}

pub(super) fn members<'a>(value: &'a Value, pointer: &str) -> BTreeMap<&'a str, &'a Value> {
    let object = value.pointer(pointer).and_then(Value::as_object);
    let members = object.into_iter().flatten();
    members
        .map(|(name, member)| (name.as_str(), member))
        .collect()
}
