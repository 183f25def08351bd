//! `idsync sweep --shard`: the projects of a fleet, divided among processes.

use std::fmt::Write;

use idsync_emulator::Scenario;

use crate::idsync::Idsync;
use crate::services::Services;

const THREE_PROJECTS: &str = "
workspaces: [one, two, three]
projects: [{name: cn-north-4_two, workspaces: [two]}, {name: cn-north-4_three, workspaces: [three]}]
clusters:
  - {name: one-dws, type: DWS, task: {first_run: 1h ago, runs: [{status: SYNC_SUCCESS}]}}
  - {name: two-dws, type: DWS, workspaces: [two], task: {first_run: 1h ago, runs: [{status: SYNC_FAIL}]}}
  - {name: three-mrs, type: MRS, workspaces: [three], task: {first_run: 1h ago, runs: [{status: SYNC_SUCCESS}]}}
";

const CLUSTERS: [&str; 3] = ["one-dws", "two-dws", "three-mrs"];

#[test]
fn the_shards_of_a_fleet_sweep_every_project_once() {
    let scenario = Scenario::from_yaml(THREE_PROJECTS, "three").unwrap();
    let services = Services::with(|builder| builder.scenario(scenario));
    let folder = tempfile::tempdir().unwrap();
    let mut fleet = String::new();
    for project in &services.ready().projects {
        let (id, url, workspaces) = (&project.id, services.url(), &project.workspaces);
        writeln!(
            fleet,
            "[[project]]\nproject_id = '{id}'\nendpoint = '{url}'\nworkspaces = {workspaces:?}"
        )
        .unwrap();
    }
    let path = folder.path().join("fleet.toml");
    std::fs::write(&path, fleet).unwrap();
    let with_store = |command: &str, store: &str| {
        let store = folder.path().join(store);
        let command = Idsync::new(&format!("{command} --store {}", store.display()));
        command
            .env("HUAWEICLOUD_SDK_AK", &services.ready().ak)
            .env("HUAWEICLOUD_SDK_SK", &services.ready().sk)
    };
    let sweep = |flags: &str, store: &str| {
        let flags = format!("sweep --fleet {} {flags}", path.display());
        with_store(&flags, store).run().exits(0).stderr
    };
    let seen = |store: &str| {
        let history = |name: &&str| {
            let run = with_store(&format!("history {name} -o json"), store).run();
            (run.code == 0).then(|| run.json()["verdict"].to_string())
        };
        CLUSTERS.iter().map(history).collect::<Vec<_>>()
    };
    sweep("--shard 0/1", "whole.db");
    let whole = seen("whole.db");
    assert!(whole.iter().all(Option::is_some), "{whole:?}");
    for index in 0..8 {
        let store = format!("shard-{index}.db");
        let stderr = sweep(&format!("--shard {index}/8"), &store);
        let is_empty = seen(&store).iter().all(Option::is_none);
        assert_eq!(
            stderr.contains("complete: no project belongs to shard"),
            is_empty
        );
        sweep(&format!("--shard {index}/8"), "all.db");
    }
    assert_eq!(seen("all.db"), whole);
    for (at, cluster) in whole.iter().enumerate() {
        let shards = (0..8).map(|index| seen(&format!("shard-{index}.db")).remove(at));
        let shards: Vec<_> = shards.flatten().collect();
        assert_eq!(shards, [cluster.clone().unwrap()], "{}", CLUSTERS[at]);
    }
}

#[test]
fn a_shard_that_does_not_exist_is_refused() {
    for (shard, why) in [
        ("64/64", "the shards are 0/64 to 63/64"),
        ("-1/3", "such as 0/64"),
        ("/64", "such as 0/64"),
        ("1/0", "there can be 1 to 1024 shards"),
    ] {
        let run = Idsync::new(&format!("sweep --demo --shard {shard}"))
            .run()
            .exits(2);
        assert!(run.stderr.contains(why), "{shard}: {}", run.stderr);
    }
}
