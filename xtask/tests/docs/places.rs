//! Where a report says that the document has to be edited.

use serde_json::Value;
use xtask::docs::{drift, page};
use xtask::workspace_root;

/// The report of a page whose text `from` became `to`, once.
fn report(name: &str, from: &str, to: &str) -> Value {
    let text = crate::text(name);
    assert!(text.contains(from), "{name} does not contain {from:?}");
    let reading = page::read(name, &text.replacen(from, to, 1)).expect("a page");
    let drift = drift::compare(&workspace_root(), name, &reading).expect("a comparison");
    serde_json::from_str(&drift.json()).expect("JSON")
}

/// A page, what of it to replace by what, and where the only change belongs.
const CASES: &[(&str, &str, &str, &str)] = &[
    (
        "mrs.txt",
        "1 to 64 characters. Only letters and",
        "1 to 65 characters. Only letters and",
        "get.parameters.0.schema.maxLength",
    ),
    (
        "mrs.txt",
        "Only letters and digits are allowed.",
        "",
        "get.parameters.0.schema.pattern",
    ),
    (
        "dws.txt",
        "Greater than 0",
        "1 to 500",
        "get.parameters.3.schema",
    ),
    (
        "dataarts-studio.txt",
        "The value ranges from 0 to 23",
        "The value ranges from 0 to 24",
        "components.schemas.MemberSyncTask.properties.schedule_start_hour.description",
    ),
    (
        "dataarts-studio.txt",
        "  • UPDATE_TIME: in words\n\n",
        "",
        "components.schemas.TaskOrderBy.enum.2",
    ),
    (
        "dataarts-studio.txt",
        "  • UPDATE_TIME: in words",
        "  • UPDATE_TIME: in words\n\n  • ID: in words",
        "components.schemas.TaskOrderBy.enum",
    ),
    (
        "dws.txt",
        "{project_id}",
        "{tenant_id}",
        "paths./v1/{project_id}/clusters/{cluster_id}/db-manager/sync-records",
    ),
    (
        "dws.txt",
        "\"add_count\": 3",
        "\"add_count\": \"three\"",
        "components.schemas.IdentitySourceSyncRecordVo.properties.add_count",
    ),
    (
        "dws.txt",
        "\"count\": 1",
        "\"count\": [1]",
        "components.schemas.SyncRecordPage.properties.count",
    ),
];

#[test]
fn a_change_leads_to_the_line_that_it_is_about() {
    let root = workspace_root();
    for &(name, from, to, place) in CASES {
        let report = report(name, from, to);
        assert_eq!(
            report["changes"].as_array().map(Vec::len),
            Some(1),
            "{report:#}"
        );
        let change = &report["changes"][0];
        let path = change["path"].as_str().expect("a path");
        assert!(path.ends_with(place), "{from} → {to}: {path}");
        let file = change["file"].as_str().expect("a file");
        let document = std::fs::read_to_string(root.join(file)).expect("a document");
        let line = usize::try_from(change["line"].as_u64().expect("a line")).expect("a line");
        let line = document.lines().nth(line - 1).expect("a line");
        let key = place.rsplit('.').next().expect("a key");
        // An item of a list has its value on the line instead of its number.
        assert!(
            line.contains(key) || line.contains("- UPDATE_TIME"),
            "{line}"
        );
    }
}

#[test]
fn an_answer_that_came_belongs_among_the_others() {
    let report = report("dws.txt", "Status code: 200", "Status code: 202");
    let changes = report["changes"].as_array().expect("changes");
    let found: Vec<_> = changes
        .iter()
        .map(|change| {
            (
                change["kind"].as_str(),
                change["path"]
                    .as_str()
                    .map(|path| path.ends_with("get.responses")),
            )
        })
        .collect();
    assert_eq!(
        found,
        [(Some("removed"), Some(false)), (Some("added"), Some(true))]
    );
}

#[test]
fn an_example_of_an_answer_that_is_not_described_does_not_decode() {
    let text = crate::text("dws.txt");
    let examples = text.find("Example Responses").expect("examples");
    let (before, behind) = text.split_at(examples);
    let text = format!(
        "{before}{}",
        behind.replace("Status code: 200", "Status code: 302")
    );
    let reading = page::read("page", &text).expect("a page");
    let drift = drift::compare(&workspace_root(), "page", &reading).expect("a comparison");
    let messages: Vec<String> = drift
        .changes
        .iter()
        .map(|(change, _)| change.message())
        .collect();
    assert!(
        matches!(messages.as_slice(), [message] if message.contains("the document describes no such answer")),
        "{messages:?}"
    );
}
