//! One page in every form, and what the form must not change.

use xtask::facts::Facts;

use crate::render::{FORMS, render};
use crate::{PAGES, facts, root, text};

#[test]
fn the_kept_facts_are_what_the_pages_state() {
    for name in PAGES {
        let document = format!("openapi/{}", name.replace(".txt", ".yaml"));
        let kept = Facts::load(&root(), &document).expect("facts");
        assert_eq!(facts(&text(name)), kept, "{name}");
    }
}

#[test]
fn every_form_of_a_page_states_the_same() {
    for name in PAGES {
        let copied = text(name);
        for form in FORMS {
            let other = render(&copied, form);
            assert_eq!(facts(&other), facts(&copied), "{form:?}\n{other}");
        }
    }
}

#[test]
fn pages_saved_by_other_programs_state_the_same() {
    let first = facts(&text("audit-log.flat.txt"));
    for name in ["audit-log.md", "audit-log.html"] {
        assert_eq!(facts(&text(name)), first, "{name}");
    }
    assert_eq!(first.schemas[0].fields.len(), 8);
}
