import { expect, test } from "vitest";
import { createSinceStore } from "../../../src/wiring/sincestore.ts";

const registration =
  "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/ringfence-validate";
const collection = "/apis/coordination.k8s.io/v1/namespaces/guard/leases";
const lease = `${collection}/ringfence-controller`;
const annotations = {
  "ringfence.dev/installation": "u1",
  "ringfence.dev/new-namespaces-enabled-since": "2026-01-01T00:00:00.000Z",
};
const record = { installation: "u1", sinceMs: Date.UTC(2026, 0, 1) };
const { signal } = new AbortController();

/** The store in front of objects by path. */
function storing(objects: { [path: string]: object } = {}) {
  const written: (readonly [verb: string, path: string, object: unknown])[] = [];
  const stored = (path: string) => JSON.parse(JSON.stringify(objects[path] ?? null)) ?? undefined;
  const store = createSinceStore(
    {
      get: async (path) => stored(path),
      create: async (path, object) => {
        written.push(["create", path, object]);
        return object;
      },
      replace: async (path, object) => {
        written.push(["replace", path, object]);
        return object;
      },
    },
    "guard",
  );
  return { store, written };
}

test("reads which registration there is, and the record that was made for one", async () => {
  const { store } = storing({
    [registration]: { metadata: { uid: "u2" } },
    [lease]: { metadata: { annotations } },
  });
  expect(await store.read(signal)).toEqual({ installation: "u2", record });
});

test.each([
  ["there is no lease", undefined],
  ["it has no annotations", { metadata: {} }],
  [
    "somebody has written nonsense",
    {
      metadata: {
        annotations: { ...annotations, "ringfence.dev/new-namespaces-enabled-since": "long ago" },
      },
    },
  ],
])("nothing is recorded where %s", async (_name, object) => {
  const { store } = storing(object ? { [lease]: object } : {});
  expect(await store.read(signal)).toEqual({ installation: undefined });
});

test("the lease keeps its holder and whatever else it says", async () => {
  const spec = { holderIdentity: "controller-0", leaseTransitions: 3 };
  const metadata = { name: "ringfence-controller", resourceVersion: "7", annotations: { a: "b" } };
  const { store, written } = storing({ [lease]: { metadata, spec } });
  await store.write(record, signal);
  const changed = { ...metadata, annotations: { a: "b", ...annotations } };
  expect(written).toEqual([["replace", lease, { metadata: changed, spec }]]);
});

test("taking the record back leaves the rest", async () => {
  const metadata = { name: "ringfence-controller", annotations: { a: "b", ...annotations } };
  const { store, written } = storing({ [lease]: { metadata } });
  await store.write(undefined, signal);
  expect(written).toEqual([
    ["replace", lease, { metadata: { ...metadata, annotations: { a: "b" } } }],
  ]);
});

test("a lease that nobody holds yet is made", async () => {
  const { store, written } = storing();
  await store.write(record, signal);
  expect(written).toEqual([
    [
      "create",
      collection,
      {
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        metadata: { name: "ringfence-controller", namespace: "guard", annotations },
      },
    ],
  ]);
});
