import { expect, test } from "vitest";
import { isolationLabel } from "../../../src/api/names.ts";
import { createBench } from "./bench.ts";
import { denyLabels } from "./simulation.ts";

const marked = { ...denyLabels("enabled"), [isolationLabel]: "pending" };
const names = Array.from({ length: 40 }, (_, index) => `old-${index}`).toSorted();

/** A backfill of forty namespaces at sixteen writes a second. */
function backfilling() {
  const bench = createBench({ existingNamespaces: "enabled" });
  for (const name of names) bench.api.createNamespace(name, {});
  void bench.start();
  return bench;
}

test("existing namespaces are isolated by name, and no second sees more writes than allowed", async () => {
  const bench = backfilling();
  let most = 0;
  const counts: number[] = [];
  for (let slice = 0; slice < 60; slice++) {
    await bench.pass(100);
    counts.push(bench.api.writes.length);
    most = Math.max(most, bench.api.writes.length - (counts[slice - 10] ?? 0));
  }
  expect(most).toBe(16);
  expect(bench.api.writes).toEqual(names.flatMap((name) => [`policy ${name}`, `labels ${name}`]));
});

test("failures are tried again at the pace of the backfill too", async () => {
  const bench = backfilling();
  bench.api.faults.push(...Array.from({ length: 60 }, () => "before" as const));
  const counts: number[] = [];
  let most = 0;
  for (let slice = 0; slice < 160; slice++) {
    await bench.pass(100);
    counts.push(bench.api.writes.length);
    most = Math.max(most, bench.api.writes.length - (counts[slice - 10] ?? 0));
  }
  expect(most).toBeLessThanOrEqual(16);
  expect(bench.controller.status()?.backfill).toEqual({ total: 40, done: 40, running: false });
});

test("new namespaces and repairs wait for no backfill, however many come", async () => {
  const bench = backfilling();
  await bench.pass(150);
  for (let index = 0; index < 30; index++) bench.api.createNamespace(`new-${index}`, marked);
  bench.api.deletePolicy(names[0] ?? "");
  await bench.pass(49);
  const hurried = bench.api.writes.slice(4);
  expect(hurried.filter((write) => write.includes("new-")).length).toBe(60);
  expect(hurried).toContain(`policy ${names[0]}`);
  expect(hurried.filter((write) => write.includes("old-")).length).toBe(1);
});

test("who opts in during the backfill does not wait for it", async () => {
  const bench = backfilling();
  const last = names.at(-1) ?? "";
  await bench.pass(120);
  bench.api.relabel(last, denyLabels("enabled"));
  await bench.pass(30);
  expect(bench.api.writes.slice(4)).toEqual([`policy ${last}`, `labels ${last}`]);
});
