//! Projects, versions and the catalogue, by which `OpenStack` clients find the services, and calls from browsers.

use idsync_emulator::*;
use serde_json::json;

use crate::authentication::log_in;
use crate::client::{Reply, Request, get, open, syncing};

const TWO_PROJECTS: &str = "
workspaces: [analytics, lab]
projects:
  - {name: cn-north-4_lab, workspaces: [lab]}
clusters:
  - {name: orders-dws, type: DWS, identity_source: {runs: [{at: 1h ago}]}}
  - name: lab-dws
    type: DWS
    workspaces: [lab]
    task: {first_run: 1h ago, runs: [{status: SYNC_SUCCESS}]}
  - {name: etl-mrs, type: MRS}
faults:
  - {fault: {operation: records, kind: status, status: 503, project_id: cn-north-4_lab}}
";

async fn two_projects() -> Emulator {
    let scenario = Scenario::from_yaml(TWO_PROJECTS, "two").unwrap();
    open(Emulator::builder().scenario(scenario)).await
}

async fn tasks(emulator: &Emulator, project: &ReadyProject, workspace: &str) -> Reply {
    let path = format!("/v1/{}/security/member-sync-tasks", project.id);
    let request = Request::get(emulator, path);
    request.header("workspace", workspace).send().await
}

async fn records(emulator: &Emulator, project: &ReadyProject, cluster: &str) -> Reply {
    let project = &project.id;
    let path = format!("/v1/{project}/clusters/{cluster}/db-manager/sync-records");
    get(emulator, path).await
}

#[tokio::test]
async fn each_project_has_its_own_workspaces_clusters_and_faults() {
    let emulator = two_projects().await;
    let [first, second] = emulator.ready().projects.as_slice() else {
        panic!("{:?}", emulator.ready());
    };
    assert_eq!((&*first.name, &*second.name), (REGION, "cn-north-4_lab"));
    let ([own], [foreign]) = (&first.clusters.dws[..], &second.clusters.dws[..]) else {
        panic!("{:?}", emulator.ready());
    };
    let lab = &second.workspaces[0];
    assert_eq!(tasks(&emulator, second, lab).await.json()["total"], 1);
    let reply = tasks(&emulator, first, lab).await;
    reply.assert_error(400, "DLS.0404", "");
    let reply = records(&emulator, first, foreign).await;
    reply.assert_error(400, "DWS.5064", "");
    let listed = get(&emulator, "/v3/auth/projects").await.json();
    assert_eq!(listed["projects"].as_array().unwrap().len(), 2);

    assert_eq!(records(&emulator, first, own).await.status, 200);
    assert_eq!(records(&emulator, second, foreign).await.status, 503);
    let fault = Fault::on(Operation::Tasks, FaultKind::status(403)).at_workspace(lab);
    emulator.add_fault(fault).unwrap();
    assert_eq!(tasks(&emulator, second, lab).await.status, 403);
    let other = tasks(&emulator, first, &first.workspaces[0]).await;
    assert_eq!(other.status, 200);
}

#[tokio::test]
async fn the_catalogue_of_a_token_has_the_address_of_each_service() {
    let emulator = two_projects().await;
    let project = &emulator.ready().projects[1];
    let scope = json!({"project": {"name": project.name}});
    let token = log_in(&emulator, PASSWORD, &scope).await.json();
    let catalog = token["token"]["catalog"].as_array().unwrap();
    for (kind, path) in [
        ("iam", "/v3".to_owned()),
        ("identity", "/v3".to_owned()),
        ("dayu", format!("/v1/{}", project.id)),
        ("dws", format!("/v1/{}", project.id)),
        ("mrs", format!("/v2/{}", project.id)),
    ] {
        let service = catalog.iter().find(|it| it["type"] == kind).unwrap();
        let url = format!("{}{path}", emulator.url());
        assert_eq!(service["endpoints"][0]["url"], url);
    }
}

#[tokio::test]
async fn only_pages_of_loopback_origins_may_call() {
    let emulator = Emulator::builder().start().await.unwrap();
    for (origin, allowed) in [
        ("http://localhost:8080", true),
        ("http://127.0.0.1", true),
        ("http://[::1]:3000", true),
        ("https://example.com", false),
        ("http://localhost.example.com", false),
        ("null", false),
    ] {
        let preflight = Request::new(&emulator, "OPTIONS", "/_emulator/faults")
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "x-auth-token, workspace")
            .send()
            .await;
        let reply = syncing(&emulator).header("origin", origin).send().await;
        for reply in [&preflight, &reply] {
            let allows = reply.header("access-control-allow-origin");
            assert_eq!(allows, allowed.then_some(origin), "{origin}");
        }
        for (name, value) in [("methods", "POST"), ("headers", "x-auth-token, workspace")] {
            let allows = preflight.header(&format!("access-control-allow-{name}"));
            assert_eq!(allows, Some(value));
        }
    }
    let total = emulator.request_counts().total;
    assert_eq!(total, 6, "a preflight reaches no service");
}
