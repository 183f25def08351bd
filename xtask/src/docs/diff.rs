//! What became of the facts of a page.

mod attributes;
mod ranges;
mod renames;
mod retyping;
mod ways;
mod weight;

use similar::TextDiff;

use self::ways::{Way, Ways};
use super::change::{Change, Kind, Part, Weight};
use super::facts::{Facts, Field, Location};

/// How much of two names must be alike, from 0 to 1, for one to be taken for the other's new name.
const ALIKE: f32 = 0.5;

/// Every difference between the facts of the lock, `old`, and those of the page, `new`.
pub fn changes(old: &Facts, new: &Facts) -> Vec<Change> {
    let mut changes = Vec::new();
    let new = renames::undone(old, new, &mut changes);
    let ways = Ways::of(old, &new);
    let before = parts(old);
    let after = parts(&new);
    for (part, fields) in &before {
        match after.iter().find(|(other, _)| other == part) {
            Some((_, now)) => compare(part, ways.of_part(part), fields, now, &mut changes),
            None => gone(part, fields, &mut changes),
        }
    }
    for (part, fields) in after
        .iter()
        .filter(|(part, _)| before.iter().all(|(other, _)| other != part))
    {
        come(part, ways.of_part(part), fields, &mut changes);
    }
    path(old, &new, &mut changes);
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

/// A breaking change; callers tell what is otherwise.
fn change(part: &Part, name: Option<&str>, kind: Kind) -> Change {
    Change {
        part: part.clone(),
        name: name.map(str::to_owned),
        kind,
        from: None,
        to: None,
        key: None,
        weight: Weight::Breaking,
    }
}

fn renamed_from(part: &Part, name: &str, from: &str, to: &str) -> Change {
    Change {
        from: Some(from.to_owned()),
        to: Some(to.to_owned()),
        ..change(part, Some(name), Kind::Renamed)
    }
}

/// A table that is gone: for parameters, all of its rows.
fn gone(part: &Part, fields: &[&Field], changes: &mut Vec<Change>) {
    match part {
        Part::Parameters(_) => changes.extend(
            fields
                .iter()
                .map(|field| change(part, Some(&field.name), Kind::Removed)),
        ),
        _ => changes.push(change(part, None, Kind::Removed)),
    }
}

fn come(part: &Part, way: Way, fields: &[&Field], changes: &mut Vec<Change>) {
    match part {
        Part::Parameters(_) => changes.extend(fields.iter().map(|field| added(part, way, field))),
        _ => changes.push(Change {
            weight: Weight::Harmless,
            ..change(part, None, Kind::Added)
        }),
    }
}

fn added(part: &Part, way: Way, field: &Field) -> Change {
    let to = field
        .required
        .map(|required| if required { "mandatory" } else { "optional" }.to_owned());
    Change {
        to,
        weight: weight::of_addition(way, field),
        ..change(part, Some(&field.name), Kind::Added)
    }
}

/// The rows of a table, then and now.
fn compare(part: &Part, way: Way, old: &[&Field], new: &[&Field], changes: &mut Vec<Change>) {
    let mut left: Vec<(usize, &Field)> = new
        .iter()
        .enumerate()
        .filter(|(_, field)| old.iter().all(|other| other.name != field.name))
        .map(|(index, field)| (index, *field))
        .collect();
    for (index, field) in old.iter().enumerate() {
        if let Some(now) = new.iter().find(|other| other.name == field.name) {
            attributes::compare(part, way, (field, now), changes);
            continue;
        }
        let Some(place) = new_name(index, field, &left) else {
            changes.push(change(part, Some(&field.name), Kind::Removed));
            continue;
        };
        let (_, now) = left.remove(place);
        changes.push(Change {
            weight: weight::of_name(field, now),
            ..renamed_from(part, &field.name, &field.name, &now.name)
        });
        attributes::compare(part, way, (field, now), changes);
    }
    changes.extend(left.iter().map(|(_, field)| added(part, way, field)));
}

/// Which of the rows that came is the one that went, under another name: best with a name that is alike, or else at the same place.
fn new_name(index: usize, field: &Field, left: &[(usize, &Field)]) -> Option<usize> {
    let score = |place: usize, other: &Field| {
        let ratio = TextDiff::from_chars(field.name.as_str(), other.name.as_str()).ratio();
        let alike = ratio >= ALIKE;
        let fits = field.kind == other.kind && (alike || place == index);
        fits.then_some(ratio + if alike { 1.0 } else { 0.0 })
    };
    let scored = left
        .iter()
        .enumerate()
        .filter_map(|(at, (place, other))| Some((at, score(*place, other)?)));
    let best = scored.max_by(|(_, one), (_, other)| one.total_cmp(other));
    best.map(|(at, _)| at)
}

fn statuses(old: &Facts, new: &Facts, changes: &mut Vec<Change>) {
    let only = |one: &Facts, other: &Facts| -> Vec<String> {
        let statuses = one.status_codes.iter();
        statuses
            .filter(|status| !other.status_codes.contains(status))
            .cloned()
            .collect()
    };
    let note = |status: &str, from, to| Change {
        from,
        to,
        weight: weight::of_status(status),
        ..change(&Part::Page, Some("status codes"), Kind::StatusCode)
    };
    for status in only(old, new) {
        changes.push(note(&status, Some(status.clone()), None));
    }
    for status in only(new, old) {
        changes.push(note(&status, None, Some(status.clone())));
    }
}

/// A path that is another, and does not only follow its parameters to their new names.
fn path(old: &Facts, new: &Facts, changes: &mut Vec<Change>) {
    let renamed = changes.iter().filter(|change| {
        change.part == Part::Parameters(Location::Path) && change.kind == Kind::Renamed
    });
    let names = renamed.filter_map(|change| Some((change.from.as_ref()?, change.to.as_ref()?)));
    let follows = names.fold(old.path.clone(), |path, (from, to)| {
        path.replace(&format!("{{{from}}}"), &format!("{{{to}}}"))
    });
    if new.path != old.path && new.path != follows {
        changes.push(renamed_from(&Part::Page, "path", &old.path, &new.path));
    }
}
