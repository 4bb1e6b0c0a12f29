import { defaultDenyPolicy } from "../api/names.ts";
import type { NetworkPolicy } from "../api/networkpolicy.ts";
import type { DefaultDenyReader, DefaultDenyWaiter } from "../admission/ports.ts";
import { isolates } from "../isolation/isolates.ts";
import type { KubeClient } from "../kube/client.ts";
import type { Clock } from "../kube/clock.ts";
import { networkPolicies, objectPath } from "../kube/path.ts";
import type { Reflector } from "../kube/reflector.ts";

type Seen = { readonly seenAt: number };

/** Tells the gate, from the watch, when the deny-all of a namespace is there. */
export function createDenyAllWaiter(
  policies: Pick<Reflector<NetworkPolicy>, "subscribe">,
  clock: Clock,
): DefaultDenyWaiter {
  const seen = new Map<string, number>();
  const waiting = new Map<string, Set<(seen: Seen) => void>>();
  policies.subscribe(({ type, key, object, initial }) => {
    const namespace = namespaceOf(key);
    if (type === "deleted" || !isolates(object)) {
      seen.delete(namespace);
      return;
    }
    const seenAt = seen.get(namespace) ?? (initial ? 0 : clock.now());
    seen.set(namespace, seenAt);
    for (const resolve of waiting.get(namespace) ?? []) resolve({ seenAt });
    waiting.delete(namespace);
  });
  return {
    wait: async (namespace, signal) => {
      signal.throwIfAborted();
      const seenAt = seen.get(namespace);
      if (seenAt !== undefined) return { seenAt };
      const { promise, resolve, reject } = Promise.withResolvers<Seen>();
      const queue = waiting.get(namespace) ?? new Set();
      waiting.set(namespace, queue.add(resolve));
      const abort = (): void => {
        queue.delete(resolve);
        if (queue.size === 0 && waiting.get(namespace) === queue) waiting.delete(namespace);
        reject(signal.reason);
      };
      signal.addEventListener("abort", abort, { once: true });
      return promise.finally(() => signal.removeEventListener("abort", abort));
    },
  };
}

/** Asks the API server itself, for the last moment before the gate must decide. */
export function createDenyAllReader(client: KubeClient): DefaultDenyReader {
  return {
    isIsolated: async (namespace, signal) => {
      const path = objectPath(networkPolicies, defaultDenyPolicy, namespace);
      const found = await client.get<NetworkPolicy>(path, signal);
      return found !== undefined && isolates(found);
    },
  };
}

function namespaceOf(key: string): string {
  return key.slice(0, key.indexOf("/"));
}
