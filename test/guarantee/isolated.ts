import { setTimeout as delay } from "node:timers/promises";
import type { RawClient } from "../support/rawclient.ts";
import { postNamespace } from "../support/rawclientnamespaces.ts";
import { openNamespaces } from "./judge.ts";

/** However busy the machine is: longer than that means that nobody isolates. */
const limitMs = 60_000;
const atOnce = 16;

/** Creates namespaces and waits until all whose names begin so are isolated. */
export async function createIsolated(
  client: RawClient,
  prefix: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await forAll(names, async (name) => {
    const { status, message } = await postNamespace(client, name);
    if (status !== 201) throw new Error(`${name}: ${message}`);
  });
  const open = await stillOpen(client, prefix, limitMs, signal);
  if (open.length > 0) throw new Error(`not isolated after ${limitMs} ms: ${open.join(", ")}`);
}

/** Waits until no namespace whose name begins so is open; those that are at the end. */
export async function stillOpen(
  client: RawClient,
  prefix: string,
  ms: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const end = performance.now() + ms;
  for (;;) {
    const open = await openNamespaces(client, prefix);
    if (open.length === 0 || performance.now() > end) return open;
    await delay(100, undefined, { signal });
  }
}

/** Does something for each name, some at once. */
export async function forAll(
  names: readonly string[],
  act: (name: string) => Promise<void>,
): Promise<void> {
  const queue = names.values();
  const worker = async (): Promise<void> => {
    for (const name of queue) await act(name);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
