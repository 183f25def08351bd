//! Structures that go by another name.

use crate::docs::change::{Change, Kind, Part, Weight};
use crate::docs::facts::{Facts, Field, Schema};
use crate::docs::types;

/// The new facts with the old names of structures that were renamed, so that the types which refer to them compare equal.
pub(super) fn undone(old: &Facts, new: &Facts, changes: &mut Vec<Change>) -> Facts {
    let mut facts = new.clone();
    let lacks = |schemas: &[Schema], name: &str| schemas.iter().all(|schema| schema.name != name);
    let gone = old
        .schemas
        .iter()
        .filter(|schema| lacks(&new.schemas, &schema.name));
    for schema in gone {
        let come = facts
            .schemas
            .iter()
            .filter(|other| lacks(&old.schemas, &other.name));
        let best = come.max_by_key(|other| shared(schema, other));
        let alike = best.filter(|other| 2 * shared(schema, other) >= schema.fields.len().max(1));
        let Some(name) = alike.map(|other| other.name.clone()) else {
            continue;
        };
        rename(&mut facts, &name, &schema.name);
        changes.push(Change {
            part: Part::Structure(schema.name.clone(), 0),
            name: None,
            kind: Kind::Renamed,
            from: Some(schema.name.clone()),
            to: Some(name),
            key: None,
            weight: Weight::Breaking,
        });
    }
    facts
}

/// How many fields two structures share.
fn shared(one: &Schema, other: &Schema) -> usize {
    let names = one.fields.iter().map(|field| &field.name);
    names
        .filter(|name| other.fields.iter().any(|field| field.name == **name))
        .count()
}

fn rename(facts: &mut Facts, from: &str, to: &str) {
    let named = facts.schemas.iter_mut();
    for schema in named.filter(|schema| schema.name == from) {
        to.clone_into(&mut schema.name);
    }
    let answers = facts
        .responses
        .iter_mut()
        .flat_map(|response| &mut response.fields);
    let structures = facts
        .schemas
        .iter_mut()
        .flat_map(|schema| &mut schema.fields);
    for field in facts.parameters.iter_mut().chain(answers).chain(structures) {
        refer(field, from, to);
    }
}

/// Lets the type of a field refer to `to` where it refers to `from`.
fn refer(field: &mut Field, from: &str, to: &str) {
    let Some(kind) = &mut field.kind else { return };
    // The name stands last, or before a word such as "objects" that holds it in no case.
    let at = types::reference(kind)
        .filter(|name| *name == from)
        .and_then(|name| kind.rfind(name));
    if let Some(at) = at {
        kind.replace_range(at..at + from.len(), to);
    }
}
