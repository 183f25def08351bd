//! Single edits of a page: what is reported, and nothing else.

use xtask::facts::diff::changes;

use crate::render::{FORMS, render};
use crate::{facts, read, text};

/// A page, an edit of it, and the one change that is reported: kind, message and weight.
const EDITS: &str = r"
dws | \nDefault Value\n\n1000\n | \nDefault Value\n\n500\n | default | query parameter `limit`: 1000 → 500 | breaking
dws | Greater than 0 | Greater than 1 | range | query parameter `limit` minimum: 1 → 2 | breaking
dws | Greater than 0 | Greater than or equal to 0 | range | query parameter `limit` minimum: 1 → 0 | harmless
dws | Greater than 0 | From 1 to 1,000 | range | query parameter `limit` maximum: now 1000 | breaking
dws | limit\n\nNo\n | limit\n\nYes\n | mandatory | query parameter `limit`: false → true | breaking
dws | limit\n\nNo\n\nInteger | limit\n\nNo\n\nString | type | query parameter `limit`: Integer → String | breaking
dws | limit\n\nNo\n\nInteger | limit\n\nNo\n\nLong | type | query parameter `limit`: Integer → Long | harmless
dws | start_time\n\nLong | start_time\n\nString | type | field `start_time` of `IdentitySourceSyncRecordVo`: Long → String | breaking
dws | 417\n\nIn words.\n\n |  | status_code | status codes: no longer 417 | harmless
dws | 417\n | 417\n\nIn words.\n\n503\n | status_code | status codes: now 503 | harmless
dws | 200\n\nIn words.\n\n400\n | 200\n\nIn words.\n\n202\n\nIn words.\n\n400\n | status_code | status codes: now 202 | breaking
dws | sync-records\n\nTable 1 | records\n\nTable 1 | path | path: /v1/{project_id}/clusters/{cluster_id}/db-manager/sync-records → /v1/{project_id}/clusters/{cluster_id}/db-manager/records | breaking
mrs | 1 to 64 characters. Only letters and | 1 to 63 characters. Only letters and | range | path parameter `project_id` maxLength: 64 → 63 | breaking
mrs | , and hyphens (-) |  | range | path parameter `cluster_id` pattern: A-Za-z0-9_- → A-Za-z0-9_ | breaking
mrs | Only letters and digits are allowed. |  | range | path parameter `project_id` pattern: no longer A-Za-z0-9 | harmless
mrs | is_synchronizing\n\nBoolean | is_synchronizing\n\nObject | type | field `is_synchronizing` of the response 200: Boolean → Object | breaking
dataarts-studio |   • UPDATE_TIME: in words\n\n |  | enum | query parameter `order_by`: no longer UPDATE_TIME | breaking
dataarts-studio |   • CLUSTER_NAME: in |   • ID: in words\n\n  • CLUSTER_NAME: in | enum | query parameter `order_by`: now ID | harmless
dataarts-studio | `cluster_name` stands for.\n\nsync_status | `cluster_name` stands for.\n\n  • ONE: in words\n\nsync_status | enum | query parameter `cluster_name`: now ONE | breaking
dataarts-studio | hour` stands for. The value ranges from 0 to 23.\n\nschedule_end | hour` stands for. The value ranges from 1 to 23.\n\nschedule_end | range | field `schedule_start_hour` of `MemberSyncTask` minimum: 0 → 1 | harmless
";

/// The parts of a row of a table. An empty part stands for nothing, and `\n` for the end of a line.
fn parts(row: &str) -> Vec<String> {
    let parts = row.split(" | ");
    parts
        .map(|part| part.replace("\\n", "\n").replace("\\x7c", "|"))
        .collect()
}

#[test]
fn each_edit_of_a_page_is_one_change_in_every_form() {
    for edit in EDITS.trim_matches('\n').lines() {
        let [name, from, to, kind, message, weight] = &parts(edit)[..] else {
            panic!("{edit}");
        };
        let copied = text(&format!("{name}.txt"));
        assert!(copied.contains(from), "{edit}");
        let edited = copied.replace(from, to);
        let known = facts(&copied);
        let forms = FORMS.map(|form| render(&edited, form));
        for page in [edited].iter().chain(&forms) {
            let found = changes(&known, &facts(page));
            let [change] = &found[..] else {
                panic!("{edit}: {found:#?}\n{page}");
            };
            assert_eq!(change.message(), *message, "{edit}");
            assert_eq!(
                (change.kind, change.breaking),
                (kind.as_str(), weight == "breaking"),
                "{edit}"
            );
        }
    }
}

#[test]
fn a_page_with_another_day_or_case_of_headers_has_not_changed() {
    let copied = text("dataarts-studio.txt");
    let later = copied.replace("2025-11-17", "2026-11-17");
    let later = later.replace("X-Auth-Token", "x-auth-token");
    assert_eq!(changes(&facts(&copied), &facts(&later)), []);
}

/// A page, an edit that leaves something which cannot be read, a text on its line, and what is said of it.
const BLOTS: &str = r#"
dws.txt | offset\n\nNo\n\nInteger | offset\n\nNo\n\nIntegr | offset | the row `offset` does not fit its columns
dws.txt | limit\n\nNo\n\nInteger | limit\n\nInteger | limit | the row `limit` does not fit its columns
dws.txt | add_count\n\nInteger | add_count | add_count | the row `add_count` does not fit its columns
dws.txt | end_time\n\nLong | end time\n\nLong | end time | `end time` is not known in the column Name
dws.txt | end_time\n\nLong | start_time\n\nLong | start_time\n\nLong\n\nDefinition\n\nWhat `end | `start_time` is described twice
dws.txt | Query Parameters\n\nParameter | Query Parameters\n\nParameters | Table 2 | no table that can be read follows the caption `Query Parameters`
dws.txt | Table 2 Query Parameters | Table 2 Other Parameters | Parameter\n\nMandatory\n\nType\n\nDescription\n\noffset | it is not known what this table holds
dws.txt | Table 4 IdentitySourceSyncRecordVo | Table 4 Other | LAST | the structure `IdentitySourceSyncRecordVo` is not described
dws.txt | Greater than 0 | Beyond 0 | Beyond | `limit`: the range `Beyond 0` is not understood
dws.txt | \n1000\n | \n1000 records\n | 1000 records | the default `1000 records` is not one value
dws.txt | \n417\n | \n41\n | 41\n | the row `41` does not fit its columns
dws.txt | "count": 1 | "count": one | {\n | this example is not JSON
dws.txt | /{cluster_id}/db | /{id}/db | GET /v1/{project_id} | `{id}` of the path is not described
dataarts-studio.txt |   • CREATE_TIME: in words |   • The list goes on below. | What `order_by` | the item `The list goes on below.` names no value
audit-log.html | <p>Integer</p> | <p>Whole</p> | <p>Whole</p> | `Whole` is not known in the column Type
audit-log.md | \x7c count \x7c Integer \x7c | \x7c count \x7c \x7c | \x7c count | `` is not known in the column Type
audit-log.md | \x7c count \x7c Integer \x7c | \x7c count \x7c | \x7c count | is not known in the column Type
"#;

#[test]
fn what_cannot_be_read_is_named_with_its_line() {
    for blot in BLOTS.trim_matches('\n').lines() {
        let [name, from, to, at, message] = &parts(blot)[..] else {
            panic!("{blot}");
        };
        let whole = text(name);
        assert!(whole.contains(from), "{blot}");
        let page = whole.replacen(from, to, 1);
        let (_, unread) = read(&page);
        let place = page.find(at).unwrap_or(page.trim_end().len());
        let line = 1 + page[..place].matches('\n').count();
        let told = |(known, text): &(usize, String)| *known == line && text.contains(message);
        assert!(unread.iter().any(told), "{blot} at {line}: {unread:#?}");
    }
}
