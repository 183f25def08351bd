//! The documents beside their facts: whatever they state otherwise is found.

use xtask::codegen::services::{SERVICES, Service};
use xtask::codegen::spec::Document;
use xtask::docs::{check, lock};
use xtask::workspace_root;

fn service(name: &str) -> &'static Service {
    SERVICES
        .iter()
        .find(|service| service.module == name)
        .expect("a service")
}

/// What is found after a text of the document was replaced.
pub(crate) fn found(name: &str, from: &str, to: &str) -> Vec<String> {
    let service = service(name);
    let root = workspace_root();
    let text = std::fs::read_to_string(root.join(service.file)).expect("a document");
    assert!(
        text.contains(from),
        "{} does not contain {from:?}",
        service.file
    );
    let document =
        Document::parse(service.file, text.replacen(from, to, 1).as_bytes()).expect("a document");
    let facts = lock::read(&root, service).expect("a lock");
    check::compare(&document, service, &facts)
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn the_documents_state_what_their_pages_state() {
    let said = check::check(&workspace_root()).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(said, "3 documents state what their pages state");
}

/// A document, what to replace in it by what, and what has to be found.
const CASES: &[(&str, &str, &str, &str)] = &[
    (
        "dws",
        "minimum: 1\n",
        "minimum: 2\n",
        "`minimum` is 2, but the page says 1",
    ),
    (
        "dws",
        "            minimum: 1\n",
        "",
        "`minimum` is missing, but the page says 1",
    ),
    (
        "dws",
        "            default: 1000\n",
        "            default: 100\n",
        "`default` is 100",
    ),
    (
        "dws",
        "            default: 1000\n",
        "            default: 1000\n            maximum: 1000\n",
        "does not state `maximum`",
    ),
    (
        "dws",
        "        - name: limit\n",
        "        - name: size\n",
        "lacks the query parameter `limit`",
    ),
    (
        "dws",
        "        - name: limit\n",
        "        - name: size\n",
        "does not state the query parameter `size`",
    ),
    (
        "dws",
        "          required: false\n",
        "          required: true\n",
        "`required` is true, but the page says false",
    ),
    (
        "dws",
        "        fail_reason:\n",
        "        reason:\n",
        "lacks the field `fail_reason`",
    ),
    (
        "dws",
        "        fail_reason:\n",
        "        reason:\n",
        "does not state the field `reason`",
    ),
    (
        "dws",
        "        add_count:\n          type: integer\n          format: int64\n",
        "        add_count:\n          type: string\n",
        "has another type than the page, which writes `Integer`",
    ),
    (
        "dws",
        "        start_time:\n          type: integer\n          format: int64\n",
        "        start_time:\n          type: integer\n          format: int32\n",
        "has another type than the page, which writes `Long`",
    ),
    (
        "dws",
        "        \"417\":\n",
        "        \"418\":\n",
        "lacks the status 417",
    ),
    (
        "dws",
        "        \"417\":\n",
        "        \"418\":\n",
        "does not state the answer 418",
    ),
    (
        "dws",
        "    IdentitySourceSyncRecordVo:\n",
        "    Record:\n",
        "lacks the schema `IdentitySourceSyncRecordVo`",
    ),
    (
        "dws",
        "How many entries the run added, 0 or more.",
        "How many entries the run added.",
        "does not name the bound 0",
    ),
    (
        "dws",
        "page as of 2025-09-19",
        "page as of 2024-09-19",
        "does not name the day of the page, 2025-09-19",
    ),
    (
        "dws",
        "      type: object\n      description: One page of synchronization records.\n",
        "      type: object\n      required: [count]\n      description: One page of synchronization records.\n",
        "does not state that it is always there",
    ),
    (
        "dataarts_studio",
        "        - SYNC_FAIL\n",
        "        - SYNC_FAILED\n",
        "lacks the value `SYNC_FAIL`",
    ),
    (
        "dataarts_studio",
        "        - SYNC_FAIL\n",
        "        - SYNC_FAIL\n        - SYNC_HALF\n",
        "does not state the value `SYNC_HALF`",
    ),
    (
        "dataarts_studio",
        "        - SYNC_TIME\n",
        "        - SYNC_TIMES\n",
        "lacks the value `SYNC_TIME`",
    ),
    (
        "dataarts_studio",
        "        - DWS\n",
        "        - DLI\n",
        "lacks the value `GaussDB(DWS) cluster`",
    ),
    (
        "dataarts_studio",
        "Hour, from 0 to 23, at which the daily window of the schedule opens",
        "Hour, at which the daily window of the schedule opens",
        "does not name the bound 23",
    ),
    (
        "dataarts_studio",
        "$ref: \"#/components/schemas/MemberSyncTask\"\n",
        "type: object\n",
        "has another type than the page",
    ),
    (
        "dataarts_studio",
        "      name: X-Auth-Token\n",
        "      name: X-Token\n",
        "lacks the header parameter `X-Auth-Token`",
    ),
    (
        "mrs",
        "            maxLength: 64\n",
        "            maxLength: 65\n",
        "`maxLength` is 65, but the page says 64",
    ),
    ("mrs", "^[A-Za-z0-9]+$", "^[a-z0-9]+$", "`pattern` is"),
    (
        "mrs",
        "        is_synchronizing:\n",
        "        is-synchronizing:\n",
        "lacks the field `is_synchronizing`",
    ),
];

#[test]
fn each_statement_that_differs_from_the_page_is_found_at_its_line() {
    for &(name, from, to, message) in CASES {
        let found = found(name, from, to);
        let told = found.iter().find(|problem| problem.contains(message));
        let told = told.unwrap_or_else(|| panic!("{name}: {from:?} → {to:?}: {found:#?}"));
        let place = told
            .strip_prefix(service(name).file)
            .and_then(|rest| rest.strip_prefix(':'));
        assert!(
            place.is_some_and(|rest| rest.starts_with(|char: char| char.is_ascii_digit())),
            "{told}"
        );
    }
}

#[test]
fn a_mark_that_is_missing_is_found() {
    let marks = [
        (
            "dws",
            "            safely (inferred).\n          x-inferred: true\n",
            "            safely (inferred).\n",
            "does not state `pattern`",
        ),
        (
            "dws",
            "are the values in the vendor's SDK (inferred).\n      x-inferred: true\n",
            "are the values in the vendor's SDK (inferred).\n",
            "does not state the value `RUNNING`",
        ),
        (
            "mrs",
            "          x-inferred: true\n          content:",
            "          content:",
            "does not state the answer 400",
        ),
        (
            "dataarts_studio",
            "          description: Identifier to give to support. Sent by the gateway only (inferred).\n          x-inferred: true\n",
            "          description: Identifier.\n",
            "does not state the field `request_id`",
        ),
    ];
    for (name, from, to, message) in marks {
        let found = found(name, from, to);
        assert!(
            found.iter().any(|problem| problem.contains(message)),
            "{name}: {message}: {found:#?}"
        );
    }
}
