"""Calls the emulator with the official Python SDK: calls come as JSON lines on stdin, outcomes go to stdout."""

import json
import sys

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions import exceptions
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkcore.utils import http_utils
from huaweicloudsdkdataartsstudio import v1 as studio
from huaweicloudsdkdataartsstudio.v1.region.dataartsstudio_region import DataArtsStudioRegion
from huaweicloudsdkdws import v2 as dws
from huaweicloudsdkdws.v2.region.dws_region import DwsRegion
from huaweicloudsdkmrs import v2 as mrs
from huaweicloudsdkmrs.v2.region.mrs_region import MrsRegion

# The client, its regions, the request of the operation, and the name of its invoker.
OPERATIONS = {
    "tasks": (
        studio.DataArtsStudioClient,
        DataArtsStudioRegion,
        studio.ListSecurityMemberSyncTasksRequest,
        "list_security_member_sync_tasks_invoker",
    ),
    "records": (dws.DwsClient, DwsRegion, dws.ListSyncRecordsRequest, "list_sync_records_invoker"),
    "syncing": (mrs.MrsClient, MrsRegion, mrs.ListSyncStatusRequest, "list_sync_status_invoker"),
}


def credentials(call):
    given = BasicCredentials(call["ak"], call["sk"], call.get("project_id"))
    if "security_token" in call:
        given = given.with_security_token(call["security_token"])
    if "iam_endpoint" in call:
        given = given.with_iam_endpoint(call["iam_endpoint"])
    return given


def client(call):
    kind, regions, _, _ = OPERATIONS[call["operation"]]
    # A user agent of its own keeps the SDK from describing this machine.
    config = HttpConfig(user_agent="idsync-peers", timeout=(10, 30))
    builder = kind.new_builder().with_http_config(config).with_credentials(credentials(call))
    if "endpoint" in call:
        return builder.with_endpoint(call["endpoint"]).build()
    return builder.with_region(regions.value_of(call["region"])).build()


def answered(call):
    _, _, request, invoker = OPERATIONS[call["operation"]]
    invocation = getattr(client(call), invoker)(request(**call.get("parameters", {})))
    for name, value in call.get("headers", {}).items():
        invocation = invocation.add_header(name, value)
    response = invocation.invoke()
    return {"status": response.status_code, "body": http_utils.sanitize_for_serialization(response)}


def refused(error):
    told = {"class": type(error).__name__, "message": error.error_msg}
    for name, attribute in (("status", "status_code"), ("code", "error_code"), ("request_id", "request_id")):
        told[name] = getattr(error, attribute, None)
    return {"error": told}


def outcome(call):
    try:
        return answered(call)
    except exceptions.SdkException as error:
        return refused(error)


for line in sys.stdin:
    print(json.dumps(outcome(json.loads(line))), flush=True)
