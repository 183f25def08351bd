//! One page in every layout.

use xtask::docs::facts::{Facts, Location};
use xtask::docs::page;

use crate::render::{self, FAMILIES, LAYOUTS};
use crate::{comparable, read, text};

const AUDIT_LOG: [&str; 4] = [
    "audit-log.flat.txt",
    "audit-log.pipe.txt",
    "audit-log.md",
    "audit-log.html",
];

#[test]
fn all_layouts_of_a_page_state_the_same() {
    let first = read(&text(AUDIT_LOG[0]));
    for name in AUDIT_LOG {
        let reading = read(&text(name));
        assert_eq!(
            comparable(&reading.facts),
            comparable(&first.facts),
            "{name}"
        );
        assert_eq!(reading.remarks, [], "{name}");
    }
}

#[test]
fn a_page_without_captions_still_tells_what_its_tables_hold() {
    let facts = read(&text("audit-log.pipe.txt")).facts;
    let places: Vec<_> = facts
        .parameters
        .iter()
        .map(|field| (field.name.as_str(), field.location))
        .collect();
    assert_eq!(
        places,
        [
            ("project_id", Some(Location::Path)),
            ("cluster_id", Some(Location::Path))
        ]
    );
    assert_eq!(facts.responses[0].fields.len(), 3);
    assert_eq!(
        (
            facts.schemas[0].name.as_str(),
            facts.schemas[0].fields.len()
        ),
        ("AuditDumpRecord", 8)
    );
    assert_eq!(
        facts.status_codes,
        ["200", "400", "401", "403", "404", "500", "503"]
    );
    assert_eq!(facts.examples.len(), 1);
}

#[test]
fn the_three_pages_state_the_same_in_every_layout_and_family_of_words() {
    for name in ["dataarts-studio.txt", "dws.txt", "mrs.txt"] {
        let facts = read(&text(name)).facts;
        for layout in LAYOUTS {
            for words in FAMILIES {
                let page = render::page(&facts, layout, &words);
                let reading = page::read("page", &page)
                    .unwrap_or_else(|error| panic!("{name} {layout:?}: {error}\n{page}"));
                assert_eq!(
                    comparable(&as_rendered(&reading.facts)),
                    comparable(&as_rendered(&facts)),
                    "{name} {layout:?} {words:?}\n{page}"
                );
            }
        }
    }
}

/// The facts without what the renderer leaves out, or what no reader can tell once the items of a list are joined.
fn as_rendered(facts: &Facts) -> Facts {
    let mut facts = facts.clone();
    let answers = facts.responses.iter_mut();
    let structures = facts.schemas.iter_mut();
    let fields = facts
        .parameters
        .iter_mut()
        .chain(answers.flat_map(|response| &mut response.fields))
        .chain(structures.flat_map(|schema| &mut schema.fields));
    for field in fields {
        field.characters = None;
        field.values.retain(|value| !value.contains(' '));
    }
    facts
}
