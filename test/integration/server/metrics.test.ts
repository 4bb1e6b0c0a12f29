import { pino } from "pino";
import { expect, test } from "vitest";
import { createMetrics } from "../../../src/metrics/metrics.ts";
import { createHealthServer } from "../../../src/server/health.ts";
import { followSettings } from "../../../src/wiring/settings.ts";
import { serveMetrics } from "../../../src/wiring/exposition.ts";
import { showWatch } from "../../../src/wiring/watchmetrics.ts";
import { parseExposition } from "../../unit/metrics/exposition.ts";

async function scrape(port: number) {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  const families = parseExposition(await response.text());
  const samples = [...families.values()].flatMap((family) => family.samples);
  return { response, series: new Map(samples) };
}

test("metrics are served beside the probes, as they are at that moment", async () => {
  const metrics = createMetrics(["controller"]);
  let stalenessMs = 1500;
  const counters = { relists: 3, expired: 2, driftRelists: 1, reconnects: 5, handlerErrors: 0 };
  const stop = showWatch(metrics, "namespaces", {
    counters: { ...counters, drifts: 1 },
    synced: true,
    stalenessMs: () => stalenessMs,
  });
  await using health = createHealthServer(() => []);
  serveMetrics(health, metrics);
  const { port } = await health.start({ host: "127.0.0.1", port: 0 });

  const { response, series } = await scrape(port);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  const watch = [...series].filter(([name]) => name.startsWith("ringfence_watch_"));
  expect(Object.fromEntries(watch)).toEqual({
    'ringfence_watch_staleness_seconds{resource="namespaces"}': 1.5,
    'ringfence_watch_synced{resource="namespaces"}': 1,
    'ringfence_watch_relists_total{resource="namespaces",reason="expired"}': 2,
    'ringfence_watch_relists_total{resource="namespaces",reason="drift"}': 1,
    'ringfence_watch_restarts_total{resource="namespaces"}': 5,
    'ringfence_watch_drifts_total{resource="namespaces"}': 1,
  });

  stalenessMs = Infinity;
  const later = await scrape(port);
  const staleness = 'ringfence_watch_staleness_seconds{resource="namespaces"}';
  expect(later.series.get(staleness)).toBe(Infinity);
  expect(later.series.get('ringfence_watch_drifts_total{resource="namespaces"}')).toBe(1);
  stop();
});

test("without a file the configuration in force is that of the start", async () => {
  const metrics = createMetrics(["webhook"]);
  const before = Date.now() / 1000;
  const { signal } = new AbortController();
  await followSettings(undefined, () => undefined, pino({ level: "silent" }), metrics, signal);
  const families = parseExposition((await metrics.render()).text);
  const [[, at] = ["", 0]] =
    families.get("ringfence_configuration_last_success_timestamp_seconds")?.samples ?? [];
  expect(at).toBeGreaterThanOrEqual(before);
  expect(at).toBeLessThanOrEqual(Date.now() / 1000);
});
