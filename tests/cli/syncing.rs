//! `idsync syncing`.

use idsync_emulator::Operation;

use crate::services::Services;

#[test]
fn each_response_has_its_own_value_and_its_own_sentence() {
    let busy = "is copying IAM users now";
    let idle = "is not copying IAM users now";
    let unknown = "does not report";
    for (body, value, sentence) in [
        (r#"{"is_synchronizing":true}"#, "true", busy),
        (r#"{"is_synchronizing":false}"#, "false", idle),
        (r#"{"is_synchronizing":null}"#, "null", unknown),
        ("{}", "null", unknown),
    ] {
        let services = Services::start();
        services.answer(Operation::Syncing, body);
        let id = services.mrs();
        let stdout = services.run(&format!("syncing {id} -o json"), 0).stdout;
        let expected = format!("{{\"cluster_id\":\"{id}\",\"is_synchronizing\":{value}}}\n");
        assert_eq!(stdout, expected);
        let stdout = services.run(&format!("syncing mrs:{id}"), 0).stdout;
        assert!(stdout.contains(&format!("{id} {sentence}")), "{stdout}");
    }
}

#[test]
fn a_flag_that_is_text_is_an_error_and_not_an_answer() {
    let services = Services::start();
    services.answer(Operation::Syncing, r#"{"is_synchronizing":"false"}"#);
    let run = services.run(&format!("syncing {} -o json", services.mrs()), 1);
    assert_eq!(run.stdout, "");
    let error = run.error();
    assert_eq!(error["kind"], "decode");
    assert_eq!(error["path"], "is_synchronizing");
}
