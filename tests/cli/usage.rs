//! Valid and invalid command lines, and the flags of help.

use idsync_emulator::Operation;
use serde_json::json;

use crate::idsync::Idsync;
use crate::services::Services;

#[test]
fn an_id_that_could_change_the_request_is_refused_before_anything_is_sent() {
    let services = Services::start();
    let long = "x".repeat(65);
    for id in [
        "a/b",
        "..",
        "a b",
        "",
        "a%2fb",
        "a?b",
        "a\nb",
        "obs:c1",
        long.as_str(),
    ] {
        for command in [
            "records",
            "syncing",
            "tasks --workspace",
            "status --workspace",
            "tasks --project-id",
        ] {
            let run = services
                .idsync(command)
                .arg(id)
                .arg("-ojson")
                .run()
                .exits(2);
            assert_eq!(run.error()["kind"], "invalid_input", "{command} {id:?}");
            assert_eq!(run.stdout, "");
        }
        services
            .idsync("status --cluster")
            .arg(&format!("dws:{id}"))
            .run()
            .exits(2);
        services
            .idsync("tasks")
            .env("HUAWEICLOUD_SDK_PROJECT_ID", id)
            .run()
            .exits(2);
    }
    assert_eq!(services.request_counts().total, 0);
}

#[test]
fn a_wrong_command_line_is_one_json_object_with_json_output() {
    let run = Idsync::new("status --wrong -o json").run().exits(2);
    let error = run.error();
    assert_eq!(
        (&error["kind"], &error["attempts"]),
        (&"invalid_input".into(), &0.into())
    );
    let message = error["message"].as_str().unwrap();
    assert!(
        message.contains("--wrong") && !message.contains("Usage:") && !message.contains("--help"),
        "{message}"
    );
}

#[test]
fn a_cluster_of_the_other_service_is_refused_with_the_command_for_it() {
    let services = Services::start();
    for (command, cluster, other) in [
        ("records", services.mrs(), "`idsync syncing`"),
        ("syncing", services.dws(), "`idsync records`"),
    ] {
        let run = services.run(&format!("{command} {cluster}"), 1);
        let (error, hint) = run.stderr.split_once("\nhint: ").unwrap();
        assert!(
            error.contains("luster") && hint.contains(other),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn a_cluster_can_be_given_by_its_name_where_a_workspace_is_known() {
    let services = Services::start();
    let task = |id: &str, name: &str, service: &str| {
        json!({"id": id, "cluster_id": id, "cluster_name": name, "cluster_type": service,
            "sync_status": "SYNC_SUCCESS", "schedule_status": "NOT_SCHEDULE"})
    };
    let (dws, mrs) = (services.dws(), services.mrs());
    let tasks = json!({"total": 4, "tasks": [task(dws, "sales", "DWS"), task(mrs, "lake", "MRS"),
        task("a", "twin", "DWS"), task("b", "twin", "DWS")]});
    services.answer(Operation::Tasks, &tasks.to_string());
    for (by_name, by_id) in [
        ("records sales -o json", format!("records {dws} -o json")),
        ("syncing lake -o json", format!("syncing {mrs} -o json")),
    ] {
        let run = |arguments: &str| services.run(arguments, 0).stdout;
        assert_eq!(run(by_name), run(&by_id));
    }
    services.run("wait sales lake --until idle --timeout 20s", 0);
    for (arguments, reason) in [
        ("records lake", "`idsync syncing`"),
        ("syncing sales", "`idsync records`"),
        (
            "records twin",
            "several clusters are named twin: dws:a, dws:b",
        ),
        (
            "wait none --until idle",
            "no task in a workspace names a cluster none",
        ),
    ] {
        let run = services.run(arguments, 2);
        run.says(reason);
    }
}

/// After a change on purpose: `TRYCMD=overwrite cargo test -p idsync-cli --test cli`.
#[test]
fn help_and_refusals_of_wrong_command_lines_are_as_recorded() {
    trycmd::TestCases::new().case("../../tests/cli/transcripts/*.trycmd");
}
