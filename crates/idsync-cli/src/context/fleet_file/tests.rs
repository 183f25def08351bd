//! Files that are right, and files that are wrong in one place.

use std::time::Duration;

use super::*;
use crate::failure::Cause;

fn read(text: &str) -> Result<FleetFile, String> {
    FleetFile::parse(Path::new("fleet.toml"), text).map_err(|failure| match failure.cause {
        Cause::Usage(message) => message,
        other => panic!("{other:?}"),
    })
}

#[test]
fn a_fleet_has_rules_and_projects() {
    let fleet = read(
        "[health]\ngrace = '45m'\n\
         [[project]]\nproject_id = 'p1'\nregion = 'r1'\nprofile = 'a'\nworkspaces = ['w1', 'w2']\n\
         endpoint = 'https://all.example'\nendpoints = { dws = 'https://dws.example' }\n\
         [[project]]\nproject_id = 'p2'\nclusters = ['dws:c1', 'mrs:c1']\n",
    );
    let fleet = fleet.unwrap();
    assert_eq!(fleet.rules.grace, Some(Duration::from_mins(45)));
    let [first, second] = fleet.projects.as_slice() else {
        panic!("{fleet:?}")
    };
    assert_eq!(first.origin, "fleet.toml:3");
    assert_eq!(
        (first.region.as_deref(), first.profile.as_deref()),
        (Some("r1"), Some("a"))
    );
    assert_eq!((first.workspaces.len(), first.endpoints.len()), (2, 2));
    assert_eq!(second.clusters.len(), 2);
}

#[test]
fn a_mistake_is_told_with_its_line_and_what_is_allowed() {
    let project = "[[project]]\nproject_id = 'p1'\n";
    for (text, line, why) in [
        ("", 1, "there is no [[project]]"),
        ("# nothing\n", 1, "there is no [[project]]"),
        ("[health]\ngrace = '45m'\n", 1, "there is no [[project]]"),
        ("\n[[projects]]\n", 2, "expected `health` or `project`"),
        (
            &format!("{project}workspace = 'w'\n"),
            3,
            "expected one of `project_id`",
        ),
        (
            &format!("{project}workspaces = 'w'\n"),
            3,
            "workspaces: invalid type: string \"w\", expected a list",
        ),
        (
            &format!("{project}clusters = [5]\n"),
            3,
            "clusters: invalid type: integer `5`, expected a string",
        ),
        (
            "[[project]]\nproject_id = 5\n",
            2,
            "project_id: invalid type: integer `5`, expected a string",
        ),
        (
            &format!("{project}endpoints = {{ dws = true }}\n"),
            3,
            "dws: invalid type: boolean `true`, expected a string",
        ),
        ("project = 5\n", 1, "project: invalid type: integer `5`"),
        (
            "[health]\nignore = 5\n",
            2,
            "invalid type: integer `5`, expected a list for `ignore`",
        ),
        (
            "[health]\n[[health.ignore]]\ncluster = 'a'\n[[health.ignore]]\nreason = 'late'\n",
            5,
            "is not a reason",
        ),
        (
            &format!("{project}workspaces = ['w', 'a b']\n"),
            3,
            "\"a b\"",
        ),
        (
            &format!("{project}clusters = [\n'dws:c1',\n'obs:c2']\n"),
            5,
            "dws:ID or mrs:ID",
        ),
        (
            &format!("{project}clusters = ['dws:c1', 'dws:c1']\n"),
            3,
            "is there twice",
        ),
        (
            &format!("{project}workspaces = ['w', 'w']\n"),
            3,
            "is there twice",
        ),
        (
            &format!("{project}endpoints = {{ obs = 'x' }}\n"),
            3,
            "`dataarts`, `dws`, `mrs`, `iam`",
        ),
        (&format!("{project}\n{project}"), 4, "that of line 1"),
        (
            "[[project]]\nregion = 'r'\n[[project]]\nregion = 'r'\n",
            3,
            "that of line 1",
        ),
        ("[[project]]\nproject_id = 'a/b'\n", 2, "\"a/b\""),
        ("[health]\ngraze = '45m'\n", 2, "expected one of `grace`"),
        ("[health]\nlongest_run = '0s'\n", 2, "longer than 0s"),
        ("[[project]\n", 1, ""),
    ] {
        let message = read(text).unwrap_err();
        let begin = format!("fleet.toml:{line}: ");
        assert!(
            message.starts_with(&begin) && message.contains(why),
            "{text:?}: {message}"
        );
        assert!(!message.contains('\n'), "{message:?}");
    }
}

#[test]
fn projects_of_two_regions_may_both_leave_their_ids_to_be_looked_up() {
    let fleet = read("[[project]]\nregion = 'r1'\n[[project]]\nregion = 'r2'\n").unwrap();
    assert_eq!(fleet.projects.len(), 2);
}

#[test]
fn a_file_that_never_ends_is_given_up() {
    if Path::new("/dev/zero").exists() {
        let failure = FleetFile::read(Path::new("/dev/zero")).unwrap_err();
        assert!(format!("{:?}", failure.cause).contains("larger than any fleet"));
    }
}
