"""Calls one operation with the official Python SDK again and again: bench.py flag|records|tasks URL CALLS."""

import sys

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkdataartsstudio import v1 as studio
from huaweicloudsdkdws import v2 as dws
from huaweicloudsdkmrs import v2 as mrs

CLUSTER = "5f6a7b8c-9d0e-4f1a-8b2c-3d4e5f6a7b8c"
WORKSPACE = "f7bc8f2a0a1b2c3d4e5f60718293a4b5"
PROJECT = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"

OPERATIONS = {
    "flag": (mrs.MrsClient, "list_sync_status", mrs.ListSyncStatusRequest(cluster_id=CLUSTER)),
    "records": (dws.DwsClient, "list_sync_records", dws.ListSyncRecordsRequest(cluster_id=CLUSTER, limit=1000)),
    "tasks": (
        studio.DataArtsStudioClient,
        "list_security_member_sync_tasks",
        studio.ListSecurityMemberSyncTasksRequest(workspace=WORKSPACE, limit=100),
    ),
}


def main() -> None:
    operation, url, calls = sys.argv[1:]
    client, method, request = OPERATIONS[operation]
    key = BasicCredentials("AKEXAMPLE00000000001", "skexample0000000000000000000000000000001", PROJECT)
    call = getattr(client.new_builder().with_credentials(key).with_endpoint(url).build(), method)
    for _ in range(int(calls)):
        call(request)


main()
