"""DWS: the runs in which a cluster took over users and groups from an identity source."""

from clients.dws.api.identity_sources import list_sync_records
from clients.dws.client import AuthenticatedClient
from clients.dws.models import ErrorResponse, IdentitySourceSyncRecordVo, SyncRecordPage
from service import ServiceFailure, settings


def list_records(url: str, token: str, project_id: str, cluster_id: str) -> SyncRecordPage:
    """The first page of a hundred records."""
    with AuthenticatedClient(**settings(url, token)) as client:
        response = list_sync_records.sync_detailed(project_id, cluster_id, client=client, offset=0, limit=100)
    match response.parsed:
        case SyncRecordPage() as page:
            return page
        case ErrorResponse() as error:
            raise ServiceFailure(response.status_code, error.error_code or None)
        case _:
            raise ServiceFailure(response.status_code)


def fields(page: SyncRecordPage) -> dict[str, object]:
    """Every field of the answer, by its name on the wire."""
    records = page.sync_records
    return {
        "count": page.count,
        "sync_records": [record_fields(record) for record in records] if isinstance(records, list) else None,
    }


def record_fields(record: IdentitySourceSyncRecordVo) -> dict[str, object]:
    return {
        "id": record.id,
        "identity_source_id": record.identity_source_id,
        "identity_source_type": record.identity_source_type,
        "start_time": record.start_time,
        "end_time": record.end_time,
        "add_count": record.add_count,
        "update_count": record.update_count,
        "delete_count": record.delete_count,
        "failed_count": record.failed_count,
        "status": record.status,
        "fail_reason": record.fail_reason,
    }
