"""MRS: whether a cluster is copying IAM users right now."""

from clients.mrs.api.iam_synchronization import list_cluster_sync_task_status
from clients.mrs.client import AuthenticatedClient
from clients.mrs.models import ErrorResponse, IamSyncStatus
from service import ServiceFailure, settings


def read_status(url: str, token: str, project_id: str, cluster_id: str) -> IamSyncStatus:
    """The flag; absent or null means that the service did not tell."""
    with AuthenticatedClient(**settings(url, token)) as client:
        response = list_cluster_sync_task_status.sync_detailed(project_id, cluster_id, client=client)
    match response.parsed:
        case IamSyncStatus() as status:
            return status
        case ErrorResponse() as error:
            raise ServiceFailure(response.status_code, error.error_code or None)
        case _:
            raise ServiceFailure(response.status_code)


def fields(status: IamSyncStatus) -> dict[str, object]:
    """Every field of the answer, by its name on the wire."""
    return {"is_synchronizing": status.is_synchronizing}
