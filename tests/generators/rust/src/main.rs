//! One call of each operation with openapi-generator's client, with default settings and a plain token.

use std::env::var;
use std::error::Error;

use dataarts_studio::apis::user_synchronization_api::list_security_member_sync_tasks;
use dws::apis::identity_sources_api::list_sync_records;
use mrs::apis::iam_synchronization_api::list_cluster_sync_task_status;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (url, token, project) = (var("ENDPOINT")?, var("TOKEN")?, var("PROJECT_ID")?);

    let mut studio = dataarts_studio::apis::configuration::Configuration::new();
    studio.base_path.clone_from(&url);
    studio.api_key = Some(dataarts_studio::apis::configuration::ApiKey { prefix: None, key: token.clone() });
    let workspace = var("WORKSPACE")?;
    let tasks = list_security_member_sync_tasks(
        &studio, &project, &workspace, None, None, None, None, None, None, None, None,
    )
    .await?;
    assert!(tasks.tasks.flatten().is_some_and(|tasks| !tasks.is_empty()));

    let mut records = dws::apis::configuration::Configuration::new();
    records.base_path.clone_from(&url);
    records.api_key = Some(dws::apis::configuration::ApiKey { prefix: None, key: token.clone() });
    let page = list_sync_records(&records, &project, &var("DWS")?, None, None).await?;
    assert!(page.sync_records.flatten().is_some_and(|records| !records.is_empty()));

    let mut iam = mrs::apis::configuration::Configuration::new();
    iam.base_path = url;
    iam.api_key = Some(mrs::apis::configuration::ApiKey { prefix: None, key: token });
    let status = list_cluster_sync_task_status(&iam, &project, &var("MRS")?).await?;
    assert!(status.is_synchronizing.flatten().is_some());
    Ok(())
}
