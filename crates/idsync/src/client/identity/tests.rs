//! What a client finds for itself, in an environment and files made for each test.

use super::*;
use crate::{Client, Credentials, ErrorKind};

#[tokio::test]
async fn a_machine_without_credentials_learns_of_each_source_when_it_asks() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let environment =
        |name: &str| (name == "IDSYNC_METADATA_ENDPOINT").then(|| format!("http://{closed}"));
    let client = Client::builder()
        .region("cn-north-4")
        .project_id("p1")
        .build_in(&environment)
        .unwrap();
    assert_eq!(client.credential_origin(), "the ECS metadata service");
    let error = client.authenticate().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    for expected in [
        "the environment has neither",
        "home directory",
        "ECS metadata service: no connection",
        "set HUAWEICLOUD_SDK_AK",
    ] {
        assert!(error.to_string().contains(expected), "{expected}: {error}");
    }
}

#[test]
fn region_project_workspaces_and_endpoints_may_come_from_a_profile() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("config.toml");
    let text = "[profiles.prod]\nregion = \"eu-west-101\"\nproject_id = \"p7\"\n\
        workspaces = [\"w1\"]\n[profiles.prod.endpoints]\nmrs = \"https://mrs.file\"\n\
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
    let shown = format!("{client:?}");
    assert!(
        shown.contains("https://mrs.file") && shown.contains("dws.eu-west-101"),
        "{shown}"
    );
    assert!(!shown.contains("SECRET"), "{shown}");
}

#[test]
fn no_file_is_read_where_everything_is_given() {
    let environment = |name: &str| (name == "IDSYNC_CONFIG").then(|| "/nowhere/at-all".to_owned());
    let given = Client::builder()
        .region("cn-north-4")
        .project_id("p1")
        .credentials(Credentials::token("t"));
    assert!(given.build_in(&environment).is_ok());
    let error = Client::builder()
        .region("cn-north-4")
        .project_id("p1")
        .build_in(&environment)
        .unwrap_err();
    assert!(error.to_string().contains("IDSYNC_CONFIG"), "{error}");
}
