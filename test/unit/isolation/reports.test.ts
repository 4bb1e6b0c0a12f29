import { expect, test } from "vitest";
import { isolationLabel } from "../../../src/api/names.ts";
import type { IsolationEvent } from "../../../src/isolation/ports.ts";
import { createBench } from "./bench.ts";
import { denyLabels, epochMs } from "./simulation.ts";

const marked = { ...denyLabels("enabled"), [isolationLabel]: "pending" };
const opened = { podSelector: {}, policyTypes: ["Ingress", "Egress"], ingress: [{}], egress: [] };

function told<K extends IsolationEvent["kind"]>(
  { events }: { readonly events: readonly IsolationEvent[] },
  kind: K,
) {
  return events.filter(
    (event): event is Extract<IsolationEvent, { readonly kind: K }> => event.kind === kind,
  );
}

test("a namespace that nobody marked tells how long it was without its mark", async () => {
  const bench = createBench();
  void bench.start();
  bench.api.createNamespace("shop", {});
  await bench.clock.advance(42_000);
  await bench.pass(50);

  expect(told(bench, "labelled")).toEqual([
    { kind: "labelled", namespace: "shop", reason: "unmarked", unmarkedSeconds: 42 },
  ]);
});

test("a namespace made while nobody was there is new where the record says so, others are not", async () => {
  const bench = createBench();
  bench.api.createNamespace("before", {});
  await bench.clock.advance(10_000);
  bench.enabledSince = epochMs + 5000;
  bench.api.createNamespace("meanwhile", {});
  bench.api.createNamespace("left-out", denyLabels("disabled"));
  await bench.clock.advance(60_000);
  void bench.start();
  await bench.pass(50);

  expect(bench.api.writes).toEqual(["policy meanwhile", "labels meanwhile"]);
  expect(told(bench, "existing-namespaces").map(({ unlabelled }) => unlabelled)).toEqual([1]);
  expect(told(bench, "policy-applied")).toMatchObject([{ origin: "unmarked", afterMs: 60_006 }]);
  expect(told(bench, "labelled")).toMatchObject([{ reason: "unmarked", unmarkedSeconds: 60 }]);
});

test("a record that is found later counts from then on", async () => {
  const bench = createBench();
  bench.api.createNamespace("meanwhile", {});
  void bench.start();
  await bench.pass(50);
  expect(bench.api.writes).toEqual([]);

  bench.enabledSince = epochMs - 1000;
  bench.controller.resync();
  await bench.pass(50);
  expect(bench.api.writes).toEqual(["policy meanwhile", "labels meanwhile"]);
});

test("why a namespace got its deny-all is told: by its label, or by the backfill", async () => {
  const bench = createBench({ existingNamespaces: "enabled" });
  bench.api.createNamespace("old", {});
  bench.api.createNamespace("asked", denyLabels("enabled"));
  void bench.start();
  await bench.pass(50);

  const origins = told(bench, "policy-applied").map(({ namespace, origin }) => [namespace, origin]);
  expect(new Map(origins.map(([name, origin]) => [name, origin]))).toEqual(
    new Map([
      ["asked", "opted-in"],
      ["old", "existing"],
    ]),
  );
  expect(bench.listed).toEqual([]);
});

test("a rival is named, in repairs and in contention, which is told once per pause", async () => {
  const bench = createBench();
  void bench.start();
  bench.api.createNamespace("shop", marked);
  for (let second = 0; second < 8; second++) {
    await bench.pass(20);
    bench.api.putPolicy("shop", opened, {}, "helm");
    await bench.pass(20);
    await bench.clock.advance(960);
  }
  const repairs = told(bench, "policy-applied").filter(({ repair }) => repair);
  expect(new Set(repairs.map(({ changedBy }) => changedBy?.join()))).toEqual(new Set(["helm"]));
  expect(repairs.every(({ origin, afterMs }) => !origin && !afterMs)).toBe(true);
  expect(told(bench, "contended").map(({ changedBy }) => changedBy)).toEqual([
    ["helm"],
    ["helm"],
    ["helm"],
  ]);
  expect(bench.controller.status()?.contended).toBe(1);
  expect(bench.results.filter((result) => result === "withheld").length).toBeGreaterThan(3);
});

test("pods that were there before the deny-all of a new namespace are told by name", async () => {
  const bench = createBench();
  void bench.start();
  bench.api.createNamespace("shop", marked);
  const [{ resourceVersion = "" } = {}] = [bench.api.namespaces.stored.get("shop")?.metadata];
  const creationTimestamp = "2026-01-01T00:00:00Z";
  bench.pods.set("shop", [
    { name: "early", creationTimestamp, resourceVersion },
    { name: "late", creationTimestamp, resourceVersion: "1000" },
  ]);
  await bench.pass(100);

  expect(told(bench, "older-pods")).toEqual([
    { kind: "older-pods", namespace: "shop", origin: "marked", count: 1, pods: ["early"] },
  ]);
  expect(bench.checks).toEqual([
    ["undecided", "marked", 1],
    ["older", "marked", 1],
  ]);
  expect(bench.listed).toEqual(["shop"]);
});

test("pods that cannot be listed are asked for some times, then that is told", async () => {
  const bench = createBench();
  void bench.start();
  bench.pods.set("shop", "unreadable");
  bench.api.createNamespace("shop", marked);
  await bench.pass(50);
  await bench.clock.advance(60_000);

  expect(bench.listed.length).toBe(5);
  expect(told(bench, "pods-unchecked").map(({ namespace }) => namespace)).toEqual(["shop"]);
  expect(bench.checks).toEqual([["failed", "marked", 0]]);
});

test("a backfill goes by name, tells its progress, and goes on where it was after a sudden end", async () => {
  const bench = createBench({ existingNamespaces: "enabled" });
  const names = ["d", "b", "a", "c", "e", "f"];
  for (const name of names) bench.api.createNamespace(name, {});
  const first = bench.start();
  // In the middle of the third: its deny-all is written, its labels are not.
  await bench.pass(208);
  bench.stop();
  await first;
  const before = [...bench.api.writes];
  expect(before).toEqual("policy a, labels a, policy b, labels b, policy c, labels c".split(", "));
  void bench.start();
  await bench.pass(1000);

  const after = bench.api.writes.slice(before.length);
  expect(after).toEqual(
    "labels c, policy d, labels d, policy e, labels e, policy f, labels f".split(", "),
  );
  expect(told(bench, "backfill").map(({ phase, done, total }) => [phase, done, total])).toEqual([
    ["started", 0, 6],
    ["started", 0, 4],
    ["completed", 4, 4],
  ]);
  expect(bench.controller.status()).toEqual({
    queued: 0,
    pending: 0,
    contended: 0,
    backfill: { total: 4, done: 4, running: false },
  });
});
