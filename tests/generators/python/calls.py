"""One call of each operation with openapi-generator's client, with default settings and a plain token."""

import os

import dataarts_studio
import dws
import mrs

token, project_id = {"IamToken": os.environ["TOKEN"]}, os.environ["PROJECT_ID"]

with dataarts_studio.ApiClient(dataarts_studio.Configuration(os.environ["ENDPOINT"], token)) as client:
    tasks = dataarts_studio.UserSynchronizationApi(client)
    assert tasks.list_security_member_sync_tasks(project_id, os.environ["WORKSPACE"]).tasks

with dws.ApiClient(dws.Configuration(os.environ["ENDPOINT"], token)) as client:
    assert dws.IdentitySourcesApi(client).list_sync_records(project_id, os.environ["DWS"]).sync_records

with mrs.ApiClient(mrs.Configuration(os.environ["ENDPOINT"], token)) as client:
    status = mrs.IAMSynchronizationApi(client).list_cluster_sync_task_status(project_id, os.environ["MRS"])
    assert status.is_synchronizing is not None
