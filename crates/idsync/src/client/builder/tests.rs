//! What a client can be made of, and what is told where it cannot.

use super::*;
use crate::{Credentials, ErrorKind, IamUser};

const PROJECT: &str = "HUAWEICLOUD_SDK_PROJECT_ID";

fn complete() -> ClientBuilder {
    Client::builder()
        .region("cn-north-4")
        .project_id("p1")
        .credentials(Credentials::token("TOKENSECRET"))
}

fn nothing(_: &str) -> Option<String> {
    None
}

#[test]
fn what_is_missing_or_wrong_is_told_before_anything_is_sent() {
    for (builder, kind, reason) in [
        (
            Client::builder()
                .project_id("p1")
                .credentials(Credentials::token("t")),
            ErrorKind::Configuration,
            "no region",
        ),
        (
            Client::builder()
                .endpoint("https://all.example")
                .credentials(Credentials::token("t")),
            ErrorKind::Configuration,
            PROJECT,
        ),
        (
            complete().credentials(IamUser::new("operator", "", "company")),
            ErrorKind::Credentials,
            "password",
        ),
        (
            complete()
                .region("cn-north-11")
                .credentials(IamUser::new("operator", "p", "company")),
            ErrorKind::Configuration,
            "no endpoint of iam",
        ),
        (
            complete().profile("prod"),
            ErrorKind::Configuration,
            "\"prod\" cannot be used",
        ),
        (
            Client::builder().region("cn-north-4").project_id("p1"),
            ErrorKind::Credentials,
            "HUAWEICLOUD_SDK_AK",
        ),
        (
            complete().project_id("../p2"),
            ErrorKind::InvalidInput,
            "project id",
        ),
        (
            complete().endpoint("http://example.com"),
            ErrorKind::Configuration,
            "plain http",
        ),
        (
            complete().credentials(Credentials::token("a\nb")),
            ErrorKind::Credentials,
            "IAM token",
        ),
        (
            complete().timeout(Duration::ZERO),
            ErrorKind::Configuration,
            "timeout",
        ),
        (
            complete().attempt_timeout(Duration::ZERO),
            ErrorKind::Configuration,
            "timeout",
        ),
        (
            complete().rate_limit(0, Duration::from_secs(1)),
            ErrorKind::Configuration,
            "rate limit",
        ),
        (
            complete().ca_file("no/such/roots.pem"),
            ErrorKind::Configuration,
            "no/such/roots.pem",
        ),
    ] {
        let no_metadata = |name: &str| (name == "IDSYNC_NO_METADATA").then(|| "1".to_owned());
        let error = builder.build_in(&no_metadata).unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[test]
fn the_project_may_come_from_the_environment() {
    let builder = Client::builder()
        .region("cn-north-4")
        .credentials(Credentials::token("t"));
    let client = builder
        .build_in(&|name| (name == PROJECT).then(|| "p9".to_owned()))
        .unwrap();
    assert_eq!(client.known_project_id().unwrap().as_str(), "p9");
}

#[test]
fn debug_of_builder_and_client_shows_no_secret() {
    let builder = complete();
    let shown = format!(
        "{builder:?} {:?}",
        builder.clone().build_in(&nothing).unwrap()
    );
    assert!(shown.contains("p1") && !shown.contains("SECRET"), "{shown}");
}

#[test]
fn a_client_can_be_shared_between_tasks() {
    fn shared<T: Clone + Send + Sync + 'static>() {}
    shared::<Client>();
}
