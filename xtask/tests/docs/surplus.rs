//! What a document states and no page does is found wherever it stands.

use crate::documents::found;

/// A text of the document of DWS, what to put before it, and what has to be found.
const BEFORE: &[(&str, &str, &str)] = &[
    (
        "        - name: limit\n",
        "        - name: crumb\n          in: cookie\n          schema:\n            type: string\n",
        "does not state the parameter `crumb`",
    ),
    (
        "        - name: limit\n",
        "        - $ref: \"#/components/parameters/Other\"\n",
        "does not state the parameter `#/components/parameters/Other`",
    ),
    (
        "        - name: limit\n",
        "        - name: offset\n          in: query\n          schema:\n            type: string\n",
        "is there twice",
    ),
    (
        "          description: Records per page",
        "          deprecated: true\n",
        "does not state `deprecated`",
    ),
    (
        "    get:\n",
        "    servers:\n      - url: https://dws.example.com\n",
        "does not state `servers`",
    ),
    (
        "    get:\n",
        "    parameters:\n      - name: other\n        in: query\n",
        "does not state `parameters`",
    ),
    (
        "    get:\n",
        "    post:\n      operationId: other\n",
        "does not state `post`",
    ),
    (
        "  /v1/{project_id}",
        "  /v1/other:\n    get:\n      operationId: other\n",
        "does not state the path `/v1/other`",
    ),
    (
        "      operationId: listSyncRecords\n",
        "      security: []\n",
        "does not state `security`",
    ),
    (
        "      operationId: listSyncRecords\n",
        "      callbacks: {}\n",
        "does not state `callbacks`",
    ),
    (
        "  - IamToken: []\n",
        "  - {}\n",
        "does not state that credentials can be left out",
    ),
    (
        "          description: The records were read.\n",
        "          headers:\n            X-Total:\n              schema:\n                type: string\n",
        "does not state the header `X-Total`",
    ),
    (
        "          description: The records were read.\n",
        "          links:\n            next:\n              operationId: listSyncRecords\n",
        "does not state the link `next`",
    ),
    (
        "            application/json:\n",
        "            text/plain: {}\n",
        "does not state the body `text/plain`",
    ),
    (
        "      description: One page of synchronization records.\n",
        "      additionalProperties: false\n",
        "does not state `additionalProperties`",
    ),
    (
        "            minimum: 1\n",
        "            not: {}\n",
        "does not state `not`",
    ),
    (
        "          description: Why the run failed",
        "          properties:\n            code:\n              type: string\n",
        "does not state `properties`",
    ),
    (
        "          description: Identifier of the record.\n",
        "          readOnly: true\n",
        "does not state `readOnly`",
    ),
    (
        "    RecordStatus:\n",
        "    Unused:\n      type: string\n      enum: [A]\n",
        "does not state the schema `Unused`",
    ),
    (
        "          description: Records per page",
        "          x-inferred: true\n          x-inferred-parts: [type, required]\n",
        "marks `required` as inferred, but the page states it",
    ),
];

#[test]
fn what_stands_where_no_page_speaks_is_found() {
    for &(at, put, message) in BEFORE {
        let found = found("dws", at, &format!("{put}{at}"));
        let told = found.iter().filter(|problem| problem.contains(message));
        let places = told.filter(|problem| problem.starts_with("openapi/dws.yaml:"));
        assert_eq!(places.count(), 1, "{put}: {found:#?}");
    }
}

#[test]
fn what_stands_where_no_page_speaks_can_be_marked() {
    let marked = "          headers:\n            X-Total:\n              x-inferred: true\n";
    let at = "          description: The records were read.\n";
    assert_eq!(found("dws", at, &format!("{marked}{at}")), [""; 0]);
    let at = "      description: One page of synchronization records.\n";
    let open = format!("      additionalProperties: true\n{at}");
    assert_eq!(found("dws", at, &open), [""; 0]);
}

#[test]
fn descriptions_name_the_numbers_of_parameters_and_the_day() {
    let cases = [
        (
            "Default 1000;",
            "Default 500;",
            "does not name the bound 1000",
        ),
        (
            "at least 1. Default",
            "few. Default",
            "does not name the bound 1 ",
        ),
        ("as of 2025-09-19", "", "does not name the day"),
        (
            "      externalDocs:\n        description: Reference page of 2025-09-19\n",
            "      externalDocs:\n",
            "does not name the day",
        ),
    ];
    for (from, to, message) in cases {
        let found = found("dws", from, to);
        assert!(
            found.iter().any(|problem| problem.contains(message)),
            "{from}: {found:#?}"
        );
    }
}

#[test]
fn values_that_a_page_lists_are_not_inferred() {
    let description = "      description: \"State of a task's last run.";
    let whole = format!("      x-inferred: true\n{description}");
    let problems = found("dataarts_studio", description, &whole);
    assert!(
        matches!(problems.as_slice(), [told] if told.contains("the page states the schema `SyncStatus`")),
        "{problems:#?}"
    );
    let description = "          description: Field to order by.";
    let parts =
        format!("          x-inferred: true\n          x-inferred-parts: [values]\n{description}");
    let problems = found("dataarts_studio", description, &parts);
    assert!(
        matches!(problems.as_slice(), [told] if told.contains("marks `values` as inferred")),
        "{problems:#?}"
    );
}

#[test]
fn a_value_that_no_page_lists_is_told_at_its_line_whatever_its_type() {
    let more = "        - NOT_SCHEDULE\n        - HALF\n";
    let problems = found("dataarts_studio", "        - NOT_SCHEDULE\n", more);
    // The parameter and the field both refer to the list.
    assert_eq!(problems.len(), 2, "{problems:#?}");
    let place = "components.schemas.ScheduleStatus.x-extensible-enum.1: the page does not state the value `HALF`";
    assert!(
        problems.iter().all(|problem| problem.contains(place)),
        "{problems:#?}"
    );
    let flag = "          type: boolean\n          nullable: true\n";
    let problems = found("mrs", flag, &format!("{flag}          enum: [true]\n"));
    assert!(
        matches!(problems.as_slice(), [told] if told.contains("the value `true` of `is_synchronizing`")),
        "{problems:#?}"
    );
}

#[test]
fn names_of_query_parameters_have_a_case_and_those_of_headers_have_none() {
    let problems = found(
        "dataarts_studio",
        "        - name: limit\n",
        "        - name: Limit\n",
    );
    assert!(
        problems
            .iter()
            .any(|told| told.contains("does not state the query parameter `Limit`")),
        "{problems:#?}"
    );
    let same = found(
        "dataarts_studio",
        "        - name: workspace\n",
        "        - name: Workspace\n",
    );
    assert_eq!(same, [""; 0]);
}
