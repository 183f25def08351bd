//! What happens to the rows of random pages, and what has to be told of it.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use xtask::docs::change::{Change, Kind, Part, Weight};
use xtask::docs::facts::{Facts, Field, Location};

/// What can happen to a row.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fate {
    Removed,
    Renamed,
    Retyped,
    Flipped,
    Bounded,
    Defaulted,
    Valued,
    Joined,
}

pub(crate) fn fates() -> impl Strategy<Value = Vec<(Index, Fate)>> {
    let fate = select(vec![
        Fate::Removed,
        Fate::Renamed,
        Fate::Retyped,
        Fate::Flipped,
        Fate::Bounded,
        Fate::Defaulted,
        Fate::Valued,
        Fate::Joined,
    ]);
    vec((any::<Index>(), fate), 1..5)
}

/// The tables of a page that can change: those whose rows nothing else refers to.
fn tables(facts: &mut Facts) -> Vec<(Part, Vec<&mut Field>)> {
    let mut tables = Vec::new();
    let query = facts
        .parameters
        .iter_mut()
        .filter(|field| field.location == Some(Location::Query));
    tables.push((Part::Parameters(Location::Query), query.collect()));
    for response in &mut facts.responses {
        let fields = response
            .fields
            .iter_mut()
            .filter(|field| !field.kind.as_deref().unwrap().contains("Thing"));
        tables.push((Part::Answer(response.status.clone()), fields.collect()));
    }
    for schema in &mut facts.schemas {
        tables.push((
            Part::Structure(schema.name.clone(), 0),
            schema.fields.iter_mut().collect(),
        ));
    }
    tables
}

/// The rows that go and come, each with its table.
#[derive(Default)]
struct Rows {
    gone: Vec<(Part, String)>,
    joined: Vec<(Part, Field)>,
}

/// Lets fate strike, at most one row of each table, and tells what has to be reported.
pub(crate) fn strike(facts: &mut Facts, fates: &[(Index, Fate)]) -> Vec<Change> {
    let mut expected = Vec::new();
    let mut rows = Rows::default();
    for ((part, mut fields), (index, fate)) in tables(facts).into_iter().zip(fates) {
        if fields.is_empty() {
            continue;
        }
        let row = index.index(fields.len());
        let field = &mut *fields[row];
        expected.extend(match fate {
            Fate::Removed | Fate::Renamed | Fate::Joined => {
                Some(moved(&part, field, *fate, &mut rows))
            }
            _ => struck(&part, field, *fate),
        });
    }
    for (part, name) in rows.gone {
        table_of(facts, &part).retain(|field| field.name != name);
    }
    for (part, field) in rows.joined {
        table_of(facts, &part).push(field);
    }
    expected.sort();
    expected
}

fn is_sent(part: &Part) -> bool {
    matches!(part, Part::Parameters(_))
}

fn change(
    part: &Part,
    name: &str,
    kind: Kind,
    sides: [Option<String>; 2],
    breaking: bool,
) -> Change {
    let [from, to] = sides;
    Change {
        part: part.clone(),
        name: Some(name.to_owned()),
        kind,
        from,
        to,
        // The only bounds that fate sets are those of values, and no minimum of a page is the new one.
        key: (kind == Kind::Range).then_some("minimum"),
        weight: Weight::from(breaking),
    }
}

/// A row that goes, comes or is called otherwise.
fn moved(part: &Part, field: &mut Field, fate: Fate, rows: &mut Rows) -> Change {
    let name = field.name.clone();
    match fate {
        Fate::Removed => {
            rows.gone.push((part.clone(), name.clone()));
            change(part, &name, Kind::Removed, [None, None], true)
        }
        Fate::Renamed => {
            field.name = format!("{name}_new");
            let sides = [Some(name.clone()), Some(field.name.clone())];
            change(part, &name, Kind::Renamed, sides, true)
        }
        _ => {
            let new = Field {
                name: "zz9_zz9".to_owned(),
                location: field.location,
                required: field.required.map(|_| true),
                kind: Some("Date".to_owned()),
                ..Field::default()
            };
            let to = field.required.map(|_| "mandatory".to_owned());
            let change = change(part, &new.name, Kind::Added, [None, to], is_sent(part));
            rows.joined.push((part.clone(), new));
            change
        }
    }
}

/// A row of which something is another; none if it has no such thing.
fn struck(part: &Part, field: &mut Field, fate: Fate) -> Option<Change> {
    let sent = is_sent(part);
    let name = field.name.clone();
    let (kind, sides, breaking) = match fate {
        Fate::Retyped => {
            let old = field.kind.clone();
            let (new, wider) = match old.as_deref() {
                Some("Integer") => ("Long", true),
                Some("Long") => ("Integer", !sent),
                _ => ("Integer", false),
            };
            field.kind = Some(new.to_owned());
            (Kind::Type, [old, field.kind.clone()], !wider)
        }
        Fate::Flipped => {
            let old = field.required?;
            field.required = Some(!old);
            let sides = [old, !old].map(|required| Some(required.to_string()));
            (Kind::Mandatory, sides, old != sent)
        }
        Fate::Bounded => {
            let numeric = ["Integer", "Long"].contains(&field.kind.as_deref()?);
            let old = numeric.then(|| range(field))?;
            field.minimum = Some(7777.into());
            field.maximum = Some(8888.into());
            (Kind::Range, [old, range(field)], sent)
        }
        Fate::Defaulted => {
            let old = field.default.replace("brandnew".to_owned());
            (Kind::Default, [old, field.default.clone()], sent)
        }
        _ => {
            field.values.first()?;
            field.values.push("BRAND_NEW".to_owned());
            (Kind::Enum, [None, Some("BRAND_NEW".to_owned())], false)
        }
    };
    Some(change(part, &name, kind, sides, breaking))
}

fn table_of<'a>(facts: &'a mut Facts, part: &Part) -> &'a mut Vec<Field> {
    match part {
        Part::Answer(_) => &mut facts.responses[0].fields,
        Part::Structure(name, _) => {
            &mut facts
                .schemas
                .iter_mut()
                .find(|schema| schema.name == *name)
                .unwrap()
                .fields
        }
        _ => &mut facts.parameters,
    }
}

/// The bounds as reports have them.
fn range(field: &Field) -> Option<String> {
    let side = |number: Option<String>| number.unwrap_or_default();
    let bounds = |least: Option<String>, most: Option<String>| {
        (least.is_some() || most.is_some()).then(|| format!("{}..{}", side(least), side(most)))
    };
    let value = bounds(
        field.minimum.as_ref().map(ToString::to_string),
        field.maximum.as_ref().map(ToString::to_string),
    );
    let length = bounds(
        field.min_length.map(|length| length.to_string()),
        field.max_length.map(|length| length.to_string()),
    );
    let parts: Vec<String> = [value, length.map(|length| format!("{length} characters"))]
        .into_iter()
        .flatten()
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
