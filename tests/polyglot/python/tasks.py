"""DataArts Studio: the user synchronization tasks of a workspace."""

from clients.dataarts_studio.api.user_synchronization import list_security_member_sync_tasks
from clients.dataarts_studio.client import AuthenticatedClient
from clients.dataarts_studio.models import ErrorResponse, MemberSyncTask, MemberSyncTaskPage, TaskOrderBy
from service import ServiceFailure, settings


def list_tasks(url: str, token: str, project_id: str, workspace: str) -> MemberSyncTaskPage:
    """The first fifty tasks, latest run first."""
    with AuthenticatedClient(**settings(url, token)) as client:
        response = list_security_member_sync_tasks.sync_detailed(
            project_id,
            client=client,
            workspace=workspace,
            limit=50,
            offset=0,
            order_by=TaskOrderBy.SYNC_TIME,
            order_by_asc=False,
        )
    match response.parsed:
        case MemberSyncTaskPage() as page:
            return page
        case ErrorResponse() as error:
            raise ServiceFailure(response.status_code, error.error_code or None)
        case _:
            raise ServiceFailure(response.status_code)


def fields(page: MemberSyncTaskPage) -> dict[str, object]:
    """Every field of the answer, by its name on the wire."""
    return {
        "total": page.total,
        "tasks": [task_fields(task) for task in page.tasks] if isinstance(page.tasks, list) else None,
    }


def task_fields(task: MemberSyncTask) -> dict[str, object]:
    return {
        "id": task.id,
        "project_id": task.project_id,
        "domain_id": task.domain_id,
        "instance_id": task.instance_id,
        "data_connection_workspace": task.data_connection_workspace,
        "cluster_type": task.cluster_type,
        "data_connection_id": task.data_connection_id,
        "data_connection_name": task.data_connection_name,
        "cluster_id": task.cluster_id,
        "cluster_name": task.cluster_name,
        "schedule_start_hour": task.schedule_start_hour,
        "schedule_end_hour": task.schedule_end_hour,
        "schedule_period": task.schedule_period,
        "schedule_interval": task.schedule_interval,
        "schedule_status": task.schedule_status,
        "sync_status": task.sync_status,
        "sync_msg": task.sync_msg,
        "sync_time": task.sync_time,
        "create_time": task.create_time,
        "create_user": task.create_user,
        "update_time": task.update_time,
        "update_user": task.update_user,
    }
