"""Does the work of the speed comparison with the official Python SDK; see the package idsync-speed for the job."""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkdws import v2 as dws
from huaweicloudsdkmrs import v2 as mrs

PAGE = 1000
AT_ONCE = 16


def client(kind, url, project_id, ak, sk):
    config = HttpConfig(user_agent="idsync-speed", timeout=(10, 60))
    builder = kind.new_builder().with_http_config(config)
    return builder.with_credentials(BasicCredentials(ak, sk, project_id)).with_endpoint(url).build()


def records(url, project_id, cluster_id, ak, sk):
    service = client(dws.DwsClient, url, project_id, ak, sk)
    items = page = 0
    while True:
        request = dws.ListSyncRecordsRequest(cluster_id=cluster_id, limit=PAGE, offset=page)
        answer = service.list_sync_records(request)
        items += sum(record.start_time is not None for record in answer.sync_records)
        page += 1
        if not answer.sync_records or page * PAGE >= answer.count:
            return items


def syncing(url, project_id, cluster_id, ak, sk, count, at_once):
    service = client(mrs.MrsClient, url, project_id, ak, sk)

    def call(_):
        answer = service.list_sync_status(mrs.ListSyncStatusRequest(cluster_id=cluster_id))
        return answer.is_synchronizing is not None

    with ThreadPoolExecutor(at_once) as workers:
        return sum(workers.map(call, range(count)))


def main():
    workload, *place, count = sys.argv[1:]
    started = time.monotonic()
    if workload == "records":
        items = records(*place)
    else:
        items = syncing(*place, int(count), {"syncing": 1, "syncing-at-once": AT_ONCE}[workload])
    print(json.dumps({"items": items, "seconds": time.monotonic() - started}), flush=True)
    sys.stdin.read()


main()
