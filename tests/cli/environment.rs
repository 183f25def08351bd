//! Environment variables, and the precedence of flags.

use crate::idsync::Idsync;
use crate::services::Services;

#[test]
fn a_token_is_used_if_no_access_key_is_set() {
    let services = Services::start();
    let without_key = |token: &str| {
        let run = services
            .idsync("tasks -o json")
            .env("HUAWEICLOUD_SDK_AK", "")
            .env("HUAWEICLOUD_SDK_SK", "");
        run.env("IDSYNC_TOKEN", token).run()
    };
    without_key(&services.ready().token).exits(0);
    let refused = without_key("an-unknown-token").exits(4);
    assert!(!refused.stderr.contains("an-unknown-token"));
    let missing = without_key("").exits(2);
    assert_eq!(missing.error()["kind"], "credentials");
}

#[test]
fn a_flag_takes_precedence_over_the_environment() {
    let services = Services::start();
    let ready = services.ready();
    services
        .idsync("tasks")
        .env("IDSYNC_ENDPOINT", "http://127.0.0.1:9")
        .env("IDSYNC_WORKSPACE", "another")
        .env("HUAWEICLOUD_SDK_PROJECT_ID", "another")
        .arg(&format!("--endpoint={}", ready.url))
        .arg(&format!("--workspace={}", ready.workspace))
        .arg(&format!("--project-id={}", ready.project_id))
        .run()
        .exits(0);
}

#[test]
fn each_service_can_have_its_own_endpoint() {
    let (services, other) = (Services::start(), Services::start());
    let nowhere = "http://127.0.0.1:9";
    for (variable, flags) in [
        (format!("{nowhere}, mrs={}", other.url()), String::new()),
        (
            format!("{nowhere}, mrs={nowhere}"),
            format!("--endpoint MRS={}", other.url()),
        ),
        (
            format!("mrs={nowhere}"),
            format!("--endpoint {}", other.url()),
        ),
    ] {
        let command = format!("syncing {} {flags}", services.mrs());
        let command = services.idsync(&command);
        command.env("IDSYNC_ENDPOINT", &variable).run().exits(0);
    }
    assert_eq!(other.request_counts().total, 3);
    for (name, value) in [
        ("IDSYNC_ENDPOINT", "x=https://u:pw@h"),
        ("IDSYNC_ENDPOINT", "mrs="),
        ("IDSYNC_WORKSPACE", "a b"),
    ] {
        let run = services.idsync("status").env(name, value).run().exits(2);
        run.says(format!("idsync: {name}: "));
        assert!(!run.stderr.contains("pw"), "{}", run.stderr);
    }
}

#[test]
fn a_command_for_one_workspace_refuses_none_and_several() {
    let services = Services::start();
    let run = services
        .idsync("tasks")
        .env("IDSYNC_WORKSPACE", "one, two")
        .run()
        .exits(2);
    run.says("--workspace");
    let run = services
        .idsync("tasks")
        .env("IDSYNC_WORKSPACE", "")
        .run()
        .exits(2);
    run.says("IDSYNC_WORKSPACE");
    assert_eq!(services.request_counts().total, 0);
}

#[test]
fn missing_credentials_are_named() {
    let run = Idsync::new("status").run().exits(2);
    run.says("HUAWEICLOUD_SDK_AK");
    run.says("IDSYNC_TOKEN");
}

#[test]
fn plain_http_to_another_host_is_refused() {
    let services = Services::start();
    let run = services
        .idsync("tasks")
        .env("IDSYNC_ENDPOINT", "http://192.0.2.1")
        .run()
        .exits(2);
    run.says("plain http");
}

#[test]
fn the_demo_ignores_the_environment() {
    Idsync::new("status --demo")
        .env("IDSYNC_ENDPOINT", "not a url")
        .env("IDSYNC_REGION", "nowhere")
        .env("IDSYNC_CLOCK", "noon")
        .env("IDSYNC_WORKSPACE", "a b")
        .env("HUAWEICLOUD_SDK_PROJECT_ID", "a b")
        .env("HUAWEICLOUD_SDK_AK", "half")
        .env("HTTP_PROXY", "http://127.0.0.1:9")
        .run()
        .exits(0);
}
