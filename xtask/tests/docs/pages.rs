//! The three pages: what they state is what is locked.

use std::path::Path;

use xtask::docs::{contract, lock};
use xtask::workspace_root;

use crate::{read, text};

#[test]
fn the_locks_hold_exactly_what_the_pages_state() {
    for name in ["dataarts-studio", "dws", "mrs"] {
        let mut facts = read(&text(&format!("{name}.txt"))).facts;
        let service = contract::service(&facts.method, &facts.path).expect("a service");
        let lock = lock::read(&workspace_root(), service).expect("a lock");
        facts.examples.clear();
        assert_eq!(facts, lock, "{name}");
        assert_eq!(Path::new(&lock::file(service)).file_stem().unwrap(), name);
    }
}

#[test]
fn nothing_on_the_pages_is_unreadable_or_doubtful() {
    for name in ["dataarts-studio", "dws", "mrs"] {
        assert_eq!(read(&text(&format!("{name}.txt"))).remarks, [], "{name}");
    }
}

#[test]
fn the_published_form_has_the_documented_keys() {
    let facts = read(&text("dws.txt")).facts.published();
    let keys = |value: &serde_json::Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(
        keys(&facts),
        "examples method parameters path responses schemas status_codes title"
    );
    assert_eq!(
        keys(&facts["parameters"][0]),
        "default enum in minimum name required type"
    );
    assert_eq!(keys(&facts["responses"][0]), "fields status");
    assert_eq!(keys(&facts["responses"][0]["fields"][0]), "enum name type");
    assert_eq!(
        keys(&facts["schemas"][0]["fields"][0]),
        "enum name required type"
    );
    assert_eq!(facts["parameters"][3]["default"], "1000");
    assert_eq!(facts["parameters"][3]["minimum"], 1);
    assert_eq!(facts["examples"][0]["count"], 1);
}
