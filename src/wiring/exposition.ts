import type { Metrics } from "../metrics/metrics.ts";
import type { HealthServer } from "../server/health.ts";

/** Serves the metrics beside the probes. */
export function serveMetrics({ app }: Pick<HealthServer, "app">, metrics: Metrics): void {
  app.get("/metrics", async (_request, reply) => {
    const { type, text } = await metrics.render();
    return reply.type(type).send(text);
  });
}
