//! Random pages and random changes of them: none is missed, and nothing else is reported.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use xtask::docs::change::Change;
use xtask::docs::facts::{Facts, Field, Location, Response, Schema};
use xtask::docs::{diff, page};

use crate::comparable;
use crate::fates::{fates, strike};
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
