import { expect, test } from "vitest";
import type { Finding } from "../../../../src/isolation/dns/discovery.ts";
import { createBench } from "./bench.ts";
import { allowKubeDNS } from "./clusters.ts";

const kubeDNS: Finding = { kind: "found", egress: allowKubeDNS, problems: [] };
const existing = Array.from({ length: 60 }, (_, index) => `old-${index}`);

test("companions of a backfill are written at its pace, those of new namespaces at once", async () => {
  const bench = createBench(kubeDNS);
  for (const name of existing) bench.exist(name);
  void bench.start();
  await bench.pass(10);
  for (const name of existing) bench.backfill(name);
  await bench.pass(990);
  expect(bench.writes.length).toBe(25);

  bench.isolate("new");
  await bench.pass(20);
  expect(bench.writes.slice(25)).toContain("new 1");
  await bench.pass(3000);
  expect(bench.writes.toSorted()).toEqual(
    [...existing, "new"].map((name) => `${name} 1`).toSorted(),
  );
});

test("where there is no DNS to let through, nothing of the budget is used", async () => {
  const bench = createBench({ kind: "none", problems: [] });
  for (const name of existing) bench.exist(name);
  void bench.start();
  await bench.pass(10);
  for (const name of existing) bench.backfill(name);
  await bench.pass(10);
  const asked = bench.clock.now();
  const granted = bench.budget.take(25, new AbortController().signal);
  const grantedMs = granted.then(() => bench.clock.now() - asked);
  await bench.pass(2000);
  expect(await grantedMs).toBe(0);
});
