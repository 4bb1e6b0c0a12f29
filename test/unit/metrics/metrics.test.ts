import { describe, expect, test } from "vitest";
import { createMetrics } from "../../../src/metrics/metrics.ts";
import { table } from "../../../src/metrics/table.ts";
import type { Component, Metric } from "../../../src/metrics/table/metric.ts";
import { parseExposition } from "./exposition.ts";

const metrics = Object.entries<Metric>(table);

describe("the table", () => {
  test.each(metrics)("%s follows the conventions", (_id, { kind, name, labels, help, buckets }) => {
    expect(name).toMatch(/^ringfence(_[a-z]+)+$/);
    expect(name.endsWith("_total")).toBe(kind === "counter");
    expect(name).not.toMatch(/_(milliseconds|ms|minutes|percent)\b/);
    expect(help).toMatch(/^[A-Z1].*\.$/);
    expect(kind === "histogram").toBe(buckets !== undefined);
    expect(buckets?.toSorted((a, b) => a - b)).toEqual(buckets);
    // What names objects or people would make as many series as there are of them.
    const names = "namespace name user pod uid policy le quantile".split(" ");
    expect(labels.filter((label) => new Set(names).has(label))).toEqual([]);
  });

  test("names are different", () => {
    expect(new Set(metrics.map(([, { name }]) => name)).size).toBe(metrics.length);
  });
});

describe.each([
  ["the webhook", ["webhook"]],
  ["the controller", ["controller"]],
  ["both in one process", ["webhook", "controller"]],
] satisfies [string, Component[]][])("%s", (_name, components) => {
  test("exports exactly its part of the table, readable, and what Node.js has to say", async () => {
    const { type, text } = await createMetrics(components).render();
    const families = parseExposition(text);
    const own = [...families].filter(([name]) => name.startsWith("ringfence_"));
    expect(type).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(own.map(([name, { kind, help }]) => `${name} ${kind} ${help}`).toSorted()).toEqual(
      metrics
        .filter(([, metric]) => metric.in.some((component) => components.includes(component)))
        .map(([, { name, kind, help }]) => `${name} ${kind} ${help}`)
        .toSorted(),
    );
    for (const name of [
      "process_cpu_seconds_total",
      "process_resident_memory_bytes",
      "nodejs_eventloop_lag_p99_seconds",
    ]) {
      expect(families.get(name)?.samples).toHaveLength(1);
    }
  });
});

test("counts are added, and totals that begin anew never take anything back", async () => {
  const shown = createMetrics(["webhook", "controller"]);
  shown.add("withheld", {});
  shown.add("withheld", {}, 2);
  const resource = "namespaces";
  for (const count of [3, 5, 1, 1]) shown.total("watchRestarts", { resource }, count);
  shown.total("watchRestarts", { resource: "networkpolicies" }, 0);
  const families = parseExposition((await shown.render()).text);
  expect(families.get("ringfence_isolation_writes_withheld_total")?.samples).toEqual([
    ["ringfence_isolation_writes_withheld_total", 3],
  ]);
  expect(families.get("ringfence_watch_restarts_total")?.samples).toEqual([
    ['ringfence_watch_restarts_total{resource="namespaces"}', 6],
    ['ringfence_watch_restarts_total{resource="networkpolicies"}', 0],
  ]);
});

test("what another process counts is no error", async () => {
  const shown = createMetrics(["controller"]);
  shown.add("decisions", { webhook: "validate", decision: "deny", because: "judged" });
  expect((await shown.render()).text).not.toContain("ringfence_admission");
});

test("gauges are asked for at each scrape, until that ends", async () => {
  const shown = createMetrics(["controller"]);
  let asked = 0;
  const end = shown.onScrape(() => shown.set("leader", {}, (asked += 1)));
  await shown.render();
  const { text } = await shown.render();
  end();
  await shown.render();
  expect(text).toContain("\nringfence_leader 2\n");
  expect(asked).toBe(2);
});
