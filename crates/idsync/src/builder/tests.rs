//! Configurations that build a client, and the errors of those that do not.

use super::*;
use crate::credentials::profile::PROJECT;
use crate::{Credentials, ErrorKind, IamUser};

fn complete() -> ClientBuilder {
    Client::builder()
        .region("cn-north-4")
        .project_id("p1")
        .credentials(Credentials::token("TOKENSECRET"))
}

fn nothing(_: &str) -> Option<String> {
    None
}

fn refused(builder: ClientBuilder) -> Error {
    let no_metadata = |name: &str| (name == "IDSYNC_NO_METADATA").then(|| "1".to_owned());
    builder.build_in(&no_metadata).unwrap_err()
}

#[test]
fn missing_credentials_and_ids_have_errors_of_their_kind() {
    let token = || Credentials::token("t");
    for (builder, kind, reason) in [
        (
            Client::builder().project_id("p1").credentials(token()),
            ErrorKind::Configuration,
            "no region",
        ),
        (
            Client::builder()
                .endpoint("https://all.example")
                .credentials(token()),
            ErrorKind::Configuration,
            PROJECT,
        ),
        (
            Client::builder().region("cn-north-4").project_id("p1"),
            ErrorKind::Credentials,
            "no credentials found",
        ),
        (
            complete().project_id("../p2"),
            ErrorKind::InvalidInput,
            "project id",
        ),
        (
            complete().credentials(Credentials::token("a\nb")),
            ErrorKind::Credentials,
            "IAM token",
        ),
        (
            complete().credentials(IamUser::new("operator", "", "company")),
            ErrorKind::Credentials,
            "password",
        ),
    ] {
        let error = refused(builder);
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[test]
fn a_wrong_setting_is_a_configuration_error_that_names_it() {
    let user = IamUser::new("operator", "p", "company");
    for (builder, reason) in [
        (
            complete().region("cn-north-11").credentials(user),
            "no endpoint of iam",
        ),
        (complete().profile("prod"), "\"prod\" cannot be used"),
        (complete().endpoint("http://example.com"), "plain http"),
        (complete().timeout(Duration::ZERO), "timeout"),
        (complete().attempt_timeout(Duration::ZERO), "timeout"),
        (complete().rate(0, Duration::from_secs(1)), "a rate of 0"),
        (complete().ca_file("no/such/roots.pem"), "no/such/roots.pem"),
        (complete().proxy("socks5://h:1"), "the proxy setting"),
    ] {
        let error = refused(builder);
        assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[test]
fn empty_settings_count_as_absent() {
    let client = complete()
        .endpoint("")
        .profile("")
        .proxy("")
        .build_in(&nothing)
        .unwrap();
    let endpoint = client.endpoint(Service::Dws).unwrap();
    assert_eq!(endpoint, "https://dws.cn-north-4.myhuaweicloud.com");
    assert!(
        refused(complete().region(""))
            .to_string()
            .contains("no region")
    );
}

#[test]
fn a_proxy_that_cannot_be_used_fails_no_client_of_this_machine() {
    let broken = |name: &str| (name == "ALL_PROXY").then(|| "socks5://u:SECRET@h:1".to_owned());
    let here = complete().endpoint("http://127.0.0.1:1");
    assert!(here.build_in(&broken).is_ok());
    let error = complete().build_in(&broken).unwrap_err();
    assert!(error.to_string().contains("ALL_PROXY"), "{error}");
    assert!(!format!("{error:?}").contains("SECRET"));
}

#[test]
fn a_client_names_the_proxy_of_a_service() {
    let environment = |name: &str| match name {
        "https_proxy" => Some("http://proxy.example:1".to_owned()),
        _ => None,
    };
    let client = complete().build_in(&environment).unwrap();
    let proxy = client.proxy(Service::Mrs);
    assert_eq!(
        proxy.as_deref(),
        Some("http://proxy.example:1 (https_proxy)")
    );
}

#[test]
fn debug_of_builder_and_client_shows_no_secret() {
    let builder = complete().proxy("http://user:PASSWORDSECRET@h:1");
    let client = builder.clone().build_in(&nothing).unwrap();
    let shown = format!("{builder:?} {client:?}");
    assert!(shown.contains("p1") && !shown.contains("SECRET"), "{shown}");
}

#[test]
#[cfg(feature = "config-files")]
fn a_chosen_profile_gives_region_project_workspaces_rate_and_endpoints() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("config.toml");
    let text = "\u{feff}[profiles.prod]\nregion = \"eu-west-101\"\nproject_id = \"p7\"\nrate = \"200/5m\"\n\
        workspaces = [\"w1\"]\n[profiles.prod.endpoints]\nmrs = \"https://mrs.file\"\ndws = \"\"\n\
        [profiles.prod.credentials]\ntoken = \"TOKENSECRET\"\n";
    std::fs::write(&file, text).unwrap();
    let environment = |name: &str| match name {
        "IDSYNC_CONFIG" => Some(file.display().to_string()),
        PROJECT => Some("p9".to_owned()),
        _ => None,
    };
    let client = Client::builder()
        .profile("prod")
        .build_in(&environment)
        .unwrap();
    assert_eq!(client.known_project_id().unwrap().as_str(), "p7");
    assert_eq!(client.workspaces()[0].as_str(), "w1");
    assert!(client.credential_origin().contains("profile `prod` of"));
    let shown = format!("{client:?}");
    assert!(
        shown.contains("https://mrs.file") && shown.contains("dws.eu-west-101"),
        "{shown}"
    );
    let unchosen = Client::builder()
        .region("cn-north-4")
        .credentials(Credentials::token("t"));
    let client = unchosen.build_in(&|name| (name == PROJECT).then(|| "p9".to_owned()));
    assert_eq!(client.unwrap().known_project_id().unwrap().as_str(), "p9");
}

#[test]
#[cfg(feature = "config-files")]
fn no_file_is_read_where_everything_is_given() {
    let environment = |name: &str| (name == "IDSYNC_CONFIG").then(|| "/nowhere/at-all".to_owned());
    assert!(complete().build_in(&environment).is_ok());
    let incomplete = Client::builder().region("cn-north-4").project_id("p1");
    let error = incomplete.build_in(&environment).unwrap_err();
    assert!(error.to_string().contains("IDSYNC_CONFIG"), "{error}");
}

#[tokio::test]
async fn the_error_without_credentials_lists_each_source_that_was_tried() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let environment =
        |name: &str| (name == "IDSYNC_METADATA_ENDPOINT").then(|| format!("http://{closed}"));
    let builder = Client::builder().region("cn-north-4").project_id("p1");
    let client = builder.build_in(&environment).unwrap();
    assert_eq!(client.credential_origin(), "the ECS metadata service");
    let error = client.authenticate().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    for expected in [
        "the environment has neither",
        "home directory",
        "ECS metadata service: no connection",
    ] {
        assert!(error.to_string().contains(expected), "{expected}: {error}");
    }
}
