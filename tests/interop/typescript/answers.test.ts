// What callers with the generated types make of the answers in ../cases.json.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { listRecords, listTasks, readStatus, ServiceError, type RecordPage, type Status, type TaskPage } from "./service.js";

const OPERATIONS = ["tasks", "records", "syncing"] as const;
type Operation = (typeof OPERATIONS)[number];
type Body = object | string;

interface Success extends Partial<Record<Operation, Body>> {
  name: string;
  content_type?: string;
}

interface Failure {
  name: string;
  status: number;
  content_type?: string;
  body: string;
  code: string | null;
}

const table: { successes: Success[]; failures: Failure[] } = JSON.parse(readFileSync("../cases.json", "utf8"));

const program = process.env.IDSYNC_BIN ?? "../../../target/debug/idsync";
const emulator = spawn(program, ["emulator", "--quiet"], { stdio: ["ignore", "pipe", "inherit"] });
after(() => emulator.kill());
const [line] = await once(createInterface({ input: emulator.stdout }), "line");
const ready = JSON.parse(line);

async function send(method: string, path: string, body?: object): Promise<Response> {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(ready.url + path, { method, headers, body: body ? JSON.stringify(body) : null });
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${await response.text()}`);
  return response;
}

/** Makes the emulator answer each call of the operation like this. */
async function answer(operation: Operation, status: number, content_type = "application/json", body: string) {
  await send("DELETE", "/_emulator/faults");
  await send("POST", "/_emulator/faults", { operation, kind: "status", status, content_type, body });
}

const calls = {
  tasks: (token: string) => listTasks(ready.url, token, ready.project_id, ready.workspace),
  records: (token: string) => listRecords(ready.url, token, ready.project_id, ready.clusters.dws[0]),
  syncing: (token: string) => readStatus(ready.url, token, ready.project_id, ready.clusters.mrs[0]),
};

// Types exist only for the compiler, so a client passes on all that was sent; numbers above 2^53 are rounded.
for (const row of table.successes) {
  for (const operation of OPERATIONS) {
    const sent = row[operation];
    if (sent === undefined) continue;
    test(`success ${row.name}, ${operation}: every field is read`, async () => {
      const body = typeof sent === "string" ? sent : JSON.stringify(sent);
      await answer(operation, 200, row.content_type, body);
      assert.deepEqual(await calls[operation](ready.token), JSON.parse(body));
    });
  }
}

for (const row of table.failures) {
  for (const operation of OPERATIONS) {
    test(`failure ${row.name}, ${operation}: it has its status and code`, async () => {
      await answer(operation, row.status, row.content_type, row.body);
      await assert.rejects(calls[operation](ready.token), new ServiceError(row.status, row.code));
    });
  }
}

test("the types have every field of the documents", async () => {
  const { tasks: tasksSent, records: recordsSent, syncing } = table.successes.find(({ name }) => name === "every-field")!;
  const names = (sent: Body | undefined, list: string) => Object.keys((sent as Record<string, object[]>)[list]![0]!).sort();
  const task: Required<NonNullable<TaskPage["tasks"]>[number]> = {
    id: "", project_id: "", domain_id: "", instance_id: "", data_connection_workspace: "", cluster_type: "",
    data_connection_id: "", data_connection_name: "", cluster_id: "", cluster_name: "", schedule_start_hour: 0,
    schedule_end_hour: 0, schedule_period: "", schedule_interval: 0, schedule_status: "", sync_status: "", sync_msg: "",
    sync_time: 0, create_time: 0, create_user: "", update_time: 0, update_user: "",
  };
  const record: Required<NonNullable<RecordPage["sync_records"]>[number]> = {
    id: "", identity_source_id: "", identity_source_type: "", start_time: 0, end_time: 0, add_count: 0, update_count: 0,
    delete_count: 0, failed_count: 0, status: "", fail_reason: "",
  };
  const status: Required<Status> = { is_synchronizing: false };
  assert.deepEqual(Object.keys(task).sort(), names(tasksSent, "tasks"));
  assert.deepEqual(Object.keys(record).sort(), names(recordsSent, "sync_records"));
  assert.deepEqual(Object.keys(status), Object.keys(syncing!));
});

async function login(): Promise<string> {
  const user = { name: "demo-operator", password: "Emulator-Passw0rd", domain: { name: "demo-company" } };
  const identity = { methods: ["password"], password: { user } };
  const auth = { identity, scope: { project: { id: ready.project_id } } };
  const response = await send("POST", "/v3/auth/tokens", { auth });
  return response.headers.get("X-Subject-Token")!;
}

for (const operation of OPERATIONS) {
  test(`${operation}: the tokens of the ready line and of a login get an answer`, async () => {
    await send("DELETE", "/_emulator/faults");
    assert.notDeepEqual(await calls[operation](ready.token), {});
    assert.notDeepEqual(await calls[operation](await login()), {});
  });

  test(`${operation}: a wrong token is refused with the code of the gateway`, async () => {
    await send("DELETE", "/_emulator/faults");
    await assert.rejects(calls[operation]("not-a-token"), new ServiceError(401, "APIGW.0307"));
  });
}
