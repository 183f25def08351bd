//! Which source wins, and what is told when none does. Nothing is sent.

use std::fs;

use super::*;

const OWN: &str = "[profiles.basic.credentials]\ntoken = \"OWNSECRET\"\n";
const SHARED: &str = "[basic]\nak = SHAREDSECRET\nsk = SHAREDSECRET\nproject_id = p2\n";
const KOOCLI: &str = r#"{"current": "a", "authEncrypt": "false", "profiles": [
    {"name": "a", "mode": "AKSK", "accessKeyId": "KSECRET", "secretAccessKey": "KSECRET"}]}"#;

/// Looks for credentials where these files and variables are; the metadata service is not asked.
fn find_in(
    files: &[(&str, &str)],
    variables: &[(&str, &str)],
    chosen: Option<&str>,
) -> Result<Found, Error> {
    let home = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = home.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let environment = |name: &str| match name {
        "HOME" => Some(home.path().display().to_string()),
        NO_METADATA => Some("1".to_owned()),
        _ => {
            let (_, value) = variables.iter().find(|(known, _)| *known == name)?;
            Some((*value).to_owned())
        }
    };
    find(&environment, &Profiles::read(chosen, &environment)?)
}

const FILES: [(&str, &str); 3] = [
    (".config/idsync/config.toml", OWN),
    (".huaweicloud/credentials", SHARED),
    (".hcloud/config.json", KOOCLI),
];
const VARIABLES: [(&str, &str); 2] = [
    ("HUAWEICLOUD_SDK_AK", "ENVSECRET"),
    ("HUAWEICLOUD_SDK_SK", "ENVSECRET"),
];

#[test]
fn the_first_source_that_has_credentials_wins() {
    for (files, variables, expected) in [
        (&FILES[..], &VARIABLES[..], "the environment"),
        (&FILES[..], &[], "config.toml"),
        (&FILES[1..], &[], ".huaweicloud/credentials"),
        (&FILES[2..], &[], "(KooCLI)"),
    ] {
        let found = find_in(files, variables, None).unwrap();
        assert!(found.origin.contains(expected), "{}", found.origin);
        assert!(!format!("{found:?}").contains("SECRET"), "{found:?}");
    }
}

#[test]
fn a_profile_that_the_caller_chose_beats_the_environment_and_one_without_credentials_does_not() {
    let found = find_in(&FILES, &VARIABLES, Some("basic")).unwrap();
    assert!(found.origin.contains("config.toml"), "{}", found.origin);
    let settings_only = [(
        ".config/idsync/config.toml",
        "[profiles.basic]\nregion = \"r\"",
    )];
    let found = find_in(&settings_only, &VARIABLES, Some("basic")).unwrap();
    assert_eq!(found.origin, "the environment");
}

#[test]
fn the_project_beside_a_key_comes_with_the_key_alone() {
    let found = find_in(&FILES[1..], &[], None).unwrap();
    assert_eq!(found.project_id.unwrap().as_str(), "p2");
    assert_eq!(
        find_in(&FILES[1..], &VARIABLES, None).unwrap().project_id,
        None
    );
}

#[test]
fn a_source_that_is_there_and_cannot_be_used_ends_the_search() {
    let half = find_in(&FILES, &VARIABLES[..1], None).unwrap_err();
    assert!(
        half.to_string().contains("HUAWEICLOUD_SDK_SK is not"),
        "{half}"
    );
    let encrypted = KOOCLI.replace("false", "true");
    let refused = find_in(&[(".hcloud/config.json", encrypted.as_str())], &[], None).unwrap_err();
    assert!(
        refused.to_string().contains("encrypted secrets"),
        "{refused}"
    );
}

#[test]
fn what_is_wrong_with_a_source_does_not_matter_where_an_earlier_one_serves() {
    let broken = [(".huaweicloud/credentials", "[basic]\nak = SHAREDSECRET\n")];
    let found = find_in(&broken, &VARIABLES, None).unwrap();
    assert_eq!(found.origin, "the environment");
    let error = find_in(&broken, &[], None).unwrap_err().to_string();
    assert!(
        error.contains("has an ak but no sk") && !error.contains("SECRET"),
        "{error}"
    );
}

#[test]
fn when_there_are_none_each_source_is_named_with_why_it_does_not_serve() {
    let settings_only = [(
        ".config/idsync/config.toml",
        "[profiles.basic]\nregion = \"r\"",
    )];
    let error = find_in(&settings_only, &[], None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    let error = error.to_string();
    let mut parts = error.split("; ");
    for expected in [
        "the environment has neither",
        "config.toml has no credentials",
        ".huaweicloud/credentials does not exist",
        ".hcloud/config.json (KooCLI) does not exist",
        "by IDSYNC_NO_METADATA",
        "set HUAWEICLOUD_SDK_AK",
    ] {
        assert!(
            parts.next().is_some_and(|part| part.contains(expected)),
            "{expected}: {error}"
        );
    }
    assert_eq!(parts.next(), None, "{error}");
}

#[test]
fn the_metadata_service_comes_last_and_is_not_asked_before_a_call_needs_it() {
    let found = find(&|_| None, &Profiles::unread()).unwrap();
    assert_eq!(found.origin, "the ECS metadata service");
}
