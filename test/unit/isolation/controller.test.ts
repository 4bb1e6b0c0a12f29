import { expect, test } from "vitest";
import { defaultDenyPolicy, isolationLabel } from "../../../src/api/names.ts";
import { desiredPolicy } from "../../../src/isolation/desired.ts";
import { createBench } from "./bench.ts";
import { denyLabels } from "./simulation.ts";

const marked = { ...denyLabels("enabled"), [isolationLabel]: "pending" };
const opened = { podSelector: {}, policyTypes: ["Ingress", "Egress"], ingress: [{}], egress: [] };

test("a new namespace takes two writes, the policy before the label", async () => {
  const bench = createBench();
  void bench.start();

  bench.api.createNamespace("shop", marked);
  await bench.pass(50);
  await bench.clock.advance(60_000);

  expect(bench.api.writes).toEqual(["policy shop", "labels shop"]);
  expect(bench.api.policies.stored.get(`shop/${defaultDenyPolicy}`)?.spec).toEqual(
    desiredPolicy("shop").spec,
  );
  expect(bench.api.namespaces.stored.get("shop")?.metadata.labels).toEqual({
    "ringfence.dev/default-deny": "enabled",
    "ringfence.dev/isolation": "ready",
  });
  expect(bench.events).toEqual([
    { kind: "existing-namespaces", setting: "audit", unlabelled: 0 },
    {
      kind: "policy-applied",
      namespace: "shop",
      reason: "missing",
      repair: false,
      origin: "marked",
      afterMs: 6,
    },
    { kind: "labelled", namespace: "shop", reason: "pending" },
  ]);
});

test("watches that are far behind cost no further write", async () => {
  const bench = createBench();
  void bench.start();
  bench.api.createNamespace("shop", marked);
  bench.api.namespaces.deliver(1);
  await bench.clock.advance(5000);

  bench.api.policies.deliver(1);
  await bench.clock.advance(1000);
  bench.api.namespaces.deliver(1);
  await bench.clock.advance(60_000);

  expect(bench.api.writes).toEqual(["policy shop", "labels shop"]);
});

test("a namespace that nobody marked is isolated, marked and reported", async () => {
  const bench = createBench();
  void bench.start();

  bench.api.createNamespace("shop", {});
  await bench.pass(50);

  expect(bench.api.writes).toEqual(["policy shop", "labels shop"]);
  expect(bench.events.at(-1)).toEqual({
    kind: "labelled",
    namespace: "shop",
    reason: "unmarked",
    unmarkedSeconds: 0,
  });
});

test("an edited and a deleted deny-all are repaired at once", async () => {
  const bench = createBench();
  void bench.start();
  bench.api.createNamespace("shop", marked);
  await bench.pass(50);

  bench.api.putPolicy("shop", opened);
  await bench.pass(10);
  expect(bench.api.policies.stored.get(`shop/${defaultDenyPolicy}`)?.spec).toEqual(
    desiredPolicy("shop").spec,
  );
  bench.api.deletePolicy("shop");
  await bench.pass(10);

  expect(bench.api.writes.slice(2)).toEqual(["policy shop", "policy shop"]);
  expect(bench.events.slice(-2)).toEqual([
    { kind: "policy-applied", namespace: "shop", reason: "opened", repair: true },
    { kind: "policy-applied", namespace: "shop", reason: "missing", repair: true },
  ]);
});

test("existing namespaces are counted and left alone", async () => {
  const bench = createBench({ excludedNamespaces: ["ci-*"] });
  for (const name of ["old", "older", "kube-system", "ci-1"]) bench.api.createNamespace(name, {});
  bench.api.createNamespace("labelled", denyLabels("disabled"));
  void bench.start();
  await bench.pass(50);

  bench.api.relabel("old", { team: "x" });
  await bench.pass(50);

  expect(bench.api.writes).toEqual([]);
  expect(bench.events).toEqual([{ kind: "existing-namespaces", setting: "audit", unlabelled: 2 }]);
});

test("existing namespaces that carry the label are isolated at the start", async () => {
  const bench = createBench();
  bench.api.createNamespace("shop", denyLabels("enabled"));
  void bench.start();
  await bench.pass(50);

  expect(bench.api.writes).toEqual(["policy shop", "labels shop"]);
});

test("existing namespaces are isolated at the configured pace, new ones are not held up", async () => {
  const bench = createBench({ existingNamespaces: "enabled" });
  for (const name of ["a", "b", "c"]) bench.api.createNamespace(name, {});
  void bench.start();
  await bench.pass(110);
  bench.api.createNamespace("new", marked);
  await bench.pass(50);

  expect(bench.api.writes).toEqual([
    "policy a",
    "labels a",
    "policy b",
    "labels b",
    "policy new",
    "labels new",
  ]);
  await bench.pass(100);
  expect(bench.api.writes.slice(6)).toEqual(["policy c", "labels c"]);
});

test("a changed configuration reaches existing namespaces, but makes none of them a new one", async () => {
  const bench = createBench({ newNamespaces: "audit" });
  void bench.start();
  bench.api.createNamespace("shop", {});
  await bench.pass(50);

  bench.settings = { ...bench.settings, newNamespaces: "enabled" };
  bench.controller.resync();
  await bench.pass(50);
  expect(bench.api.writes).toEqual([]);

  bench.settings = { ...bench.settings, excludedNamespaces: ["shop"] };
  bench.controller.resync();
  bench.api.relabel("shop", denyLabels("enabled"));
  await bench.pass(50);
  expect(bench.api.writes).toEqual([]);

  bench.settings = { ...bench.settings, excludedNamespaces: [] };
  bench.controller.resync();
  await bench.pass(50);
  expect(bench.api.writes).toEqual(["policy shop", "labels shop"]);
});

test("a namespace that is switched off loses the isolation label and keeps its deny-all", async () => {
  const bench = createBench();
  void bench.start();
  bench.api.createNamespace("shop", marked);
  await bench.pass(50);

  bench.api.relabel("shop", denyLabels("disabled"));
  await bench.pass(50);

  expect(bench.api.namespaces.stored.get("shop")?.metadata.labels).toEqual(denyLabels("disabled"));
  expect(bench.api.policies.stored.has(`shop/${defaultDenyPolicy}`)).toBe(true);
  expect(bench.events.at(-1)).toEqual({ kind: "released", namespace: "shop" });
});

test("a rival is reported as contention and does not make us write without end", async () => {
  const bench = createBench();
  void bench.start();
  bench.api.createNamespace("shop", marked);
  for (let second = 0; second < 30; second++) {
    await bench.pass(20);
    bench.api.putPolicy("shop", opened);
    await bench.pass(20);
    await bench.clock.advance(960);
  }

  expect(bench.api.writes.length).toBe(10);
  const contended = bench.events.filter(({ kind }) => kind === "contended");
  expect(contended.length).toBe(5);
});

test("failures are reported and retried", async () => {
  const bench = createBench();
  void bench.start();
  bench.api.faults.push("before", "retry-after", "after");
  bench.api.createNamespace("shop", marked);
  await bench.pass(50);
  await bench.clock.advance(10_000);

  const failed = bench.events.filter((event) => event.kind === "failed");
  expect(failed.map(({ failures, retryInMs }) => [failures, retryInMs])).toEqual([
    [1, 100],
    [2, 2000],
    [3, 400],
  ]);
  expect(bench.api.namespaces.stored.get("shop")?.metadata.labels).toMatchObject({
    "ringfence.dev/isolation": "ready",
  });
});

test("a terminating namespace stops the work without an error", async () => {
  const bench = createBench();
  void bench.start();
  bench.api.createNamespace("shop", marked);
  bench.api.namespaces.deliver(1);
  bench.api.deleteNamespace("shop");
  await bench.clock.advance(20_000);
  await bench.pass(50);

  expect(bench.api.writes).toEqual(["policy shop"]);
  expect(bench.events.filter(({ kind }) => kind === "failed")).toEqual([]);
});

test("after its end it can be started again", async () => {
  const bench = createBench();
  const ended = bench.start();
  await bench.pass(5);
  bench.stop();
  await ended;
  bench.api.createNamespace("shop", marked);
  await bench.pass(50);
  expect(bench.api.writes).toEqual([]);

  void bench.start();
  await bench.pass(50);

  expect(bench.api.writes).toEqual(["policy shop", "labels shop"]);
});
