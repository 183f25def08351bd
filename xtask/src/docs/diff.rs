//! What became of the facts of a page.

use similar::TextDiff;

use super::change::{Change, Kind, Part};
use super::facts::{Facts, Field, Location, Schema};

/// How much of two names must be alike, from 0 to 1, for one to be taken for the other's new name.
const ALIKE: f32 = 0.5;

/// Every difference between the facts of the lock, `old`, and those of the page, `new`.
pub fn changes(old: &Facts, new: &Facts) -> Vec<Change> {
    let mut changes = Vec::new();
    let new = with_old_names(old, new, &mut changes);
    let before = parts(old);
    let after = parts(&new);
    for (part, fields) in &before {
        match after.iter().find(|(other, _)| other == part) {
            Some((_, now)) => compare(part, fields, now, &mut changes),
            None => gone(part, fields, &mut changes),
        }
    }
    for (part, fields) in after
        .iter()
        .filter(|(part, _)| before.iter().all(|(other, _)| other != part))
    {
        come(part, fields, &mut changes);
    }
    statuses(old, &new, &mut changes);
    changes
}

/// The tables of a page.
fn parts(facts: &Facts) -> Vec<(Part, Vec<&Field>)> {
    let locations = [
        Location::Path,
        Location::Query,
        Location::Header,
        Location::Body,
        Location::Unknown,
    ];
    let mut parts: Vec<(Part, Vec<&Field>)> = Vec::new();
    for location in locations {
        let fields = facts
            .parameters
            .iter()
            .filter(|field| field.location.unwrap_or(Location::Unknown) == location);
        parts.push((Part::Parameters(location), fields.collect()));
    }
    for response in &facts.responses {
        parts.push((
            Part::Answer(response.status.clone()),
            response.fields.iter().collect(),
        ));
    }
    for (index, schema) in facts.schemas.iter().enumerate() {
        let before = facts
            .schemas
            .iter()
            .take(index)
            .filter(|other| other.name == schema.name)
            .count();
        parts.push((
            Part::Structure(schema.name.clone(), before),
            schema.fields.iter().collect(),
        ));
    }
    parts
}

/// The new facts with the old names of structures that were renamed, so that the types which refer to them compare equal.
fn with_old_names(old: &Facts, new: &Facts, changes: &mut Vec<Change>) -> Facts {
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
        let Some(name) = best
            .filter(|other| 2 * shared(schema, other) >= schema.fields.len().max(1))
            .map(|other| other.name.clone())
        else {
            continue;
        };
        rename(&mut facts, &name, &schema.name);
        changes.push(Change {
            part: Part::Structure(schema.name.clone(), 0),
            name: None,
            kind: Kind::Renamed,
            from: Some(schema.name.clone()),
            to: Some(name),
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
    for schema in facts
        .schemas
        .iter_mut()
        .filter(|schema| schema.name == from)
    {
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
        if let Some(kind) = &mut field.kind {
            let words: Vec<&str> = kind
                .split(' ')
                .map(|word| if word == from { to } else { word })
                .collect();
            *kind = words.join(" ");
        }
    }
}

fn change(
    part: &Part,
    name: Option<&str>,
    kind: Kind,
    from: Option<String>,
    to: Option<String>,
) -> Change {
    Change {
        part: part.clone(),
        name: name.map(str::to_owned),
        kind,
        from,
        to,
    }
}

/// A table that is gone: for parameters, all of its rows.
fn gone(part: &Part, fields: &[&Field], changes: &mut Vec<Change>) {
    match part {
        Part::Parameters(_) => changes.extend(
            fields
                .iter()
                .map(|field| change(part, Some(&field.name), Kind::Removed, None, None)),
        ),
        _ => changes.push(change(part, None, Kind::Removed, None, None)),
    }
}

fn come(part: &Part, fields: &[&Field], changes: &mut Vec<Change>) {
    match part {
        Part::Parameters(_) => changes.extend(fields.iter().map(|field| added(part, field))),
        _ => changes.push(change(part, None, Kind::Added, None, None)),
    }
}

fn added(part: &Part, field: &Field) -> Change {
    let to = field
        .required
        .map(|required| if required { "mandatory" } else { "optional" }.to_owned());
    change(part, Some(&field.name), Kind::Added, None, to)
}

/// The rows of a table, then and now.
fn compare(part: &Part, old: &[&Field], new: &[&Field], changes: &mut Vec<Change>) {
    let mut left: Vec<(usize, &Field)> = new
        .iter()
        .enumerate()
        .filter(|(_, field)| old.iter().all(|other| other.name != field.name))
        .map(|(index, field)| (index, *field))
        .collect();
    for (index, field) in old.iter().enumerate() {
        if let Some(now) = new.iter().find(|other| other.name == field.name) {
            attributes(part, field, now, changes);
            continue;
        }
        let Some(place) = new_name(index, field, &left) else {
            changes.push(change(part, Some(&field.name), Kind::Removed, None, None));
            continue;
        };
        let (_, now) = left.remove(place);
        changes.push(change(
            part,
            Some(&field.name),
            Kind::Renamed,
            Some(field.name.clone()),
            Some(now.name.clone()),
        ));
        attributes(part, field, now, changes);
    }
    changes.extend(left.iter().map(|(_, field)| added(part, field)));
}

/// Which of the rows that came is the one that went, under another name: best at the same place, or with a name that is alike.
fn new_name(index: usize, field: &Field, left: &[(usize, &Field)]) -> Option<usize> {
    let score = |place: usize, other: &Field| {
        let ratio = TextDiff::from_chars(field.name.as_str(), other.name.as_str()).ratio();
        let fits = field.kind == other.kind && (ratio >= ALIKE || place == index);
        fits.then_some(ratio + if place == index { 1.0 } else { 0.0 })
    };
    let scored = left
        .iter()
        .enumerate()
        .filter_map(|(at, (place, other))| Some((at, score(*place, other)?)));
    let best = scored.max_by(|(_, one), (_, other)| one.total_cmp(other));
    best.map(|(at, _)| at)
}

/// Everything but the name.
fn attributes(part: &Part, old: &Field, new: &Field, changes: &mut Vec<Change>) {
    let mut note = |kind: Kind, from: Option<String>, to: Option<String>| {
        if from != to {
            changes.push(change(part, Some(&old.name), kind, from, to));
        }
    };
    let flag = |required: Option<bool>| required.map(|required| required.to_string());
    note(Kind::Type, old.kind.clone(), new.kind.clone());
    note(Kind::Mandatory, flag(old.required), flag(new.required));
    note(Kind::Range, range(old), range(new));
    note(Kind::Default, old.default.clone(), new.default.clone());
    let only = |one: &Field, other: &Field| -> Vec<String> {
        one.values
            .iter()
            .filter(|value| !other.values.contains(value))
            .cloned()
            .collect()
    };
    for value in only(old, new) {
        note(Kind::Enum, Some(value), None);
    }
    for value in only(new, old) {
        note(Kind::Enum, None, Some(value));
    }
}

/// The bounds of a field in words; none if it has none.
fn range(field: &Field) -> Option<String> {
    let text =
        |bound: Option<&dyn std::fmt::Display>| bound.map(ToString::to_string).unwrap_or_default();
    let bounds = |least: Option<&dyn std::fmt::Display>, most: Option<&dyn std::fmt::Display>| {
        (least.is_some() || most.is_some()).then(|| format!("{}..{}", text(least), text(most)))
    };
    let minimum = field
        .minimum
        .as_ref()
        .map(|number| number as &dyn std::fmt::Display);
    let maximum = field
        .maximum
        .as_ref()
        .map(|number| number as &dyn std::fmt::Display);
    let shortest = field
        .min_length
        .as_ref()
        .map(|length| length as &dyn std::fmt::Display);
    let longest = field
        .max_length
        .as_ref()
        .map(|length| length as &dyn std::fmt::Display);
    let parts = [
        bounds(minimum, maximum),
        bounds(shortest, longest).map(|bounds| format!("{bounds} characters")),
        field.characters.as_ref().map(|class| format!("[{class}]")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn statuses(old: &Facts, new: &Facts, changes: &mut Vec<Change>) {
    let only = |one: &Facts, other: &Facts| -> Vec<String> {
        one.status_codes
            .iter()
            .filter(|status| !other.status_codes.contains(status))
            .cloned()
            .collect()
    };
    for status in only(old, new) {
        changes.push(change(
            &Part::Page,
            Some("status codes"),
            Kind::StatusCode,
            Some(status),
            None,
        ));
    }
    for status in only(new, old) {
        changes.push(change(
            &Part::Page,
            Some("status codes"),
            Kind::StatusCode,
            None,
            Some(status),
        ));
    }
}
