import type { KubeClient, Selection } from "./client.ts";

/** Longest wait for the version at which the server is. */
export const answersMs = 5000;

/**
 * The server's history went back, as when its store is restored from a backup. It accepts a watch
 * from a version that is yet to come, and says nothing at all until it comes: only a list tells.
 */
export class RewoundError extends Error {
  override readonly name = "RewoundError";

  constructor(from: string, to: string) {
    super(`the server was at version ${from} and is at ${to}`);
  }
}

const digits = /^\d+$/;

/**
 * True when resource version `a` was given out before `b` by one and the same history.
 * Versions that are no whole numbers cannot be compared: nothing is claimed about them.
 */
export function isOlder(a: string, b: string): boolean {
  return digits.test(a) && digits.test(b) && BigInt(a) < BigInt(b);
}

/** The version at which the server is now, for the price of one object. */
export async function versionNow(
  client: Pick<KubeClient, "list">,
  { path, ...selection }: Selection & { readonly path: string },
  signal: AbortSignal,
): Promise<string> {
  const options = { ...selection, metadataOnly: true, pageSize: 1, atMost: 1, transform: nothing };
  return (await client.list(path, options, signal)).resourceVersion;
}

function nothing(): undefined {
  return undefined;
}
