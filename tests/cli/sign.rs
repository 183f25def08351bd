//! `idsync debug sign`: the steps of a signature, without usable secrets.

use serde_json::Value;

use crate::idsync::{Idsync, Run};

const ACCESS_KEY: &str = "AKRECOGNISABLEKEY01";
const SECRET_KEY: &str = "SKrecognisableSecret0123456789abcdefghij";
const URL: &str = "https://h.example:8443/v1/a%20b?b=2&a=1";

fn sign(flags: &str, url: &str) -> Idsync {
    Idsync::new(&format!("debug sign {flags} --date 20260108T123456Z"))
        .arg(url)
        .env("HUAWEICLOUD_SDK_AK", ACCESS_KEY)
        .env("HUAWEICLOUD_SDK_SK", SECRET_KEY)
}

fn text(run: &Run, key: &str) -> String {
    match &run.json()[key] {
        Value::String(text) => text.clone(),
        other => panic!("{key} is {other}"),
    }
}

#[test]
fn the_steps_are_those_of_the_real_signature() {
    let run = sign("-o json", URL)
        .arg("-H")
        .arg("X-Project-Id:  p1 ")
        .run()
        .exits(0);
    assert_eq!(text(&run, "schema"), "idsync.signature/v1");
    assert_eq!(text(&run, "signed_headers"), "host;x-project-id;x-sdk-date");
    let canonical = "GET\n/v1/a%20b/\na=1&b=2\nhost:h.example:8443\nx-project-id:p1\nx-sdk-date:20260108T123456Z\n\n\
                     host;x-project-id;x-sdk-date\n\
                     e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(text(&run, "canonical_request"), canonical);
    // Computed with sha256sum(1) from the canonical request above.
    let hash = "d7b7ff43a0e291b93b080c2ebee56a727964b0c18b24adc5ac28648323be3876";
    assert_eq!(
        text(&run, "string_to_sign"),
        format!("SDK-HMAC-SHA256\n20260108T123456Z\n{hash}")
    );
    assert_eq!(
        text(&run, "authorization"),
        "SDK-HMAC-SHA256 Access=***, SignedHeaders=host;x-project-id;x-sdk-date, Signature=***"
    );
}

#[test]
fn each_step_has_a_title_in_a_table() {
    let run = sign("", URL).run().exits(0);
    let titles: Vec<_> = run
        .stdout
        .lines()
        .filter(|line| line.starts_with("# "))
        .collect();
    assert_eq!(
        titles,
        [
            "# signed headers",
            "# canonical request",
            "# string to sign",
            "# authorization"
        ]
    );
}

#[test]
fn a_given_header_is_not_added_again() {
    let run = sign("-o json", URL)
        .arg("-HHost: other.example")
        .run()
        .exits(0);
    assert!(text(&run, "canonical_request").contains("\nhost:other.example\n"));
    let twice = sign("-o json", URL)
        .arg("-HX-Sdk-Date: 20260101T000000Z")
        .run()
        .exits(2);
    assert_eq!(twice.error()["kind"], "invalid_input");
}

#[test]
fn wrong_input_is_refused_without_repeating_it() {
    for (flag, url) in [
        ("-HX-Auth-Token SECRETVALUE", URL),
        ("-HX Y: SECRETVALUE", URL),
        ("-HX-Y: SECRET\nVALUE", URL),
        ("-q", "https://user:SECRETVALUE@h.example/"),
        ("-q", "ftp://h.example/SECRETVALUE"),
        ("-q", "SECRETVALUE"),
    ] {
        let run = sign("", url).arg(flag).run().exits(2);
        assert!(!run.stderr.contains("SECRET"), "{}", run.stderr);
        assert_eq!(run.stdout, "");
    }
}

#[test]
fn a_header_without_quotes_is_not_repeated_either() {
    let run = sign("GET", URL)
        .arg("-H")
        .arg("X-Auth-Token:")
        .arg("SECRETVALUE")
        .run()
        .exits(2);
    assert!(
        !run.stderr.contains("SECRET") && run.stderr.contains("quotes"),
        "{}",
        run.stderr
    );
}
