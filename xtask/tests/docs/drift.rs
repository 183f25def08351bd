//! Random pages and random changes of them: none is missed, and nothing else is reported.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use xtask::docs::change::{Change, Kind, Part};
use xtask::docs::facts::{Facts, Field, Location, Response, Schema};
use xtask::docs::{diff, page};

use crate::comparable;
use crate::render::{self, FAMILIES, LAYOUTS};

/// Names with a mark inside, as most have.
fn name() -> impl Strategy<Value = String> {
    "[a-z]{2,6}_[a-z]{2,6}"
}

fn field() -> impl Strategy<Value = Field> {
    let values = vec("[A-Z]{2,7}(_[A-Z]{2,5})?", 2..5);
    let range = (0_u32..50, 50_u32..1000, any::<(bool, bool)>());
    let kind = select(vec![
        "String",
        "Integer",
        "Long",
        "Boolean",
        "Array of strings",
    ]);
    (
        name(),
        any::<bool>(),
        kind,
        proptest::option::of("v[0-9]{1,4}"),
        range,
        values,
        any::<bool>(),
    )
        .prop_map(
            |(
                name,
                required,
                kind,
                default,
                (least, most, (has_least, has_most)),
                mut values,
                lists,
            )| {
                values.sort();
                values.dedup();
                let numeric = ["Integer", "Long"].contains(&kind);
                let lists = kind == "String" && lists && values.len() > 1;
                Field {
                    name,
                    location: None,
                    required: Some(required),
                    kind: Some(kind.to_owned()),
                    default,
                    minimum: (numeric && has_least).then(|| least.into()),
                    maximum: (numeric && has_most).then(|| most.into()),
                    min_length: (kind == "String" && !lists && has_least).then(|| least.into()),
                    max_length: (kind == "String" && !lists && has_least).then(|| most.into()),
                    characters: None,
                    values: if lists { values } else { Vec::new() },
                }
            },
        )
}

/// A table: fields of different names.
fn table(flagged: bool) -> impl Strategy<Value = Vec<Field>> {
    vec(field(), 1..6).prop_map(move |mut fields| {
        for (index, field) in fields.iter_mut().enumerate() {
            field.name = format!("{}_{}", field.name, ["a", "b", "c", "d", "e", "f"][index]);
            if !flagged {
                field.required = None;
            }
        }
        fields
    })
}

fn facts() -> impl Strategy<Value = Facts> {
    let codes = select(vec![
        vec!["200"],
        vec!["200", "400"],
        vec!["200", "401", "500"],
    ]);
    (
        table(true),
        table(true),
        table(false),
        table(false),
        table(false),
        codes,
    )
        .prop_map(|(path, query, answer, one, other, codes)| {
            let mut facts = Facts {
                title: "Listing Things".to_owned(),
                method: "GET".to_owned(),
                date: Some("2026-01-02".to_owned()),
                ..Facts::default()
            };
            let holders: Vec<String> = path
                .iter()
                .map(|field| format!("{{{}}}", field.name))
                .collect();
            facts.path = format!("/v1/{}", holders.join("/"));
            let place = |location: Location| {
                move |field: Field| Field {
                    location: Some(location),
                    ..field
                }
            };
            let query = query.into_iter().map(|field| Field {
                name: format!("q_{}", field.name),
                ..field
            });
            facts.parameters = path
                .into_iter()
                .map(place(Location::Path))
                .chain(query.map(place(Location::Query)))
                .collect();
            let refer = |name: &str, kind: &str| Field {
                name: name.to_owned(),
                kind: Some(kind.to_owned()),
                ..Field::default()
            };
            let mut answer = answer;
            answer.push(refer("first_things", "Array of FirstThing objects"));
            answer.push(refer("other_thing", "OtherThing object"));
            facts.responses = vec![Response {
                status: "200".to_owned(),
                fields: answer,
            }];
            facts.schemas = vec![
                Schema {
                    name: "FirstThing".to_owned(),
                    fields: one,
                },
                Schema {
                    name: "OtherThing".to_owned(),
                    fields: other,
                },
            ];
            facts.status_codes = codes.into_iter().map(str::to_owned).collect();
            facts
        })
}

/// What can happen to a row.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Removed,
    Renamed,
    Retyped,
    Flipped,
    Bounded,
    Defaulted,
    Valued,
    Joined,
}

fn fates() -> impl Strategy<Value = Vec<(Index, Fate)>> {
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

/// Lets fate strike, at most one row of each table, and tells what has to be reported.
fn strike(facts: &mut Facts, fates: &[(Index, Fate)]) -> Vec<Change> {
    let mut expected = Vec::new();
    let mut gone = Vec::new();
    let mut joined = Vec::new();
    for ((part, mut fields), (index, fate)) in tables(facts).into_iter().zip(fates) {
        if fields.is_empty() {
            continue;
        }
        let row = index.index(fields.len());
        let field = &mut *fields[row];
        let mut note = |kind: Kind, from: Option<String>, to: Option<String>| {
            expected.push(Change {
                part: part.clone(),
                name: Some(field.name.clone()),
                kind,
                from,
                to,
            });
        };
        match fate {
            Fate::Removed => {
                note(Kind::Removed, None, None);
                gone.push((part.clone(), field.name.clone()));
            }
            Fate::Renamed => {
                let new = format!("{}_new", field.name);
                note(Kind::Renamed, Some(field.name.clone()), Some(new.clone()));
                field.name = new;
            }
            Fate::Retyped => {
                let new = if field.kind.as_deref() == Some("Integer") {
                    "Long"
                } else {
                    "Integer"
                };
                let had = range(field);
                note(Kind::Type, field.kind.clone(), Some(new.to_owned()));
                field.kind = Some(new.to_owned());
                assert_eq!(had, range(field));
            }
            Fate::Flipped => {
                if let Some(required) = field.required {
                    note(
                        Kind::Mandatory,
                        Some(required.to_string()),
                        Some((!required).to_string()),
                    );
                    field.required = Some(!required);
                }
            }
            Fate::Bounded => {
                if ["Integer", "Long"].contains(&field.kind.as_deref().unwrap()) {
                    let old = range(field);
                    field.minimum = Some(7777.into());
                    field.maximum = Some(8888.into());
                    note(Kind::Range, old, range(field));
                }
            }
            Fate::Defaulted => {
                note(
                    Kind::Default,
                    field.default.clone(),
                    Some("brandnew".to_owned()),
                );
                field.default = Some("brandnew".to_owned());
            }
            Fate::Valued => {
                if !field.values.is_empty() {
                    note(Kind::Enum, None, Some("BRAND_NEW".to_owned()));
                    field.values.push("BRAND_NEW".to_owned());
                }
            }
            Fate::Joined => {
                let required = field.required.map(|_| "mandatory".to_owned());
                let new = Field {
                    name: "zz9_zz9".to_owned(),
                    location: field.location,
                    required: field.required.map(|_| true),
                    kind: Some("Date".to_owned()),
                    ..Field::default()
                };
                expected.push(Change {
                    part: part.clone(),
                    name: Some(new.name.clone()),
                    kind: Kind::Added,
                    from: None,
                    to: required,
                });
                joined.push((part.clone(), new));
            }
        }
    }
    for (part, name) in gone {
        table_of(facts, &part).retain(|field| field.name != name);
    }
    for (part, field) in joined {
        table_of(facts, &part).push(field);
    }
    expected.sort();
    expected
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

fn sorted(mut changes: Vec<Change>) -> Vec<Change> {
    changes.sort();
    changes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_change_of_facts_is_reported_and_nothing_else(facts in facts(), fates in fates()) {
        let mut changed = facts.clone();
        let expected = strike(&mut changed, &fates);
        prop_assert_eq!(sorted(diff::changes(&facts, &changed)), expected);
        prop_assert_eq!(diff::changes(&facts, &facts), []);
    }

    #[test]
    fn every_change_of_a_page_is_reported_in_every_layout(facts in facts(), fates in fates(), words in select(FAMILIES.to_vec())) {
        let mut changed = facts.clone();
        let expected = strike(&mut changed, &fates);
        for layout in LAYOUTS {
            let text = render::page(&changed, layout, &words);
            let reading = page::read("page", &text).expect("a page");
            prop_assert_eq!(comparable(&reading.facts), comparable(&changed), "{:?}\n{}", layout, text);
            prop_assert_eq!(&sorted(diff::changes(&facts, &reading.facts)), &expected, "{:?}", layout);
        }
    }

    #[test]
    fn what_is_no_page_is_refused_or_read_without_a_panic(text in "(?s)[ -~\n|•+=<>{}\\[\\]表状态码]{0,400}") {
        let text = format!("URI\nGET /v1/x\n{text}\nStatus Codes\nSee there.");
        let _ = page::read("page", &text);
        let _ = page::read("page", &format!("<!DOCTYPE html><h1>{text}"));
    }
}

#[test]
fn a_structure_with_another_name_is_one_change() {
    let facts = crate::read(&crate::text("dws.txt")).facts;
    let text = crate::text("dws.txt").replace("IdentitySourceSyncRecordVo", "SyncRecord");
    let changes = diff::changes(&facts, &crate::read(&text).facts);
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!(
        (changes[0].kind, changes[0].to.as_deref()),
        (Kind::Renamed, Some("SyncRecord"))
    );
}

#[test]
fn statuses_that_come_and_go_are_reported() {
    let facts = crate::read(&crate::text("dws.txt")).facts;
    let text = crate::text("dws.txt").replace("\n417\n", "\n404\n");
    let changes = diff::changes(&facts, &crate::read(&text).facts);
    let found: Vec<_> = changes
        .iter()
        .map(|change| {
            (
                change.kind,
                change.from.as_deref(),
                change.to.as_deref(),
                change.is_breaking(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (Kind::StatusCode, Some("417"), None, false),
            (Kind::StatusCode, None, Some("404"), false)
        ]
    );
}
