import { open, stat } from "node:fs/promises";

/** One request as the API server saw it; times are milliseconds by its own clock. */
export type Request = {
  readonly byRingfence: boolean;
  readonly verb: string;
  readonly resource: string;
  /** Of a namespace too, which is in itself. */
  readonly namespace: string;
  readonly name: string;
  readonly code: number;
  readonly received: number;
  readonly answered: number;
};

type Line = {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly objectRef?: {
    readonly resource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code?: number };
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
};

/** What the API server writes to its audit log from now on; each call reads all of it so far. */
export async function followAudit(file: string): Promise<() => Promise<readonly Request[]>> {
  const { size: from } = await stat(file);
  return async () => {
    await using handle = await open(file);
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    const text = buffer.toString();
    const lines = text.slice(0, text.lastIndexOf("\n") + 1).split("\n");
    return lines.filter(Boolean).map(parse);
  };
}

/** Requests of Ringfence that may change a namespace or a NetworkPolicy, refused or not. */
export function writesOf(requests: readonly Request[]): readonly Request[] {
  return requests.filter(
    ({ byRingfence, verb, resource }) =>
      byRingfence &&
      verb !== "get" &&
      verb !== "list" &&
      (resource === "namespaces" || resource === "networkpolicies"),
  );
}

/** The most requests that were received within one second. */
export function peakPerSecond(requests: readonly Request[]): number {
  const times = requests.map(({ received }) => received).toSorted((a, b) => a - b);
  let from = 0;
  let most = 0;
  for (const [index, time] of times.entries()) {
    while (time - (times[from] ?? time) >= 1000) from += 1;
    most = Math.max(most, index - from + 1);
  }
  return most;
}

function parse(text: string): Request {
  const line: Line = JSON.parse(text);
  const { resource = "", namespace = "", name = "" } = line.objectRef ?? {};
  return {
    byRingfence: line.user.username.endsWith(":ringfence-dev"),
    verb: line.verb,
    resource,
    namespace: resource === "namespaces" ? name : namespace,
    name,
    code: line.responseStatus?.code ?? 0,
    received: milliseconds(line.requestReceivedTimestamp),
    answered: milliseconds(line.stageTimestamp),
  };
}

/** A date holds no microseconds. */
function milliseconds(timestamp: string): number {
  const fraction = Number(`0${timestamp.slice(19, -1)}`);
  return Date.parse(`${timestamp.slice(0, 19)}Z`) + fraction * 1000;
}
