"""Calls of the official Python SDK against the emulator."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkcore.utils import http_utils
from huaweicloudsdkdataartsstudio import v1 as studio
from huaweicloudsdkdataartsstudio.v1.region.dataartsstudio_region import DataArtsStudioRegion
from huaweicloudsdkdws import v2 as dws
from huaweicloudsdkdws.v2.region.dws_region import DwsRegion
from huaweicloudsdkmrs import v2 as mrs
from huaweicloudsdkmrs.v2.region.mrs_region import MrsRegion

FOLDER = Path(__file__).parent
PROGRAM = os.environ.get("IDSYNC_BIN", FOLDER / "../../../target/debug/idsync")
CASES = json.loads((FOLDER / "../cases.json").read_text(encoding="utf-8"))

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
every_operation = pytest.mark.parametrize("operation", OPERATIONS)


@pytest.fixture(scope="session")
def ready() -> Iterator[dict[str, Any]]:
    """The ready line of an emulator whose clock is stopped, so that its data stays."""
    with subprocess.Popen([PROGRAM, "emulator", "--quiet"], stdout=subprocess.PIPE, text=True) as process:
        ready = json.loads(process.stdout.readline())
        requests.put(ready["url"] + "/_emulator/clock", json={"running": False}, timeout=10).raise_for_status()
        yield ready
        process.terminate()


def key(ready: dict[str, Any], **fields: str) -> BasicCredentials:
    given = {name: ready[name] for name in ("ak", "sk", "project_id")} | fields
    return BasicCredentials(given["ak"], given["sk"], given["project_id"])


def required(ready: dict[str, Any], operation: str) -> dict[str, str]:
    """The parameters that an operation cannot do without."""
    if operation == "tasks":
        return {"workspace": ready["workspace"]}
    return {"cluster_id": ready["clusters"]["dws" if operation == "records" else "mrs"][0]}


def builder(operation: str, credentials: BasicCredentials) -> Any:
    # A user agent of its own keeps the SDK from describing this machine.
    config = HttpConfig(user_agent="idsync-peers", timeout=(10, 30))
    return OPERATIONS[operation][0].new_builder().with_http_config(config).with_credentials(credentials)


def invoke(client: Any, operation: str, parameters: dict[str, Any], headers: dict[str, str] | None = None) -> Any:
    """The answer, as JSON without nulls."""
    _, _, request, invoker = OPERATIONS[operation]
    invocation = getattr(client, invoker)(request(**parameters))
    for name, value in (headers or {}).items():
        invocation = invocation.add_header(name, value)
    return http_utils.sanitize_for_serialization(invocation.invoke())


def call(ready: dict[str, Any], operation: str, credentials: BasicCredentials | None = None, **more: Any) -> Any:
    client = builder(operation, credentials or key(ready)).with_endpoint(ready["url"]).build()
    parameters = required(ready, operation) | more.pop("parameters", {})
    return invoke(client, operation, parameters, **more)


def plain(ready: dict[str, Any], operation: str, parameters: dict[str, Any]) -> Any:
    """What a plain request with a token gets, without nulls: the SDK does not tell those from absent fields."""
    paths = {
        "tasks": "/v1/{project_id}/security/member-sync-tasks",
        "records": "/v1/{project_id}/clusters/{cluster_id}/db-manager/sync-records",
        "syncing": "/v2/{project_id}/clusters/{cluster_id}/iam-sync",
    }
    url = ready["url"] + paths[operation].format(project_id=ready["project_id"], **required(ready, operation))
    query = {name: str(value).lower() if isinstance(value, bool) else value for name, value in parameters.items()}
    headers = {"X-Auth-Token": ready["token"], "workspace": ready["workspace"]}
    response = requests.get(url, params=query, headers=headers, timeout=10)
    response.raise_for_status()
    return without_nulls(response.json())


def without_nulls(value: Any) -> Any:
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: without_nulls(field) for name, field in value.items() if field is not None}


def assert_refused(error: ClientRequestException, status: int, code: str, message: str) -> None:
    assert (error.status_code, error.error_code) == (status, code)
    assert message in error.error_msg
    assert re.fullmatch("[0-9a-f]{32}", error.request_id)


@pytest.mark.parametrize(
    ("operation", "parameters"), [(operation, row) for operation, rows in CASES["answers"].items() for row in rows]
)
def test_the_sdk_gets_what_a_plain_request_gets(ready: dict[str, Any], operation: str, parameters: dict[str, Any]) -> None:
    assert call(ready, operation, parameters=parameters) == plain(ready, operation, parameters)


@pytest.mark.parametrize(
    ("operation", "row"), [(operation, row) for operation, rows in CASES["refusals"].items() for row in rows]
)
def test_a_refusal_of_the_service_comes_with_its_code(ready: dict[str, Any], operation: str, row: dict[str, Any]) -> None:
    with pytest.raises(ClientRequestException) as refusal:
        call(ready, operation, parameters=row["parameters"])
    assert_refused(refusal.value, 400, row["code"], row["message"])


@pytest.mark.parametrize(
    ("fields", "status", "code", "message"),
    [
        ({"sk": "wrong"}, 401, "APIGW.0301", "verify aksk signature fail"),
        ({"ak": "NOBODY"}, 401, "APIGW.0301", "ak not exist"),
        ({"project_id": "0" * 32}, 403, "APIGW.0302", "project"),
    ],
)
@every_operation
def test_a_wrong_key_is_refused(
    ready: dict[str, Any], operation: str, fields: dict[str, str], status: int, code: str, message: str
) -> None:
    with pytest.raises(ClientRequestException) as refusal:
        call(ready, operation, key(ready, **fields))
    assert_refused(refusal.value, status, code, message)


def date(minutes: int) -> dict[str, str]:
    """Headers that sign a request with another time."""
    return {"X-Sdk-Date": (datetime.now(UTC) + timedelta(minutes=minutes)).strftime("%Y%m%dT%H%M%SZ")}


@every_operation
def test_a_signature_is_good_for_fifteen_minutes(ready: dict[str, Any], operation: str) -> None:
    for minutes in (-14, 14):
        assert call(ready, operation, headers=date(minutes)) == plain(ready, operation, {})
    for minutes in (-16, 16):
        with pytest.raises(ClientRequestException) as refusal:
            call(ready, operation, headers=date(minutes))
        assert_refused(refusal.value, 401, "APIGW.0301", "signature expired")


@pytest.fixture(scope="session")
def temporary(ready: dict[str, Any]) -> dict[str, str]:
    """A temporary key, from where a cloud server gets one."""
    ttl = {"X-Metadata-Token-Ttl-Seconds": "60"}
    token = requests.put(ready["url"] + "/meta-data/latest/api/token", headers=ttl, timeout=10)
    proof = {"X-Metadata-Token": token.text}
    answer = requests.get(ready["url"] + "/openstack/latest/securitykey", headers=proof, timeout=10)
    return answer.json()["credential"]


@every_operation
def test_a_temporary_key_needs_its_security_token(
    ready: dict[str, Any], temporary: dict[str, str], operation: str
) -> None:
    own = key(ready, ak=temporary["access"], sk=temporary["secret"])
    for wrong in (own, key(ready, ak=own.ak, sk=own.sk).with_security_token("another")):
        with pytest.raises(ClientRequestException) as refusal:
            call(ready, operation, wrong)
        assert_refused(refusal.value, 401, "APIGW.0301", "X-Security-Token")
    assert call(ready, operation, own.with_security_token(temporary["securitytoken"])) == plain(ready, operation, {})


@every_operation
def test_the_sdk_finds_endpoint_and_project_by_the_region(
    ready: dict[str, Any], operation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    region = ready["region"].upper().replace("-", "_")
    for service in ("DATAARTSSTUDIO", "DWS", "MRS"):
        monkeypatch.setenv(f"HUAWEICLOUD_SDK_REGION_{service}_{region}", ready["url"])
    credentials = BasicCredentials(ready["ak"], ready["sk"]).with_iam_endpoint(ready["url"])
    regions = OPERATIONS[operation][1]
    client = builder(operation, credentials).with_region(regions.value_of(ready["region"])).build()
    assert invoke(client, operation, required(ready, operation)) == plain(ready, operation, {})
