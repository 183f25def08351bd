// MRS: whether a cluster is copying IAM users right now.

import createClient from "openapi-fetch";
import type { components, paths } from "./clients/mrs.js";
import { bodyOf, middlewares, settings } from "./service.js";

type Status = components["schemas"]["IamSyncStatus"];

/** The flag; absent or null means that the service did not tell. */
export async function readStatus(url: string, token: string, projectId: string, clusterId: string): Promise<Status> {
  const client = createClient<paths>(settings(url, token));
  client.use(...middlewares);
  const result = await client.GET("/v2/{project_id}/clusters/{cluster_id}/iam-sync", {
    params: { path: { project_id: projectId, cluster_id: clusterId } },
  });
  return bodyOf(result);
}

/** Every field of the answer, by its name on the wire. */
export function fields(status: Status) {
  return { is_synchronizing: status.is_synchronizing ?? null };
}
