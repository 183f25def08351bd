// What the three services have in common for a caller: the token, and how a failure is read.

import type { Middleware } from "openapi-fetch";

const TIMEOUT_MS = 10_000;

/** Any answer that is not the one asked for. */
export class ServiceFailure extends Error {
  constructor(
    readonly status: number,
    readonly code: string | null = null,
  ) {
    super(`status ${status}, error code ${code}`);
  }
}

/** Without this, a body that is no JSON would end in a SyntaxError that does not tell the status. */
const refuseWhatIsNotJson: Middleware = {
  async onResponse({ response }) {
    try {
      await response.clone().json();
    } catch {
      throw new ServiceFailure(response.status);
    }
  },
};

/** Ends a call that takes too long. */
const giveUpInTime: Middleware = {
  onRequest({ request }) {
    return new Request(request, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  },
};

/** Options for the client of a service. The token goes into a header of its own, as it is. */
export function settings(url: string, token: string) {
  return { baseUrl: url, headers: { "X-Auth-Token": token } };
}

export const middlewares: Middleware[] = [giveUpInTime, refuseWhatIsNotJson];

/** The parts of a result of openapi-fetch that tell success from failure. */
interface Result<Body> {
  data?: Body;
  error?: { error_code?: string | null };
  response: Response;
}

/** The typed body. Looks at the status and not at `error`, which is undefined when the body of a failure is empty. */
export function bodyOf<Body>({ data, error, response }: Result<Body>): Body {
  if (!response.ok || data === undefined) {
    throw new ServiceFailure(response.status, error?.error_code ?? null);
  }
  return data;
}
