// Changes in etcd, past the API server and all that protects it.
import { denyAllKey } from "./judge.ts";
import type { Store } from "./store.ts";

/** Adds a rule to the deny-all. */
export async function openDenyAll(store: Store, namespace: string): Promise<void> {
  const [stored] = await store.list(denyAllKey(namespace), true);
  if (stored === undefined) throw new Error(`${namespace} has no deny-all`);
  const policy = JSON.parse(stored.value);
  const opened = { ...policy, spec: { ...policy.spec, ingress: [{}] } };
  await store.put(stored.key, JSON.stringify(opened));
}

/** A namespace ends with everything in it. */
export async function erase(store: Store, namespace: string): Promise<void> {
  for (const kind of ["pods", "networkpolicies"]) {
    for (const { key } of await store.list(`/registry/${kind}/${namespace}/`)) {
      await store.remove(key);
    }
  }
  await store.remove(`/registry/namespaces/${namespace}`);
}
