import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { defaultDenyPolicy, isolationLabel } from "../../src/api/names.ts";
import type { KubeClient, Selection } from "../../src/kube/client.ts";
import { collectionPath, namespaces, networkPolicies } from "../../src/kube/path.ts";
import type { WatchEvent } from "../../src/kube/watch.ts";

/** One event of the deny-all of a namespace, and when it arrived here. */
export type Sight = {
  readonly at: number;
  readonly type: WatchEvent["type"];
  /** It is there and denies everything. */
  readonly isolates: boolean;
};

export type Observer = {
  /** When each namespace appeared. */
  readonly created: ReadonlyMap<string, number>;
  /** When each namespace was first said to be ready. */
  readonly ready: ReadonlyMap<string, number>;
  readonly sights: (namespace: string) => readonly Sight[];
  /** When the namespace was isolated first, not before a time. */
  readonly isolatedAt: (namespace: string, since?: number) => number | undefined;
  /** False when it is not so after that time. */
  readonly until: (isSo: () => boolean, ms: number) => Promise<boolean>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

const denyAll = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

/** Watches namespaces and deny-alls from now on, as anybody can. */
export async function observe(kube: KubeClient, signal: AbortSignal): Promise<Observer> {
  const end = new AbortController();
  const abort = AbortSignal.any([signal, end.signal]);
  const created = new Map<string, number>();
  const ready = new Map<string, number>();
  const sights = new Map<string, Sight[]>();
  let failure: unknown;

  async function follow(
    path: string,
    selection: Selection,
    onEvent: (event: WatchEvent, at: number) => void,
  ): Promise<() => Promise<void>> {
    const listing = { ...selection, transform: nothing, metadataOnly: true };
    const { resourceVersion } = await kube.list(path, listing, abort);
    const watching = { ...selection, resourceVersion, timeoutSeconds: 7200 };
    const events = await kube.watch(path, watching, abort);
    const reading = async (): Promise<void> => {
      for await (const event of events) onEvent(event, performance.now());
      throw new Error("a watch has ended");
    };
    const read = reading().catch((error: unknown) => {
      if (!abort.aborted) failure = error;
    });
    return () => read;
  }

  const readings = await Promise.all([
    follow(collectionPath(namespaces), {}, ({ type, object: { metadata } }, at) => {
      const { name = "", labels } = metadata;
      if (type === "ADDED") created.set(name, at);
      if (labels?.[isolationLabel] === "ready" && !ready.has(name)) ready.set(name, at);
    }),
    follow(
      collectionPath(networkPolicies),
      { fieldSelector: `metadata.name=${defaultDenyPolicy}` },
      ({ type, object }, at) => {
        if (type === "BOOKMARK") return;
        const { namespace = "" } = object.metadata;
        const isolates = type !== "DELETED" && isDeepStrictEqual(object["spec"], denyAll);
        sights.set(namespace, [...(sights.get(namespace) ?? []), { at, type, isolates }]);
      },
    ),
  ]);

  const sightsOf = (namespace: string): readonly Sight[] => sights.get(namespace) ?? [];
  return {
    created,
    ready,
    sights: sightsOf,
    isolatedAt: (namespace, since = 0) =>
      sightsOf(namespace).find(({ at, isolates }) => isolates && at >= since)?.at,
    until: async (isSo, ms) => {
      const limit = performance.now() + ms;
      while (!isSo()) {
        if (failure !== undefined) throw new Error("nothing is observed", { cause: failure });
        if (performance.now() > limit) return false;
        await delay(5, undefined, { signal });
      }
      return true;
    },
    [Symbol.asyncDispose]: async () => {
      end.abort();
      await Promise.all(readings.map((reading) => reading()));
    },
  };
}

function nothing(): undefined {
  return undefined;
}
