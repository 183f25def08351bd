//! One page in every form, and what the form must not change.

use serde_json::Value;
use xtask::facts::Facts;

use crate::render::{FORMS, render};
use crate::{PAGES, comparable, facts, root, text};

#[test]
fn the_kept_facts_are_what_the_pages_state() {
    for name in PAGES {
        let mut found = facts(&text(name));
        found.examples.clear();
        let service = found.service().expect("a service");
        let kept = Facts::load(&root(), service).expect("facts");
        assert_eq!(found, kept, "{name}");
    }
}

#[test]
fn every_form_of_a_page_states_the_same() {
    for name in PAGES {
        let copied = text(name);
        for form in FORMS {
            let other = render(&copied, form);
            assert_eq!(
                comparable(facts(&other)),
                comparable(facts(&copied)),
                "{form:?}\n{other}"
            );
        }
    }
}

#[test]
fn pages_saved_by_other_programs_state_the_same() {
    let first = comparable(facts(&text("audit-log.flat.txt")));
    for name in ["audit-log.pipe.txt", "audit-log.md", "audit-log.html"] {
        assert_eq!(comparable(facts(&text(name))), first, "{name}");
    }
    assert_eq!(first.schemas[0].fields.len(), 8);
    assert_eq!(first.examples.len(), 1);
}

#[test]
fn a_list_whose_items_were_joined_is_read_where_each_value_is_explained() {
    let joined = text("dataarts-studio.txt").replace("\n\n  • ", " ");
    let status = |facts: &Facts| facts.parameters[5].values.clone();
    assert_eq!(
        status(&facts(&joined)),
        status(&facts(&text("dataarts-studio.txt")))
    );
}

#[test]
fn the_published_form_has_the_documented_keys() {
    let published = facts(&text("dws.txt")).published();
    let keys = |value: &Value| {
        let members = value.as_object().expect("an object");
        members.keys().cloned().collect::<Vec<_>>().join(" ")
    };
    let parameter = &published["parameters"][3];
    let response = &published["responses"][0];
    let expected = "examples method parameters path responses schemas status_codes title";
    assert_eq!(keys(&published), expected);
    assert_eq!(
        keys(parameter),
        "default enum in minimum name required type"
    );
    assert_eq!(keys(response), "fields status");
    assert_eq!(keys(&response["fields"][0]), "enum name type");
    assert_eq!(
        keys(&published["schemas"][0]["fields"][0]),
        "enum name required type"
    );
    assert_eq!(
        (&parameter["default"], &parameter["minimum"]),
        (&"1000".into(), &1.into())
    );
    assert_eq!(published["examples"][0]["count"], 1);
}
