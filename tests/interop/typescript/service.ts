// Calls of the three operations with the generated types, as an application would write them.

import createClient, { type Client, type Middleware } from "openapi-fetch";
import type * as studio from "./clients/dataarts-studio.js";
import type * as dws from "./clients/dws.js";
import type * as mrs from "./clients/mrs.js";

const TIMEOUT_MS = 10_000;

/** An answer that is not a success. `code` is null if the body is not an error of the service. */
export class ServiceError extends Error {
  constructor(
    readonly status: number,
    readonly code: string | null = null,
  ) {
    super(`status ${status}, error code ${code}`);
  }
}

const middleware: Middleware = {
  onRequest: ({ request }) => new Request(request, { signal: AbortSignal.timeout(TIMEOUT_MS) }),
  /** Keeps the status: a body that is not JSON otherwise ends in a SyntaxError without it. */
  async onResponse({ response }) {
    try {
      await response.clone().json();
    } catch {
      throw new ServiceError(response.status);
    }
  },
};

/** A client of one service. The token has a header of its own, without a prefix. */
function client<Paths extends {}>(url: string, token: string): Client<Paths> {
  const client = createClient<Paths>({ baseUrl: url, headers: { "X-Auth-Token": token } });
  client.use(middleware);
  return client;
}

interface Result<Body> {
  data?: Body;
  error?: { error_code?: string | null };
  response: Response;
}

/** The typed body. Looks at the status, not at `error`, which is undefined when the body of a failure is empty. */
function success<Body>({ data, error, response }: Result<Body>): Body {
  if (!response.ok || data === undefined) {
    throw new ServiceError(response.status, error?.error_code ?? null);
  }
  return data;
}

export type TaskPage = studio.components["schemas"]["MemberSyncTaskPage"];
export type RecordPage = dws.components["schemas"]["SyncRecordPage"];
export type Status = mrs.components["schemas"]["IamSyncStatus"];

/** The first 50 tasks of a workspace, latest run first. */
export async function listTasks(url: string, token: string, projectId: string, workspace: string): Promise<TaskPage> {
  const result = await client<studio.paths>(url, token).GET("/v1/{project_id}/security/member-sync-tasks", {
    params: {
      path: { project_id: projectId },
      header: { workspace },
      query: { limit: 50, offset: 0, order_by: "SYNC_TIME", order_by_asc: false },
    },
  });
  return success(result);
}

/** The first 100 records of a DWS cluster. */
export async function listRecords(url: string, token: string, projectId: string, clusterId: string): Promise<RecordPage> {
  const path = "/v1/{project_id}/clusters/{cluster_id}/db-manager/sync-records";
  const result = await client<dws.paths>(url, token).GET(path, {
    params: { path: { project_id: projectId, cluster_id: clusterId }, query: { offset: 0, limit: 100 } },
  });
  return success(result);
}

/** Whether an MRS cluster synchronizes IAM users now. A flag that is absent or null is not known. */
export async function readStatus(url: string, token: string, projectId: string, clusterId: string): Promise<Status> {
  const result = await client<mrs.paths>(url, token).GET("/v2/{project_id}/clusters/{cluster_id}/iam-sync", {
    params: { path: { project_id: projectId, cluster_id: clusterId } },
  });
  return success(result);
}
