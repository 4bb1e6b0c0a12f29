import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "@prometheus-io/client";
import { type MetricId, type Table, table } from "./table.ts";
import type { Component, Metric } from "./table/metric.ts";

type Kind = Metric["kind"];
type Ids<K extends Kind> = {
  [Id in MetricId]: Table[Id]["kind"] extends K ? Id : never;
}[MetricId];

/** A value for each label of the metric, and for no other. */
export type LabelsOf<Id extends MetricId> = {
  readonly [Label in Table[Id]["labels"][number]]: string;
};

/** The numbers of one process. What this process has no metric for is not counted. */
export type Metrics = {
  add<Id extends Ids<"counter">>(id: Id, labels: LabelsOf<Id>, amount?: number): void;
  /** For what is counted elsewhere, since the start of whatever counts it. */
  total<Id extends Ids<"counter">>(id: Id, labels: LabelsOf<Id>, count: number): void;
  set<Id extends Ids<"gauge">>(id: Id, labels: LabelsOf<Id>, value: number): void;
  observe<Id extends Ids<"histogram">>(id: Id, labels: LabelsOf<Id>, value: number): void;
  /** Called before each scrape, to set what is only worth knowing then; the result ends it. */
  onScrape(collect: () => void): () => void;
  /** The text format of Prometheus. */
  render(): Promise<{ readonly type: string; readonly text: string }>;
};

/** Creates the metrics of a process, with those of Node.js and the process itself. */
export function createMetrics(components: readonly Component[]): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counters = new Map<string, Counter<string>>();
  const gauges = new Map<string, Gauge<string>>();
  const histograms = new Map<string, Histogram<string>>();
  const counted = new Map<string, number>();
  const collectors = new Set<() => void>();

  for (const [id, metric] of Object.entries<Metric>(table)) {
    if (!metric.in.some((component) => components.includes(component))) continue;
    const { name, help, labels, buckets = [] } = metric;
    const common = { name, help, labelNames: labels, registers };
    if (metric.kind === "counter") counters.set(id, new Counter(common));
    if (metric.kind === "gauge") gauges.set(id, new Gauge(common));
    if (metric.kind === "histogram") {
      histograms.set(id, new Histogram({ ...common, buckets: [...buckets] }));
    }
  }

  return {
    add: (id, labels, amount = 1) => counters.get(id)?.inc(labels, amount),
    total: (id, labels, count) => {
      const key = JSON.stringify([id, labels]);
      const before = counted.get(key) ?? 0;
      counted.set(key, count);
      // Less than before: whoever counts has begun anew.
      counters.get(id)?.inc(labels, count < before ? count : count - before);
    },
    set: (id, labels, value) => gauges.get(id)?.set(labels, value),
    observe: (id, labels, value) => histograms.get(id)?.observe(labels, value),
    onScrape: (collect) => {
      collectors.add(collect);
      return () => void collectors.delete(collect);
    },
    render: async () => {
      for (const collect of collectors) collect();
      return { type: registry.contentType, text: await registry.metrics() };
    },
  };
}
