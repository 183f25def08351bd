//! `idsync syncing`.

use idsync_emulator::Operation;

use crate::idsync::Idsync;
use crate::services::Services;

#[test]
fn each_answer_has_its_own_value_and_its_own_sentence() {
    for (body, value, sentence) in [
        (
            r#"{"is_synchronizing":true}"#,
            "true",
            "is copying IAM users now",
        ),
        (
            r#"{"is_synchronizing":false}"#,
            "false",
            "is not copying IAM users now",
        ),
        (r#"{"is_synchronizing":null}"#, "null", "does not report"),
        ("{}", "null", "does not report"),
    ] {
        let services = Services::start();
        services.answer(Operation::Syncing, body);
        let run = services
            .idsync(&format!("syncing {} -o json", services.mrs()))
            .run()
            .exits(0);
        let expected = format!(
            "{{\"cluster_id\":\"{}\",\"is_synchronizing\":{value}}}\n",
            services.mrs()
        );
        assert_eq!(run.stdout, expected);
        let run = services
            .idsync(&format!("syncing mrs:{}", services.mrs()))
            .run()
            .exits(0);
        assert!(
            run.stdout.contains(services.mrs()) && run.stdout.contains(sentence),
            "{}",
            run.stdout
        );
    }
}

#[test]
fn a_flag_that_is_text_is_an_error_and_not_an_answer() {
    let services = Services::start();
    services.answer(Operation::Syncing, r#"{"is_synchronizing":"false"}"#);
    let run = services
        .idsync(&format!("syncing {} -o json", services.mrs()))
        .run()
        .exits(1);
    assert_eq!(run.stdout, "");
    assert_eq!(
        (&run.error()["kind"], &run.error()["path"]),
        (&"decode".into(), &"is_synchronizing".into())
    );
}

#[test]
fn without_a_cluster_the_demo_shows_its_first() {
    assert!(
        Idsync::new("syncing --demo")
            .run()
            .exits(0)
            .stdout
            .contains("copying IAM users")
    );
}

#[test]
fn a_cluster_of_the_other_service_is_sent_to_the_right_command() {
    let run = Idsync::new("syncing dws:c1 --demo").run().exits(2);
    assert!(run.stderr.contains("idsync records"), "{}", run.stderr);
}

#[test]
fn an_unknown_cluster_of_the_demo_is_answered_with_the_known_ones() {
    let run = Idsync::new("syncing nosuch --demo").run().exits(1);
    assert!(
        run.stderr.contains("the MRS clusters of the demo are "),
        "{}",
        run.stderr
    );
}
