// DataArts Studio: the user synchronization tasks of a workspace.

import createClient from "openapi-fetch";
import type { components, paths } from "./clients/dataarts_studio.js";
import { bodyOf, middlewares, settings } from "./service.js";

type Page = components["schemas"]["MemberSyncTaskPage"];
type Task = components["schemas"]["MemberSyncTask"];

/** The first fifty tasks, latest run first. */
export async function listTasks(url: string, token: string, projectId: string, workspace: string): Promise<Page> {
  const client = createClient<paths>(settings(url, token));
  client.use(...middlewares);
  const result = await client.GET("/v1/{project_id}/security/member-sync-tasks", {
    params: {
      path: { project_id: projectId },
      header: { workspace },
      query: { limit: 50, offset: 0, order_by: "SYNC_TIME", order_by_asc: false },
    },
  });
  return bodyOf(result);
}

/** Every field of the answer, by its name on the wire. */
export function fields(page: Page) {
  return { total: page.total ?? null, tasks: page.tasks?.map(taskFields) ?? null };
}

function taskFields(task: Task) {
  return {
    id: task.id ?? null,
    project_id: task.project_id ?? null,
    domain_id: task.domain_id ?? null,
    instance_id: task.instance_id ?? null,
    data_connection_workspace: task.data_connection_workspace ?? null,
    cluster_type: task.cluster_type ?? null,
    data_connection_id: task.data_connection_id ?? null,
    data_connection_name: task.data_connection_name ?? null,
    cluster_id: task.cluster_id ?? null,
    cluster_name: task.cluster_name ?? null,
    schedule_start_hour: task.schedule_start_hour ?? null,
    schedule_end_hour: task.schedule_end_hour ?? null,
    schedule_period: task.schedule_period ?? null,
    schedule_interval: task.schedule_interval ?? null,
    schedule_status: task.schedule_status ?? null,
    sync_status: task.sync_status ?? null,
    sync_msg: task.sync_msg ?? null,
    sync_time: task.sync_time ?? null,
    create_time: task.create_time ?? null,
    create_user: task.create_user ?? null,
    update_time: task.update_time ?? null,
    update_user: task.update_user ?? null,
  };
}
