import { pino } from "pino";
import { expect, test } from "vitest";
import type { KubeClient } from "../../../src/kube/client.ts";
import { systemClock } from "../../../src/kube/clock.ts";
import { createMetrics } from "../../../src/metrics/metrics.ts";
import { watchDNS } from "../../../src/wiring/dnssource.ts";

/** A server without objects, whose watches stay silent. */
function emptyServer(served: readonly string[]): Pick<KubeClient, "get" | "list" | "watch"> {
  return {
    get: async <T>() => {
      const answer: unknown = { resources: served.map((name) => ({ name })) };
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only discovery asks here
      return answer as T;
    },
    list: async () => ({ items: [], resourceVersion: "1" }),
    watch: async (_path, _options, signal) => untilAborted(signal),
  };
}

async function* untilAborted(signal: AbortSignal) {
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  yield* [];
}

async function metricsOf(served: readonly string[]) {
  const metrics = createMetrics(["controller"]);
  const log = pino({ level: "silent" });
  const dns = watchDNS({ client: emptyServer(served), clock: systemClock, log, metrics });
  await dns.start(new AbortController().signal);
  const shown = (await metrics.render()).text.split("\n");
  await dns[Symbol.asyncDispose]();
  return { metrics, shown };
}

function resourcesOf(lines: readonly string[], name: string): readonly string[] {
  return lines
    .filter((line) => line.startsWith(`${name}{`))
    .map((line) => line.replace(/.*resource="([^"]*)".*/, "$1"))
    .toSorted();
}

test.each([
  { served: [], resources: ["dns-daemonsets", "dns-endpointslices", "dns-services"] },
  {
    served: ["clusterversions"],
    resources: [
      "dns-daemonsets",
      "dns-endpointslices",
      "dns-services",
      "openshift-dns-endpointslices",
      "openshift-dns-services",
    ],
  },
])("where $served is served, metrics tell how fresh $resources are", async (given) => {
  const { shown } = await metricsOf(given.served);
  expect(resourcesOf(shown, "ringfence_watch_staleness_seconds")).toEqual(given.resources);
  const synced = shown.filter((line) => line.startsWith("ringfence_watch_synced{"));
  expect(synced.toSorted()).toEqual(
    given.resources.map((resource) => `ringfence_watch_synced{resource="${resource}"} 1`),
  );
});

test("watches that ended are not asked any more", async () => {
  const { metrics } = await metricsOf([]);
  metrics.set("synced", { resource: "dns-services" }, 7);
  const { text } = await metrics.render();
  expect(text).toContain('ringfence_watch_synced{resource="dns-services"} 7\n');
});
