// Makes the calls that it reads from standard input, and prints what each client gave.
//
// The first line is what the emulator printed when it was ready; each further line is one call, answered with one line.

import { createInterface } from "node:readline/promises";
import { obtainToken, script } from "./emulator.js";
import * as records from "./records.js";
import { ServiceFailure } from "./service.js";
import * as syncing from "./syncing.js";
import * as tasks from "./tasks.js";

interface Ready {
  url: string;
  project_id: string;
  workspace: string;
  token: string;
  clusters: { dws: [string]; mrs: [string] };
}

interface Call {
  operation: string;
  token: "ready" | "issued" | "wrong";
  fault: object | null;
}

async function answer(operation: string, ready: Ready, token: string): Promise<object> {
  const { url, project_id, workspace, clusters } = ready;
  switch (operation) {
    case "listSecurityMemberSyncTasks":
      return tasks.fields(await tasks.listTasks(url, token, project_id, workspace));
    case "listSyncRecords":
      return records.fields(await records.listRecords(url, token, project_id, clusters.dws[0]));
    case "listClusterSyncTaskStatus":
      return syncing.fields(await syncing.readStatus(url, token, project_id, clusters.mrs[0]));
    default:
      throw new Error(`no such operation: ${operation}`);
  }
}

async function outcome(operation: string, ready: Ready, token: string): Promise<object> {
  try {
    return { answer: await answer(operation, ready, token) };
  } catch (error) {
    if (!(error instanceof ServiceFailure)) return { crash: String(error) };
    return { failure: { status: error.status, code: error.code } };
  }
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const ready: Ready = JSON.parse((await lines.next()).value);
const tokens = { ready: ready.token, issued: await obtainToken(ready.url, ready.project_id), wrong: "not-a-token" };
for await (const line of lines) {
  const call: Call = JSON.parse(line);
  await script(ready.url, call.fault);
  console.log(JSON.stringify(await outcome(call.operation, ready, tokens[call.token])));
}
