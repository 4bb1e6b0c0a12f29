import { describe, expect, test } from "vitest";
import type { NetworkPolicy } from "../../../src/api/networkpolicy.ts";
import type { Change } from "../../../src/kube/cache.ts";
import type { ListOptions } from "../../../src/kube/client.ts";
import {
  asJudged,
  createPolicyIndex,
  createPolicyLister,
} from "../../../src/wiring/policyindex.ts";

const never = new AbortController().signal;
const wire = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: {
    name: "web",
    namespace: "shop",
    uid: "u1",
    resourceVersion: "7",
    labels: { app: "web" },
    managedFields: [{ manager: "kubectl" }],
    annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}", note: "mine" },
  },
  spec: { podSelector: {}, ingress: [null, { from: [{ podSelector: {} }] }] },
};
const kept = {
  metadata: { name: "web", namespace: "shop", uid: "u1", annotations: { note: "mine" } },
  spec: { podSelector: {}, ingress: [null, { from: [{ podSelector: {} }] }] },
};

function source() {
  const listeners: ((change: Change<string>) => void)[] = [];
  return {
    subscribe: (listener: (change: Change<string>) => void) => {
      listeners.push(listener);
      return () => {};
    },
    tell: (type: Change<string>["type"], key: string, policy: NetworkPolicy) => {
      const object = JSON.stringify(policy);
      for (const listener of listeners) listener({ type, key, object, initial: false });
    },
  };
}

describe("what is kept of a NetworkPolicy", () => {
  test("is what judging needs, the spec as it came", () => {
    expect(asJudged(wire)).toEqual(kept);
  });

  test("has no annotations where it has none, and keys that JavaScript knows too", () => {
    const { annotations: _annotations, ...metadata } = wire.metadata;
    expect(asJudged({ ...wire, metadata })).toEqual({
      metadata: { name: "web", namespace: "shop", uid: "u1" },
      spec: kept.spec,
    });
    const spec = JSON.parse('{"podSelector":{"matchLabels":{"__proto__":"a"}}}');
    expect(JSON.stringify(asJudged({ ...wire, spec }).spec)).toBe(JSON.stringify(spec));
  });
});

describe("the policies of a namespace", () => {
  test("are those that the watch has told of, in their latest state", () => {
    const reflector = source();
    const index = createPolicyIndex(reflector);
    expect(index.list("shop")).toEqual([]);
    reflector.tell("added", "shop/web", kept);
    reflector.tell("added", "shop/db", { metadata: { name: "db" } });
    reflector.tell("added", "other/web", { metadata: { name: "web" } });
    reflector.tell("modified", "shop/web", { ...kept, spec: null });
    expect(index.list("shop")).toEqual([{ ...kept, spec: null }, { metadata: { name: "db" } }]);
    reflector.tell("deleted", "shop/web", kept);
    expect(index.list("shop")).toEqual([{ metadata: { name: "db" } }]);
    reflector.tell("deleted", "shop/db", kept);
    expect(index.list("shop")).toEqual([]);
    expect(index.list("other")).toEqual([{ metadata: { name: "web" } }]);
  });

  test("are the same objects until one of them changes", () => {
    const reflector = source();
    const index = createPolicyIndex(reflector);
    reflector.tell("added", "shop/web", kept);
    const before = index.list("shop");
    reflector.tell("added", "other/web", { metadata: { name: "web" } });
    expect(index.list("shop")).toBe(before);
    for (let other = 0; other < 40; other += 1) index.list(`other-${other}`);
    expect(index.list("shop")).toEqual([kept]);
    reflector.tell("modified", "shop/web", { ...kept, spec: null });
    expect(index.list("shop")).toEqual([{ ...kept, spec: null }]);
  });

  test("come from the API server until the watch is synced, and from the watch from then on", async () => {
    const asked: string[] = [];
    const client = {
      list: async <T>(path: string, { transform }: ListOptions<T>) => {
        asked.push(path);
        return { items: [transform(wire)], resourceVersion: "9" };
      },
    };
    const reflector = { synced: false };
    const changes = source();
    const lister = createPolicyLister(createPolicyIndex(changes), reflector, client);
    expect(await lister.list("shop", never)).toEqual([kept]);
    expect(asked).toEqual(["/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies"]);
    reflector.synced = true;
    changes.tell("added", "shop/db", { metadata: { name: "db" } });
    expect(await lister.list("shop", never)).toEqual([{ metadata: { name: "db" } }]);
    expect(asked).toHaveLength(1);
  });
});
