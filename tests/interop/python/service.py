"""Calls of the three operations with the generated clients, as an application would write them."""

from typing import Any, TypeVar

import httpx

from clients import dataarts_studio, dws, mrs
from clients.dataarts_studio.api.user_synchronization import list_security_member_sync_tasks
from clients.dataarts_studio.models import ListSecurityMemberSyncTasksOrderBy, MemberSyncTaskPage
from clients.dws.api.identity_sources import list_sync_records
from clients.dws.models import SyncRecordPage
from clients.mrs.api.iam_synchronization import list_cluster_sync_task_status
from clients.mrs.models import IamSyncStatus

Success = TypeVar("Success")


class ServiceError(Exception):
    """An answer that is not a success. `code` is None if the body is not an error of the service."""

    def __init__(self, status: int, code: str | None = None) -> None:
        super().__init__(f"status {status}, error code {code}")
        self.status = status
        self.code = code


def reject_other_than_json(response: httpx.Response) -> None:
    """Keeps the status: the generated code raises a JSONDecodeError without it."""
    response.read()
    try:
        response.json()
    except ValueError as error:
        raise ServiceError(response.status_code) from error


def options(url: str, token: str) -> dict[str, Any]:
    """Arguments for `AuthenticatedClient`. The token has a header of its own, without a prefix."""
    return {
        "base_url": url,
        "token": token,
        "prefix": "",
        "auth_header_name": "X-Auth-Token",
        "timeout": httpx.Timeout(10),
        "httpx_args": {"event_hooks": {"response": [reject_other_than_json]}},
    }


def success(response: Any, model: type[Success]) -> Success:
    """The typed body, or a ServiceError."""
    if isinstance(response.parsed, model):
        return response.parsed
    raise ServiceError(response.status_code, getattr(response.parsed, "error_code", None) or None)


def list_tasks(url: str, token: str, project_id: str, workspace: str) -> MemberSyncTaskPage:
    """The first 50 tasks of a workspace, latest run first."""
    with dataarts_studio.AuthenticatedClient(**options(url, token)) as client:
        response = list_security_member_sync_tasks.sync_detailed(
            project_id,
            client=client,
            workspace=workspace,
            limit=50,
            offset=0,
            order_by=ListSecurityMemberSyncTasksOrderBy.SYNC_TIME,
            order_by_asc=False,
        )
    return success(response, MemberSyncTaskPage)


def list_records(url: str, token: str, project_id: str, cluster_id: str) -> SyncRecordPage:
    """The first 100 records of a DWS cluster."""
    with dws.AuthenticatedClient(**options(url, token)) as client:
        response = list_sync_records.sync_detailed(project_id, cluster_id, client=client, offset=0, limit=100)
    return success(response, SyncRecordPage)


def read_status(url: str, token: str, project_id: str, cluster_id: str) -> IamSyncStatus:
    """Whether an MRS cluster synchronizes IAM users now. A flag that is absent or null is not known."""
    with mrs.AuthenticatedClient(**options(url, token)) as client:
        response = list_cluster_sync_task_status.sync_detailed(project_id, cluster_id, client=client)
    return success(response, IamSyncStatus)
