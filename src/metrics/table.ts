import { isolationMetrics } from "./table/isolation.ts";
import { processMetrics } from "./table/process.ts";
import { webhookMetrics } from "./table/webhook.ts";

/**
 * Every metric of Ringfence's own. Labels hold closed sets alone, never the name of a namespace, an
 * object or a user: how many series there are does not depend on the cluster.
 */
export const table = { ...webhookMetrics, ...processMetrics, ...isolationMetrics };

export type Table = typeof table;
export type MetricId = keyof Table;
