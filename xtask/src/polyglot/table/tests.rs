use super::super::operation::tests::{another, listing};
use super::*;

fn tried(case: &str) -> Result<Vec<Trial>, Failure> {
    let cases = parse(&format!("[{case}]"))?;
    cases[0].trials(&[listing()])
}

fn failure(case: &str) -> String {
    tried(case).unwrap_err().to_string()
}

#[test]
fn an_example_is_sent_as_it_is_and_expected_in_the_fields_of_the_document() {
    let trials =
        tried(r#"{"name": "full", "about": "", "send": {"example": "full"}, "expect": "sent"}"#)
            .unwrap();
    let [trial] = trials.as_slice() else {
        panic!("{trials:?}");
    };
    assert_eq!(
        trial.call.fault,
        json!({
            "kind": "status", "status": 200, "content_type": "application/json", "operation": "records",
            "body": r#"{"things":[{"name":"a"}],"total":1}"#,
        })
    );
    let fields = json!({"total": 1, "things": [{"name": "a", "since": null}]});
    assert_eq!(trial.expectation, Expectation::Fields(fields));
}

#[test]
fn without_anything_to_send_the_emulator_tells_the_truth() {
    let trials =
        tried(r#"{"name": "true", "about": "", "token": "ready", "expect": "something"}"#).unwrap();
    assert_eq!(trials[0].call.fault, Value::Null);
    assert_eq!(trials[0].call.token, Token::Ready);
}

#[test]
fn a_case_with_bodies_is_about_their_operations_only() {
    let elsewhere = another();
    let case = r#"[{"name": "x", "about": "", "send": {"bodies": {"listSyncRecords": {}}}, "expect": "sent"}]"#;
    let trials = parse(case).unwrap()[0]
        .trials(&[elsewhere, listing()])
        .unwrap();
    assert_eq!(trials.len(), 1);
    assert_eq!(trials[0].service, "dws");
    assert!(
        failure(r#"{"name": "x", "about": "", "send": {"bodies": {}}, "expect": "sent"}"#)
            .contains("names no operation")
    );
}

#[test]
fn a_case_that_says_too_little_or_too_much_is_refused_by_name() {
    let two_bodies =
        r#"{"name": "x", "about": "", "send": {"text": "", "example": "full"}, "expect": "sent"}"#;
    assert!(failure(two_bodies).contains("case x: `send` has one of"));
    let no_example = r#"{"name": "x", "about": "", "send": {"example": "none"}, "expect": "sent"}"#;
    assert!(failure(no_example).contains("dws has no example \"none\""));
    let text_as_sent = r#"{"name": "x", "about": "", "send": {"text": ""}, "expect": "sent"}"#;
    assert!(failure(text_as_sent).contains("`sent` can be expected"));
    let stranger =
        r#"{"name": "x", "about": "", "send": {"bodies": {"listAll": {}}}, "expect": "sent"}"#;
    assert!(failure(stranger).contains("no operation \"listAll\""));
}

#[test]
fn a_table_that_cannot_be_read_is_told_with_its_line() {
    let misspelt = "\n{\"name\": \"x\", \"about\": \"\", \"expects\": \"sent\"}";
    assert!(failure(misspelt).starts_with("tests/polyglot/cases.json:2: unknown field `expects`"));
    assert!(failure("{").starts_with("tests/polyglot/cases.json:1: "));
}
