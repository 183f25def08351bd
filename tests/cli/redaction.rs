//! No secret is printed: every command against services that echo the request, with all logs on.
//!
//! `idsync emulator` is left out, because its first line holds the keys of the emulator on purpose.

use std::fs;
use std::path::Path;

use idsync_emulator::{
    Fault, FaultKind, SECURITY_TOKEN, TEMPORARY_ACCESS_KEY, TEMPORARY_SECRET_KEY,
};

use crate::idsync::{Idsync, Run};
use crate::services::Services;

/// A prefix of this length already counts as the secret.
const RECOGNISABLE: usize = 10;

const WRONG_ACCESS_KEY: &str = "WRONGACCESSKEY0123456";
const WRONG_SECRET_KEY: &str = "wrongSecretKeyThatOpensNothingWhatsoever";
const WRONG_TOKEN: &str = "MIIWrongToken+with/slashes=and-more_0123456789";
const PASSWORD: &str = "passwordInAnAddress";

/// Variables with credentials.
type Variables = Vec<(&'static str, String)>;

fn access_key(key: &str, secret: &str) -> Variables {
    vec![
        ("HUAWEICLOUD_SDK_AK", key.to_owned()),
        ("HUAWEICLOUD_SDK_SK", secret.to_owned()),
    ]
}

fn temporary(key: &str, secret: &str, token: &str) -> Variables {
    let mut variables = access_key(key, secret);
    variables.push(("HUAWEICLOUD_SDK_SECURITY_TOKEN", token.to_owned()));
    variables
}

/// An IAM token, without the access key that the services would set.
fn token(token: &str) -> Variables {
    let mut variables = access_key("", "");
    variables.push(("IDSYNC_TOKEN", token.to_owned()));
    variables
}

/// Credentials of every kind, valid and invalid.
fn credentials(services: &Services) -> [Variables; 6] {
    let ready = services.ready();
    [
        access_key(&ready.ak, &ready.sk),
        temporary(TEMPORARY_ACCESS_KEY, TEMPORARY_SECRET_KEY, SECURITY_TOKEN),
        token(&ready.token),
        access_key(WRONG_ACCESS_KEY, WRONG_SECRET_KEY),
        temporary(&ready.ak, WRONG_SECRET_KEY, WRONG_TOKEN),
        token(WRONG_TOKEN),
    ]
}

fn secrets(variables: &Variables) -> Vec<&str> {
    let values = variables.iter().map(|(_, value)| value.as_str());
    values.filter(|value| !value.is_empty()).collect()
}

/// Responses with which a service or a gateway echoes the credentials.
fn echoes(secrets: &[&str]) -> Vec<Option<Fault>> {
    let all = secrets.join(" ");
    let html = format!("<html><body>{all}</body></html>");
    // The excerpt of a body that an error keeps ends inside a secret.
    let cut = format!("{}{}", "x ".repeat(505), all);
    let gateway = format!(
        r#"{{"error_code":"{all}","error_msg":"verify aksk signature fail, ak: {all}, canonicalRequest:GET|/|{all}","request_id":"{all}"}}"#
    );
    let location = format!("https://elsewhere.example/login?{}", secrets.join("&"));
    let everywhere = Fault::everywhere;
    vec![
        None,
        Some(everywhere(FaultKind::status_with(401, gateway.clone()))),
        Some(everywhere(FaultKind::status_with(500, gateway)).header("X-Request-Id", all.as_str())),
        Some(everywhere(FaultKind::status_with(502, html.clone()))),
        Some(everywhere(FaultKind::status_with(502, cut.clone()))),
        Some(everywhere(FaultKind::body(html)).header("X-Request-Id", all.as_str())),
        Some(everywhere(FaultKind::body(cut))),
        Some(everywhere(FaultKind::body(format!(
            r#"{{"total":"{all}","count":"{all}","tasks":"{all}","sync_records":[{{"id":1,"start_time":"{all}"}}],"is_synchronizing":"{all}"}}"#
        )))),
        Some(everywhere(FaultKind::redirect(location))),
    ]
}

/// Every reading command.
fn commands(services: &Services) -> [String; 5] {
    [
        "status".to_owned(),
        "tasks".to_owned(),
        format!("records {}", services.dws()),
        format!("syncing {}", services.mrs()),
        "doctor".to_owned(),
    ]
}

/// Runs `command` with all logs on, and checks all its output.
fn checked(command: Idsync, variables: &Variables, trace: &Path) -> Run {
    let command = variables
        .iter()
        .fold(command, |command, (name, value)| command.env(name, value));
    let run = command
        .env("RUST_BACKTRACE", "1")
        .arg("-vvv")
        .arg("--trace-file")
        .arg(trace.to_str().unwrap())
        .run();
    let traced = fs::read_to_string(trace).unwrap_or_default();
    let _ = fs::remove_file(trace);
    for secret in secrets(variables).into_iter().chain([PASSWORD]) {
        let part = &secret[..RECOGNISABLE.min(secret.len())];
        for text in [&run.stdout, &run.stderr, &traced] {
            assert!(!text.contains(part), "{part} is in\n{text}");
        }
    }
    Run {
        stderr: run.stderr + &traced,
        ..run
    }
}

#[test]
fn no_command_prints_a_secret_that_a_service_sends_back() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace.jsonl");
    let services = Services::start();
    let mut masked = 0;
    let forms = ["table", "json"].into_iter().cycle();
    for (variables, form) in credentials(&services).into_iter().zip(forms) {
        for echo in echoes(&secrets(&variables)) {
            services.clear_faults();
            let echoes = echo.is_some();
            if let Some(echo) = echo {
                services.add_fault(echo).unwrap();
            }
            for command in commands(&services) {
                let command = services.idsync(&format!("{command} --retries 0 -o {form}"));
                let run = checked(command, &variables, &trace);
                run.says("\"target\":\"idsync");
                masked += usize::from(echoes && run.stderr.contains("***"));
            }
        }
    }
    // The echoes did arrive: most of them are in an error or a log, with the secret masked.
    assert!(masked > 150, "{masked}");
}

#[test]
fn a_retried_call_prints_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace.jsonl");
    let services = Services::start();
    let variables = access_key(&services.ready().ak, &services.ready().sk);
    let echo = secrets(&variables).join(" ");
    services.break_with(&FaultKind::status_with(503, echo));
    let run = checked(services.idsync("tasks --retries 1"), &variables, &trace).exits(1);
    run.says("waiting to try again");
}

#[test]
fn a_wrong_command_line_and_a_signature_print_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace.jsonl");
    let services = Services::start();
    for variables in credentials(&services) {
        let address = format!("https://user:{PASSWORD}@h.example");
        for (command, argument) in [
            ("", "--help"),
            ("", "--wrong"),
            ("status", "--fail-on=nothing"),
            ("doctor", "--timeout=0"),
            ("tasks", &format!("--endpoint={address}")),
            ("tasks", &format!("--endpoint=dws={address}")),
            ("doctor", &format!("--endpoint={address}")),
            ("debug sign", &address),
        ] {
            checked(services.idsync(command).arg(argument), &variables, &trace);
        }
        for endpoint in [&address, "not a url", "obs=https://h.example"] {
            let command = |line: &str| services.idsync(line).env("IDSYNC_ENDPOINT", endpoint);
            checked(command("doctor -o json"), &variables, &trace);
            checked(command("tasks"), &variables, &trace);
        }
        let secrets = secrets(&variables);
        for form in ["table", "json"] {
            let url = format!("https://h.example/{0}?q={0}", secrets.join(","));
            let command = services.idsync(&format!("debug sign -o {form}"));
            let command = command
                .arg(&url)
                .arg(&format!("-HX-Auth-Token: {}", secrets[0]))
                .arg(&format!("-HX-Other: {}", secrets.join(" ")));
            checked(command, &variables, &trace);
            let broken = services.idsync(&format!("debug sign -o {form}")).arg(&url);
            checked(broken.arg(&format!("-H{}", secrets[0])), &variables, &trace);
        }
    }
}

#[test]
fn credentials_that_cannot_be_sent_are_refused_without_being_printed() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace.jsonl");
    let services = Services::start();
    let broken = format!("{WRONG_ACCESS_KEY}\n{WRONG_SECRET_KEY}");
    for variables in [
        access_key(&broken, WRONG_SECRET_KEY),
        temporary(WRONG_ACCESS_KEY, WRONG_SECRET_KEY, &broken),
        token(&broken),
        access_key(WRONG_ACCESS_KEY, ""),
        access_key("", WRONG_SECRET_KEY),
    ] {
        for command in commands(&services) {
            checked(services.idsync(&command), &variables, &trace).exits(2);
        }
        let command = "debug sign https://h.example";
        checked(services.idsync(command), &variables, &trace).exits(2);
    }
}
