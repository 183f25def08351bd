//! What both files may hold, what is refused and in which words. The files are written for each test.

use std::fs;
use std::path::PathBuf;

use super::*;
use crate::health::{IgnoreRule, Rules};

/// A home directory with the two files, where given.
struct Home {
    directory: tempfile::TempDir,
    variables: Vec<(&'static str, String)>,
}

impl Home {
    fn new(own: Option<&str>, shared: Option<&str>) -> Self {
        let home = Self {
            directory: tempfile::tempdir().unwrap(),
            variables: Vec::new(),
        };
        let files = [
            (home.path(".config/idsync/config.toml"), own),
            (home.path(".huaweicloud/credentials"), shared),
        ];
        for (path, text) in files {
            if let Some(text) = text {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
        }
        home
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.directory.path().join(relative)
    }

    fn read(&self, chosen: Option<&str>) -> Result<Profiles, Error> {
        Profiles::read(chosen, &|name| {
            if name == "HOME" {
                return Some(self.directory.path().display().to_string());
            }
            let mut variables = self.variables.iter();
            let (_, value) = variables.find(|(known, _)| *known == name)?;
            Some(value.clone())
        })
    }

    fn error(&self) -> String {
        let profiles = self.read(None);
        let error = profiles.and_then(|profiles| profiles.shared).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("SECRET"), "{shown}");
        error.to_string()
    }
}

fn found<T: std::fmt::Debug>(lookup: &Lookup<T>) -> &T {
    match lookup {
        Lookup::Found(value) => value,
        Lookup::Absent(why) => panic!("{why}"),
    }
}

const OWN: &str = r#"
[profiles.basic]
region = "cn-north-4"
project_id = "p1"
workspaces = ["w1", "w2"]

[profiles.basic.endpoints]
all = "https://all.example"
iam = "https://iam.example"

[profiles.basic.credentials]
ak = "AKSECRET"
sk = "SKSECRET"

[profiles.prod.credentials]
user = "operator"
domain = "company"
password = "PASSWORDSECRET"
"#;

const SHARED: &str = "[basic]\nak = AKSECRET\nsk = SKSECRET\nproject_id = p2\n\
    iam_endpoint = https://iam.example\nunknown = kept for others\n\n\
    [prod]\nak = AKSECRET\nsk = SKSECRET\nsecurity_token = STSECRET\n";

#[test]
fn every_setting_of_the_own_file_is_read() {
    let profiles = Home::new(Some(OWN), None).read(None).unwrap();
    let own = found(&profiles.own);
    assert_eq!(own.region.as_deref(), Some("cn-north-4"));
    assert_eq!(own.project_id.as_ref().unwrap().as_str(), "p1");
    assert_eq!(own.workspaces.len(), 2);
    let urls: Vec<_> = own.endpoints.iter().map(|one| one.url.as_str()).collect();
    assert_eq!(urls, ["https://all.example", "https://iam.example"]);
    let shown = format!("{own:?}");
    assert!(
        shown.contains("Credentials(access key)") && !shown.contains("SECRET"),
        "{shown}"
    );
}

#[test]
fn a_section_of_the_shared_file_is_read_and_its_other_keys_are_left_alone() {
    let profiles = Home::new(None, Some(SHARED)).read(None).unwrap();
    let shared = found(profiles.shared.as_ref().unwrap());
    assert_eq!(shared.project_id.as_ref().unwrap().as_str(), "p2");
    assert_eq!(
        shared.iam_endpoint.as_ref().unwrap().url,
        "https://iam.example"
    );
    let shown = format!("{shared:?}");
    assert!(
        shown.contains("Credentials(access key)") && !shown.contains("SECRET"),
        "{shown}"
    );
}

#[test]
fn a_profile_is_picked_by_the_caller_else_by_the_variable() {
    let home = Home::new(Some(OWN), Some(SHARED)).with(PROFILE, "basic");
    let chosen = home.read(Some("prod")).unwrap();
    assert!(chosen.is_chosen());
    let shown = format!("{chosen:?}");
    assert!(
        shown.contains("operator") && shown.contains("temporary access key"),
        "{shown}"
    );
    assert!(!shown.contains("SECRET"), "{shown}");

    let named = Home::new(Some(OWN), Some(SHARED))
        .with(PROFILE, "prod")
        .read(None)
        .unwrap();
    assert!(!named.is_chosen() && found(&named.own).origin.contains("`prod`"));
}

#[test]
fn a_named_profile_that_is_nowhere_is_told_with_those_that_are() {
    let error = Home::new(Some(OWN), Some(SHARED))
        .with(PROFILE, "test")
        .error();
    assert!(
        error.contains("no profile `test`; it has: basic, prod")
            && error.contains("no section [test]; it has: basic, prod"),
        "{error}"
    );
}

#[test]
fn files_are_found_where_the_variables_say() {
    let home = Home::new(None, None);
    let (own, shared) = (home.path("own.toml"), home.path("keys"));
    fs::write(&own, OWN).unwrap();
    fs::write(&shared, SHARED).unwrap();
    let home = home.with("IDSYNC_CONFIG", own.display().to_string()).with(
        "HUAWEICLOUD_SDK_CREDENTIALS_FILE",
        shared.display().to_string(),
    );
    let profiles = home.read(None).unwrap();
    assert!(found(&profiles.own).origin.contains("own.toml"));
    assert!(
        found(profiles.shared.as_ref().unwrap())
            .origin
            .contains("keys")
    );

    let home = Home::new(None, None);
    let directory = home.path("xdg");
    fs::create_dir_all(directory.join("idsync")).unwrap();
    fs::write(directory.join("idsync/config.toml"), OWN).unwrap();
    let home = home.with("XDG_CONFIG_HOME", directory.display().to_string());
    assert!(found(&home.read(None).unwrap().own).origin.contains("xdg"));
}

#[test]
fn a_missing_file_is_passed_over_unless_a_variable_names_it() {
    let profiles = Home::new(None, None).read(None).unwrap();
    assert!(matches!(&profiles.own, Lookup::Absent(why) if why.contains("does not exist")));
    assert!(matches!(&profiles.shared, Ok(Lookup::Absent(why)) if why.contains("does not exist")));
    for variable in ["IDSYNC_CONFIG", "HUAWEICLOUD_SDK_CREDENTIALS_FILE"] {
        let error = Home::new(None, None)
            .with(variable, "/nowhere/at-all")
            .error();
        assert!(
            error.contains(variable) && error.contains("does not exist"),
            "{error}"
        );
    }
}

#[test]
fn what_is_wrong_in_the_own_file_is_told_with_line_and_key_and_no_value() {
    for (text, line, reason) in [
        (
            "[profiles.basic]\nregoin = \"SECRET\"",
            2,
            "unknown field `regoin`",
        ),
        (
            "[profiles.basic.credentials]\nak = \"a\"\nsk = 5550000000",
            3,
            "kind of value",
        ),
        (
            "[profiles.basic.credentials]\nsecret = \"SECRET\"",
            2,
            "unknown field `secret`",
        ),
        (
            "[profiles.basic.credentials]\n\nak = \"AKSECRET\"",
            1,
            "ak and sk",
        ),
        (
            "[profiles.basic.credentials]\ntoken = \"SECRET\"\nuser = \"SECRET\"",
            1,
            "no others beside them",
        ),
        (
            "[profiles.basic]\nregion = \"a\"\nregion = \"SECRET\"",
            3,
            "duplicate key",
        ),
        ("[profiles.basic]\nproject_id = \"../x\"", 2, "project id"),
        (
            "[profiles.basic]\n\nworkspaces = [\"w1\",\n\"a b\"]",
            4,
            "workspace id",
        ),
        ("\nregion SECRET", 2, "not valid TOML"),
    ] {
        let error = Home::new(Some(text), None).error();
        assert!(
            error.contains(&format!("config.toml, line {line}: ")) && error.contains(reason),
            "{text:?}: {error}"
        );
        assert!(!error.contains("555"), "{error}");
    }
}

#[test]
fn what_is_wrong_in_the_shared_file_is_told_without_a_value() {
    for (text, reason) in [
        ("[basic]\nak = AKSECRET", "has an ak but no sk"),
        ("[basic]\nsk = SKSECRET", "has an sk but no ak"),
        ("[basic]\nid_token_file = /SECRET", "identity provider"),
        ("[basic]\n\nSKSECRET", "line 3"),
        ("[basic]\nak = a\nsk = b\nproject_id = ../x", "project id"),
    ] {
        let error = Home::new(None, Some(text)).error();
        assert!(
            error.contains("credentials, ") && error.contains(reason),
            "{text:?}: {error}"
        );
    }
}

#[test]
fn an_empty_section_is_passed_over() {
    let profiles = Home::new(None, Some("[basic]\n")).read(None).unwrap();
    assert!(matches!(&profiles.shared, Ok(Lookup::Absent(why)) if why.contains("no ak and sk")));
}

#[test]
fn the_rules_of_health_are_read_with_the_profile() {
    let text = "[profiles.basic.health]\ngrace = '45m'\nignore = [{ cluster = 'test-*' }]\n[profiles.other]\n";
    let profiles = Home::new(Some(text), None).read(None).unwrap();
    let rules = Rules::default()
        .with_grace(std::time::Duration::from_mins(45))
        .with_ignored([IgnoreRule::clusters("test-*")]);
    assert_eq!(found(&profiles.own).rules, rules);
    let without = Home::new(Some(OWN), None).read(None).unwrap();
    assert_eq!(found(&without.own).rules, Rules::default());
}

#[test]
fn a_wrong_rule_of_health_is_refused_with_its_line_and_what_is_allowed() {
    for (line, why) in [
        ("grace = '45'", "grace: give a duration of 0s to 31d"),
        ("graze = '45m'", "unknown field `graze`, expected one of"),
        ("ignore = [{ reason = 'late' }]", "give one of: task_failed"),
        (
            "mass_deletion = '7'",
            "mass_deletion: give a number of identities, from 0",
        ),
    ] {
        let text = format!("[profiles.basic]\n\n[profiles.basic.health]\n{line}\n");
        let error = Home::new(Some(&text), None).error();
        assert!(
            error.contains("config.toml, line 4: ") && error.contains(why),
            "{error}"
        );
    }
    let error = Home::new(Some("[profiles.basic]\nhealth = 3\n"), None).error();
    assert!(error.contains("line 2: "), "{error}");
    assert!(error.contains("a table of grace, longest_run"), "{error}");
}
