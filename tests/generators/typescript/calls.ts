// One call of each operation with hey-api's and with openapi-generator's clients, with default settings and a plain token.

import assert from "node:assert/strict";
import * as axiosStudio from "./clients/axios/dataarts-studio/index.js";
import * as axiosDws from "./clients/axios/dws/index.js";
import * as axiosMrs from "./clients/axios/mrs/index.js";
import * as fetchStudio from "./clients/fetch/dataarts-studio/index.js";
import * as fetchDws from "./clients/fetch/dws/index.js";
import * as fetchMrs from "./clients/fetch/mrs/index.js";
import { client as heyStudioClient } from "./clients/hey-api/dataarts-studio/client.gen.js";
import { listSecurityMemberSyncTasks } from "./clients/hey-api/dataarts-studio/index.js";
import { client as heyDwsClient } from "./clients/hey-api/dws/client.gen.js";
import { listSyncRecords } from "./clients/hey-api/dws/index.js";
import { client as heyMrsClient } from "./clients/hey-api/mrs/client.gen.js";
import { listClusterSyncTaskStatus } from "./clients/hey-api/mrs/index.js";

function value(name: string): string {
  const value = process.env[name];
  assert.ok(value, `${name} is not set`);
  return value;
}

const [baseUrl, token, project_id, workspace] = ["ENDPOINT", "TOKEN", "PROJECT_ID", "WORKSPACE"].map(value) as [string, string, string, string];
const [dws, mrs] = [value("DWS"), value("MRS")];

async function callWithHeyApi() {
  for (const client of [heyStudioClient, heyDwsClient, heyMrsClient]) client.setConfig({ baseUrl, auth: token });
  const tasks = await listSecurityMemberSyncTasks({ path: { project_id }, headers: { workspace } });
  const records = await listSyncRecords({ path: { project_id, cluster_id: dws } });
  const status = await listClusterSyncTaskStatus({ path: { project_id, cluster_id: mrs } });
  assert.deepEqual([tasks.response.status, records.response.status, status.response.status], [200, 200, 200]);
  assert.ok(tasks.data?.tasks?.length && records.data?.sync_records?.length && status.data);
}

async function callWithAxios() {
  const settings = { basePath: baseUrl, apiKey: token };
  const studio = new axiosStudio.UserSynchronizationApi(new axiosStudio.Configuration(settings));
  const sources = new axiosDws.IdentitySourcesApi(new axiosDws.Configuration(settings));
  const iam = new axiosMrs.IAMSynchronizationApi(new axiosMrs.Configuration(settings));
  const tasks = await studio.listSecurityMemberSyncTasks(project_id, workspace);
  const records = await sources.listSyncRecords(project_id, dws);
  const status = await iam.listClusterSyncTaskStatus(project_id, mrs);
  assert.deepEqual([tasks.status, records.status, status.status], [200, 200, 200]);
  assert.ok(tasks.data.tasks?.length && records.data.sync_records?.length && status.data);
}

async function callWithFetch() {
  const settings = { basePath: baseUrl, apiKey: token };
  const studio = new fetchStudio.UserSynchronizationApi(new fetchStudio.Configuration(settings));
  const sources = new fetchDws.IdentitySourcesApi(new fetchDws.Configuration(settings));
  const iam = new fetchMrs.IAMSynchronizationApi(new fetchMrs.Configuration(settings));
  const tasks = await studio.listSecurityMemberSyncTasks({ projectId: project_id, workspace });
  const records = await sources.listSyncRecords({ projectId: project_id, clusterId: dws });
  const status = await iam.listClusterSyncTaskStatus({ projectId: project_id, clusterId: mrs });
  assert.ok(tasks.tasks?.length && records.syncRecords?.length && "isSynchronizing" in status);
}

await callWithHeyApi();
await callWithAxios();
await callWithFetch();
