// What a test asks of the emulator besides the three operations.

// The emulator's only user. The password opens nothing else.
const IDENTITY = {
  methods: ["password"],
  password: { user: { name: "demo-operator", password: "Emulator-Passw0rd", domain: { name: "demo-company" } } },
};

/** A token for the project, as IAM issues it: in a header of the answer. */
export async function obtainToken(url: string, projectId: string): Promise<string> {
  const scope = { project: { id: projectId } };
  const response = await post(`${url}/v3/auth/tokens`, { auth: { identity: IDENTITY, scope } });
  const token = response.headers.get("X-Subject-Token");
  if (token === null) throw new Error("the answer has no X-Subject-Token");
  return token;
}

/** Lets the next calls meet with this fault, and with none that was set before. */
export async function script(url: string, fault: object | null): Promise<void> {
  await accepted(await fetch(`${url}/_emulator/faults`, { method: "DELETE" }));
  if (fault !== null) await post(`${url}/_emulator/faults`, fault);
}

async function post(url: string, body: object): Promise<Response> {
  const headers = { "Content-Type": "application/json" };
  return accepted(await fetch(url, { method: "POST", headers, body: JSON.stringify(body) }));
}

async function accepted(response: Response): Promise<Response> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${text}`);
  return response;
}
