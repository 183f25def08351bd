//! Where both files are found, what they may contain, and the errors of what they may not.

use std::fs;

use super::*;

/// A home directory with the two files, where given.
struct Home {
    directory: tempfile::TempDir,
    variables: Vec<(&'static str, String)>,
}

impl Home {
    fn new(config: Option<&str>, keys: Option<&str>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in [
            (".config/idsync/config.toml", config),
            (".huaweicloud/credentials", keys),
        ] {
            if let Some(text) = text {
                let path = directory.path().join(name);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
        }
        Self {
            directory,
            variables: Vec::new(),
        }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    fn read(&self, chosen: Option<&str>) -> Result<Profiles, Error> {
        Profiles::read(chosen, &|name| {
            if name == "HOME" {
                return Some(self.directory.path().display().to_string());
            }
            let mut variables = self.variables.iter();
            let found = variables.find(|(known, _)| *known == name);
            found.map(|(_, value)| value.clone())
        })
    }

    /// What is wrong with the files.
    fn error(&self) -> String {
        let read = self.read(None);
        let error = read.and_then(|profiles| profiles.credentials().map(|_| ()));
        let error = error.unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("SECRET"), "{shown}");
        error.to_string()
    }
}

fn found(profiles: &Profiles) -> Found<'_> {
    profiles.credentials().unwrap().unwrap()
}

const CONFIG: &str = r#"
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

const KEYS: &str = "[basic]\nak = AKSECRET\nsk = SKSECRET\nproject_id = p2\n\
    iam_endpoint = https://iam.example\nunknown = kept for others\n\n\
    [prod]\nak = AKSECRET\nsk = SKSECRET\nsecurity_token = STSECRET\n";

#[test]
fn every_setting_of_the_configuration_file_is_read() {
    let profiles = Home::new(Some(CONFIG), Some(KEYS)).read(None).unwrap();
    let own = profiles.own.as_ref().unwrap();
    assert_eq!(own.region.as_deref(), Some("cn-north-4"));
    assert_eq!(own.project_id.as_ref().unwrap().as_str(), "p1");
    assert_eq!(own.workspaces.len(), 2);
    assert_eq!(own.endpoints.len(), 2);
    let shown = format!("{:?} {own:?}", found(&profiles));
    assert!(
        shown.contains("(access key)") && !shown.contains("SECRET"),
        "{shown}"
    );
}

#[test]
fn a_section_of_the_credentials_file_gives_key_project_and_endpoint() {
    let profiles = Home::new(None, Some(KEYS)).read(None).unwrap();
    let found = found(&profiles);
    let section = found.profile.unwrap();
    assert_eq!(section.project_id.as_ref().unwrap().as_str(), "p2");
    assert_eq!(section.endpoints[0].url, "https://iam.example");
    assert!(found.origin.contains("section [basic] of"));
    assert!(!format!("{found:?}").contains("SECRET"));
}

#[test]
fn a_profile_is_picked_by_the_caller_else_by_the_variable() {
    let home = || Home::new(Some(CONFIG), Some(KEYS));
    let chosen = home().with(PROFILE, "basic").read(Some("prod")).unwrap();
    assert!(chosen.is_chosen && found(&chosen).origin.contains("`prod`"));
    let named = home().with(PROFILE, "prod").read(None).unwrap();
    assert!(!named.is_chosen && found(&named).origin.contains("`prod`"));
    let error = home().with(PROFILE, "test").error();
    assert!(
        error.contains("no profile `test`; it has: basic, prod"),
        "{error}"
    );
    assert!(
        error.contains("no section [test]; it has: basic, prod"),
        "{error}"
    );
}

#[test]
fn files_are_found_where_the_variables_say_and_must_then_exist() {
    for (variable, text) in [(CONFIG_FILE, CONFIG), (CREDENTIALS_FILE, KEYS)] {
        let home = Home::new(None, None);
        let path = home.directory.path().join("elsewhere");
        fs::write(&path, text).unwrap();
        let home = home.with(variable, path.to_str().unwrap());
        assert!(
            found(&home.read(None).unwrap())
                .origin
                .contains("elsewhere")
        );
        let error = Home::new(None, None)
            .with(variable, "/nowhere/at-all")
            .error();
        assert!(
            error.contains(variable) && error.contains("does not exist"),
            "{error}"
        );
    }
    let profiles = Home::new(None, None).read(None).unwrap();
    let why = profiles.credentials().unwrap().unwrap_err();
    assert_eq!(why.matches("does not exist").count(), 2, "{why}");
}

#[test]
fn an_error_in_the_configuration_file_names_line_and_key_and_shows_no_value() {
    for (text, line, reason) in [
        (
            "[profiles.basic]\nregoin = \"SECRET\"",
            2,
            "did you mean `region`?",
        ),
        (
            "[profiles.basic.endpoints]\ndwss = \"SECRET\"",
            2,
            "did you mean `dws`?",
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
            "[profiles.basic.credentials]\nak = \"a\"\nsk = \"SECRET\\n\"",
            1,
            "the secret key ends with a line break",
        ),
        (
            "[profiles.basic]\nregion = \"a\"\nregion = \"SECRET\"",
            3,
            "duplicate key",
        ),
        ("[profiles.basic]\nproject_id = \"../x\"", 2, "project id"),
        ("[profiles.basic]\nrate = \"fast\"", 2, "REQUESTS/DURATION"),
        (
            "[profiles.basic]\n\nworkspaces = [\"w1\",\n\"a b\"]",
            3,
            "workspace id",
        ),
        ("\nregion SECRET", 2, "not valid TOML"),
        (
            "[profiles.basic.health]\ngrace = '45'",
            2,
            "grace: give a duration",
        ),
        (
            "[profiles.basic.health]\ngraze = '45m'",
            2,
            "did you mean `grace`?",
        ),
    ] {
        let error = Home::new(Some(text), None).error();
        let place = format!("config.toml, line {line}: ");
        assert!(
            error.contains(&place) && error.contains(reason),
            "{text:?}: {error}"
        );
        assert!(!error.contains("555"), "{error}");
    }
}

#[test]
fn empty_values_count_as_absent() {
    let config = "[profiles.basic]\nregion = ''\nproject_id = ''\nrate = ''\n\
        [profiles.basic.endpoints]\ndws = ''\n[profiles.basic.credentials]\nak = ''\nsk = ''\n";
    let profiles = Home::new(Some(config), Some("[basic]\nak =\nsk =\n"))
        .read(None)
        .unwrap();
    let own = profiles.own.as_ref().unwrap();
    assert!(own.region.is_none() && own.project_id.is_none() && own.endpoints.is_empty());
    assert!(profiles.credentials().unwrap().is_err());
}

#[test]
fn the_rules_of_health_are_read_with_the_profile() {
    let text = "[profiles.basic.health]\ngrace = '45m'\nignore = [{ cluster = 'test-*' }]\n[profiles.other]\n";
    let profiles = Home::new(Some(text), None).read(None).unwrap();
    let mut rules = Rules::new();
    rules.grace = Some(std::time::Duration::from_mins(45));
    rules.ignore.push("test-*".parse().unwrap());
    assert_eq!(profiles.own.as_ref().unwrap().rules, rules);
}

#[test]
#[cfg(unix)]
fn a_file_with_secrets_that_others_can_read_causes_a_warning() {
    use std::os::unix::fs::PermissionsExt;

    let home = Home::new(None, Some(KEYS));
    let path = home.directory.path().join(".huaweicloud/credentials");
    for (mode, warnings) in [(0o600, 0), (0o640, 1), (0o604, 1)] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let found = home.read(None).unwrap().keys.unwrap().unwrap().warnings;
        assert_eq!(found.len(), warnings, "{mode:o}: {found:?}");
    }
}
