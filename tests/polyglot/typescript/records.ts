// DWS: the runs in which a cluster took over users and groups from an identity source.

import createClient from "openapi-fetch";
import type { components, paths } from "./clients/dws.js";
import { bodyOf, middlewares, settings } from "./service.js";

type Page = components["schemas"]["SyncRecordPage"];
type SyncRecord = components["schemas"]["IdentitySourceSyncRecordVo"];

/** The first page of a hundred records. */
export async function listRecords(url: string, token: string, projectId: string, clusterId: string): Promise<Page> {
  const client = createClient<paths>(settings(url, token));
  client.use(...middlewares);
  const result = await client.GET("/v1/{project_id}/clusters/{cluster_id}/db-manager/sync-records", {
    params: {
      path: { project_id: projectId, cluster_id: clusterId },
      query: { offset: 0, limit: 100 },
    },
  });
  return bodyOf(result);
}

/** Every field of the answer, by its name on the wire. */
export function fields(page: Page) {
  return { count: page.count ?? null, sync_records: page.sync_records?.map(recordFields) ?? null };
}

function recordFields(record: SyncRecord) {
  return {
    id: record.id ?? null,
    identity_source_id: record.identity_source_id ?? null,
    identity_source_type: record.identity_source_type ?? null,
    start_time: record.start_time ?? null,
    end_time: record.end_time ?? null,
    add_count: record.add_count ?? null,
    update_count: record.update_count ?? null,
    delete_count: record.delete_count ?? null,
    failed_count: record.failed_count ?? null,
    status: record.status ?? null,
    fail_reason: record.fail_reason ?? null,
  };
}
