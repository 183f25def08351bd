//! Projects, versions and the catalogue, by which `OpenStack` clients find the services, and calls from browsers.

use idsync_emulator::*;
use serde_json::{Value, json};

use crate::client::{Reply, Request, records_path, syncing};

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
    let builder = Emulator::builder().scenario(scenario).auth(Auth::Off);
    builder.start().await.unwrap()
}

async fn tasks(emulator: &Emulator, project: &ReadyProject, workspace: &str) -> Reply {
    let path = format!("/v1/{}/security/member-sync-tasks", project.id);
    let request = Request::get(emulator, path);
    request.header("workspace", workspace).send().await
}

#[tokio::test]
async fn each_project_has_its_own_workspaces_and_clusters() {
    let emulator = two_projects().await;
    let [first, second] = emulator.ready().projects.as_slice() else {
        panic!("{:?}", emulator.ready());
    };
    assert_eq!(
        (first.name.as_str(), second.name.as_str()),
        (REGION, "cn-north-4_lab")
    );
    assert_eq!(
        (first.clusters.dws.len(), second.clusters.dws.len()),
        (1, 1)
    );
    let lab = &second.workspaces[0];
    assert_eq!(tasks(&emulator, second, lab).await.json()["total"], 1);
    assert_eq!(tasks(&emulator, first, lab).await.error_code(), "DLS.0404");
    let foreign = records_path(&emulator, &second.clusters.dws[0]);
    let reply = Request::get(&emulator, foreign).send().await;
    assert_eq!(reply.error_code(), "DWS.5064");
    let listed = Request::get(&emulator, "/v3/auth/projects")
        .send()
        .await
        .json();
    assert_eq!(listed["projects"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_fault_can_be_limited_to_a_project_or_a_workspace() {
    let emulator = two_projects().await;
    let [first, second] = emulator.ready().projects.as_slice() else {
        panic!("{:?}", emulator.ready());
    };
    let path = |project: &ReadyProject| {
        let cluster = &project.clusters.dws[0];
        format!(
            "/v1/{}/clusters/{cluster}/db-manager/sync-records",
            project.id
        )
    };
    assert_eq!(
        Request::get(&emulator, path(first)).send().await.status,
        200
    );
    assert_eq!(
        Request::get(&emulator, path(second)).send().await.status,
        503
    );
    let lab = &second.workspaces[0];
    let fault = Fault::on(Operation::Tasks, FaultKind::status(403)).at_workspace(lab);
    emulator.add_fault(fault).unwrap();
    assert_eq!(tasks(&emulator, second, lab).await.status, 403);
    assert_eq!(
        tasks(&emulator, first, &first.workspaces[0]).await.status,
        200
    );
}

/// Logs in with user and password for a scope.
async fn log_in(emulator: &Emulator, scope: Value) -> Reply {
    let ready = emulator.ready();
    let user = json!({
        "name": ready.user, "password": ready.password, "domain": {"name": ready.domain},
    });
    let identity = json!({"methods": ["password"], "password": {"user": user}});
    let body = json!({"auth": {"identity": identity, "scope": scope}}).to_string();
    let request = Request::new(emulator, "POST", "/v3/auth/tokens");
    request.body(body).send().await
}

#[tokio::test]
async fn the_catalogue_of_a_token_has_the_address_of_each_service() {
    let emulator = two_projects().await;
    let project = &emulator.ready().projects[1];
    let token = log_in(&emulator, json!({"project": {"name": project.name}}))
        .await
        .json();
    let catalog = token["token"]["catalog"].as_array().unwrap();
    let url = |kind: &str| {
        let service = catalog.iter().find(|it| it["type"] == kind).unwrap();
        service["endpoints"][0]["url"].as_str().unwrap().to_owned()
    };
    let base = emulator.url();
    assert_eq!(url("iam"), format!("{base}/v3"));
    assert_eq!(url("identity"), url("iam"));
    assert_eq!(url("dayu"), format!("{base}/v1/{}", project.id));
    assert_eq!(url("dws"), format!("{base}/v1/{}", project.id));
    assert_eq!(url("mrs"), format!("{base}/v2/{}", project.id));
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
        let expected = allowed.then_some(origin);
        for reply in [&preflight, &reply] {
            assert_eq!(
                reply.header("access-control-allow-origin"),
                expected,
                "{origin}"
            );
        }
        assert_eq!(
            preflight.header("access-control-allow-methods"),
            Some("POST")
        );
        let headers = preflight.header("access-control-allow-headers");
        assert_eq!(headers, Some("x-auth-token, workspace"));
    }
    assert_eq!(
        emulator.request_counts().total,
        6,
        "a preflight reaches no service"
    );
}
