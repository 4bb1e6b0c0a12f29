import { parseExposition } from "../unit/metrics/exposition.ts";
import type { Replica } from "./chartcluster.ts";

/** Scrapes all replicas once; tells the sum of a series over them. */
export async function scrape(replicas: readonly Replica[]): Promise<(series: string) => number> {
  const told = await Promise.all(
    replicas.map(async ({ healthPort }) => {
      const answer = await fetch(`http://127.0.0.1:${healthPort}/metrics`);
      const families = parseExposition(await answer.text());
      return new Map([...families.values()].flatMap(({ samples }) => samples));
    }),
  );
  return (series) => told.reduce((total, all) => total + (all.get(series) ?? 0), 0);
}
