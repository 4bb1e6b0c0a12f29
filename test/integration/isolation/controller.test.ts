import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { eventually, type Setup, setUp } from "../kube/setup.ts";
import { createMarked, guarding, namespacePath, policyPath, ready } from "./guarding.ts";

function writes({ api }: Setup) {
  return api.seen("apply", "patch", "create", "replace", "delete");
}

test("a new namespace costs two writes, and these are their bytes", async () => {
  await using setup = await setUp();
  await using guard = await guarding(setup);
  createMarked(setup, "shop");
  const seen = setup.api.get(namespacePath("shop"))?.metadata;

  await ready(setup, "shop");
  await delay(200);

  const sent = writes(setup).map(({ path, query, headers, body }) => ({
    to: `${path}?${query.toString()}`,
    type: headers["content-type"],
    body: JSON.parse(body.toString()),
  }));
  expect(sent).toEqual([
    {
      to: `${policyPath("shop")}?fieldManager=ringfence&force=true`,
      type: "application/apply-patch+yaml",
      body: {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: {
          name: "ringfence-default-deny",
          namespace: "shop",
          labels: { "app.kubernetes.io/managed-by": "ringfence" },
        },
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"], ingress: [], egress: [] },
      },
    },
    {
      to: `${namespacePath("shop")}?fieldManager=ringfence&force=true`,
      type: "application/apply-patch+yaml",
      body: {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: {
          name: "shop",
          uid: seen?.uid,
          resourceVersion: seen?.resourceVersion,
          labels: { "ringfence.dev/default-deny": "enabled", "ringfence.dev/isolation": "ready" },
        },
      },
    },
  ]);
  expect(guard.kinds()).toEqual(["existing-namespaces", "policy-applied", "labelled"]);
});

test("throttled, failing and reset writes end in an isolated namespace all the same", async () => {
  await using setup = await setUp();
  await using guard = await guarding(setup);
  setup.api.fail({ on: "apply" }, { kind: "reset" });
  setup.api.fail({ on: "apply" }, { kind: "status", code: 500 });
  setup.api.fail({ on: "apply" }, { kind: "status", code: 429, retryAfterSeconds: 1 });

  createMarked(setup, "shop");
  await ready(setup, "shop");

  const failures = guard.events.filter((event) => event.kind === "failed");
  expect(failures.map((event) => event.failures)).toEqual([1, 2, 3]);
  expect(failures.at(-1)?.retryInMs).toBe(1000);
});

test("namespaces that appear while the watch is broken and history is lost are isolated", async () => {
  await using setup = await setUp();
  await using guard = await guarding(setup);
  await eventually(
    () => setup.api.watches().length === 2,
    () => "no watches",
  );
  setup.api.fail({ on: "watch", times: 2 }, { kind: "expired" });
  for (const watch of setup.api.watches()) watch.reset();
  createMarked(setup, "a", "b");
  setup.api.compact();

  await ready(setup, "a", "b");
  expect(setup.api.get(policyPath("a"))?.["spec"]).toEqual(
    setup.api.get(policyPath("b"))?.["spec"],
  );
  await eventually(
    () => guard.kinds().filter((kind) => kind === "labelled").length === 2,
    () => guard.kinds().join(" "),
  );
});

test("a deny-all that was edited or deleted is repaired in place", async () => {
  await using setup = await setUp();
  await using guard = await guarding(setup);
  createMarked(setup, "shop");
  await ready(setup, "shop");
  const original = setup.api.get(policyPath("shop"));

  setup.api.put(policyPath("shop"), {
    ...original,
    spec: { podSelector: {}, policyTypes: ["Ingress"], ingress: [{}] },
  });
  await eventually(
    () => JSON.stringify(setup.api.get(policyPath("shop"))?.["spec"]).includes('"ingress":[]'),
    () => JSON.stringify(setup.api.get(policyPath("shop"))),
  );
  expect(setup.api.get(policyPath("shop"))).toMatchObject({
    metadata: { uid: original?.metadata.uid },
    spec: original?.["spec"],
  });
  setup.api.remove(policyPath("shop"));
  await ready(setup, "shop");

  expect(setup.api.seen("delete")).toEqual([]);
  expect(guard.kinds()).not.toContain("contended");
});

test("a namespace that ends in the middle of the work is neither written to nor created again", async () => {
  await using setup = await setUp();
  await using guard = await guarding(setup);
  setup.api.fail({ on: "apply", path: "/api/v1/namespaces/" }, { kind: "delay", ms: 150 });
  setup.api.fail({ on: "apply", path: policyPath("ending") }, { kind: "delay", ms: 100 });
  createMarked(setup, "gone", "ending");
  await delay(60);
  setup.api.remove(namespacePath("gone"));
  setup.api.terminate("ending");
  await delay(400);

  expect(setup.api.get(namespacePath("gone"))).toBeUndefined();
  expect(setup.api.get(policyPath("ending"))).toBeUndefined();
  expect(guard.kinds()).not.toContain("failed");
  const before = writes(setup).length;
  await delay(300);
  expect(writes(setup).length).toBe(before);
});

test("a namespace of the same name gets a deny-all of its own", async () => {
  await using setup = await setUp();
  await using guard = await guarding(setup);
  createMarked(setup, "shop");
  await ready(setup, "shop");
  const first = setup.api.get(policyPath("shop"))?.metadata.uid;

  setup.api.remove(namespacePath("shop"));
  createMarked(setup, "shop");
  await ready(setup, "shop");

  expect(setup.api.get(policyPath("shop"))?.metadata.uid).not.toBe(first);
  await eventually(
    () => guard.kinds().filter((kind) => kind === "labelled").length === 2,
    () => guard.kinds().join(" "),
  );
});

test("switching default deny off takes the isolation label back with a merge patch", async () => {
  await using setup = await setUp();
  await using guard = await guarding(setup);
  createMarked(setup, "shop");
  await ready(setup, "shop");

  const { metadata } = setup.api.get(namespacePath("shop")) ?? {};
  const labels = { ...metadata?.labels, "ringfence.dev/default-deny": "disabled" };
  const switched = setup.api.put(namespacePath("shop"), { metadata: { ...metadata, labels } });
  await eventually(
    () => setup.api.seen("patch").length === 1,
    () => "no patch",
  );
  await delay(100);

  expect(setup.api.get(namespacePath("shop"))?.metadata.labels).toEqual({
    "ringfence.dev/default-deny": "disabled",
    "kubernetes.io/metadata.name": "shop",
  });
  expect(JSON.parse(setup.api.seen("patch")[0]?.body.toString() ?? "")).toEqual({
    metadata: {
      uid: switched.metadata.uid,
      resourceVersion: switched.metadata.resourceVersion,
      labels: { "ringfence.dev/isolation": null },
    },
  });
  expect(setup.api.get(policyPath("shop"))).toBeDefined();
  expect(guard.kinds().at(-1)).toBe("released");
});
