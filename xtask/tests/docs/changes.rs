//! Single changes of the pages: what is told of them, and how much they weigh.

use xtask::docs::change::{Change, Kind};
use xtask::docs::diff;
use xtask::docs::facts::{Facts, Field, Location, Response, Schema};

/// What a page has changed whose text `from` became `to`, everywhere.
fn changed(name: &str, from: &str, to: &str) -> Vec<Change> {
    let text = crate::text(name);
    assert!(text.contains(from), "{name} does not contain {from:?}");
    let facts = crate::read(&text).facts;
    diff::changes(&facts, &crate::read(&text.replace(from, to)).facts)
}

/// The kind, both sides, and whether it is breaking.
fn told(changes: &[Change]) -> Vec<(Kind, Option<&str>, Option<&str>, bool)> {
    let told = |change: &Change| change.is_breaking();
    let changes = changes.iter();
    changes
        .map(|change| {
            (
                change.kind,
                change.from.as_deref(),
                change.to.as_deref(),
                told(change),
            )
        })
        .collect()
}

#[test]
fn a_structure_with_another_name_is_one_change() {
    let changes = changed("dws.txt", "IdentitySourceSyncRecordVo", "SyncRecord");
    let expected = (
        Kind::Renamed,
        Some("IdentitySourceSyncRecordVo"),
        Some("SyncRecord"),
        true,
    );
    assert_eq!(told(&changes), [expected]);
}

#[test]
fn statuses_weigh_if_they_mean_success() {
    let changes = changed("dws.txt", "\n417\n", "\n404\n");
    let expected = [
        (Kind::StatusCode, Some("417"), None, false),
        (Kind::StatusCode, None, Some("404"), false),
    ];
    assert_eq!(told(&changes), expected);
    let changes = changed("dws.txt", "\n200\n", "\n202\n");
    let expected = [
        (Kind::StatusCode, Some("200"), None, true),
        (Kind::StatusCode, None, Some("202"), true),
    ];
    assert_eq!(told(&changes), expected);
}

#[test]
fn a_path_with_another_parameter_is_told_once() {
    let both = changed("dws.txt", "project_id", "tenant_id");
    let renamed = (Kind::Renamed, Some("project_id"), Some("tenant_id"), true);
    assert_eq!(told(&both), [renamed]);
    let alone = changed("dws.txt", "{project_id}", "{tenant_id}");
    let path =
        |name: &str| format!("/v1/{{{name}}}/clusters/{{cluster_id}}/db-manager/sync-records");
    let (old, new) = (path("project_id"), path("tenant_id"));
    let expected = (Kind::Renamed, Some(&old[..]), Some(&new[..]), true);
    assert_eq!(told(&alone), [expected]);
}

#[test]
fn a_range_weighs_where_something_that_is_sent_falls_out_of_it() {
    let cases = [
        ("dws.txt", "Greater than 0", "Greater than 1", true),
        (
            "dws.txt",
            "Greater than 0",
            "Greater than or equal to 0",
            false,
        ),
        ("dws.txt", "Greater than 0", "1 to 1000", true),
        (
            "mrs.txt",
            "1 to 64 characters. Only letters and",
            "1 to 63 characters. Only letters and",
            true,
        ),
        (
            "mrs.txt",
            "1 to 64 characters. Only letters and",
            "1 to 65 characters. Only letters and",
            false,
        ),
        ("mrs.txt", ", and hyphens (-)", "", true),
        ("mrs.txt", "Only letters and digits are allowed.", "", false),
        (
            "dataarts-studio.txt",
            "`schedule_start_hour` stands for. The value ranges from 0 to 23",
            "`schedule_start_hour` stands for. The value ranges from 1 to 12",
            false,
        ),
    ];
    for (name, from, to, breaking) in cases {
        let changes = changed(name, from, to);
        let found: Vec<_> = changes
            .iter()
            .map(|change| (change.kind, change.is_breaking()))
            .collect();
        assert_eq!(
            found,
            [(Kind::Range, breaking)],
            "{from} → {to}: {changes:?}"
        );
    }
}

#[test]
fn the_first_values_of_a_parameter_take_away_all_others() {
    let list = "stands for.\n\n  • ONE: one\n\n  • TWO: two\n\nsync_status";
    let changes = changed("dataarts-studio.txt", "stands for.\n\nsync_status", list);
    let expected = [
        (Kind::Enum, None, Some("ONE"), true),
        (Kind::Enum, None, Some("TWO"), true),
    ];
    assert_eq!(told(&changes), expected);
    let changes = changed(
        "dataarts-studio.txt",
        "  • CLUSTER_NAME",
        "  • HALF: in words\n\n  • CLUSTER_NAME",
    );
    assert_eq!(told(&changes), [(Kind::Enum, None, Some("HALF"), false)]);
}

#[test]
fn the_case_of_a_header_does_not_matter() {
    let changes = changed("dataarts-studio.txt", "X-Auth-Token", "x-auth-token");
    let expected = (
        Kind::Renamed,
        Some("X-Auth-Token"),
        Some("x-auth-token"),
        false,
    );
    assert_eq!(told(&changes), [expected]);
}

/// A page whose structure goes this way.
fn page(location: Option<Location>, required: bool) -> Facts {
    let holder = Field {
        name: "things".to_owned(),
        location,
        kind: Some("Array of Thing objects".to_owned()),
        ..Field::default()
    };
    let field = Field {
        name: "colour".to_owned(),
        required: Some(required),
        kind: Some("String".to_owned()),
        ..Field::default()
    };
    let mut facts = Facts {
        schemas: vec![Schema {
            name: "Thing".to_owned(),
            fields: vec![field],
        }],
        ..Facts::default()
    };
    match location {
        Some(_) => facts.parameters.push(holder),
        None => facts.responses.push(Response {
            status: "200".to_owned(),
            fields: vec![holder],
        }),
    }
    facts
}

#[test]
fn a_field_of_a_structure_weighs_by_the_way_that_it_goes() {
    for (location, to_mandatory) in [(Some(Location::Body), true), (None, false)] {
        for required in [true, false] {
            let changes = diff::changes(&page(location, !required), &page(location, required));
            let found: Vec<_> = changes.iter().map(Change::is_breaking).collect();
            assert_eq!(found, [required == to_mandatory], "{changes:?}");
        }
    }
}

#[test]
fn a_name_that_is_alike_counts_for_more_than_the_place() {
    let text = crate::text("dws.txt");
    let facts = crate::read(&text).facts;
    let text = text
        .replace("\nstart_time\n", "\nfinish_time_ms\n")
        .replace("\nend_time\n", "\nstart_time_ms\n")
        .replace("\nfinish_time_ms\n", "\nend_time_ms\n");
    let changes = diff::changes(&facts, &crate::read(&text).facts);
    let expected = [
        (
            Kind::Renamed,
            Some("start_time"),
            Some("start_time_ms"),
            true,
        ),
        (Kind::Renamed, Some("end_time"), Some("end_time_ms"), true),
    ];
    assert_eq!(told(&changes), expected);
}
