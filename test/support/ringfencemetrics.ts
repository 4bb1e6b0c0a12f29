import { kubectlOk } from "./kubectl.ts";

export type Sample = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

/** What the API server has counted under a name since it started. */
export async function readMetric(name: string): Promise<readonly Sample[]> {
  const text = await kubectlOk(["get", "--raw", "/metrics"]);
  return text
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`))
    .map((line) => {
      const [, labels = "", value = ""] = /^\w+\{(.*)\} (\S+)$/.exec(line) ?? [];
      const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, text_]) => [key, text_]);
      return { labels: Object.fromEntries(pairs), value: Number(value) };
    });
}

/** How much each combination of labels has grown, as `a=1 b=2` → growth; what has not is left out. */
export function growth(
  before: readonly Sample[],
  after: readonly Sample[],
): Readonly<Record<string, number>> {
  const spell = ({ labels }: Sample): string =>
    Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .toSorted()
      .join(" ");
  const earlier = new Map(before.map((sample) => [spell(sample), sample.value]));
  const grown = after.map((sample) => {
    const key = spell(sample);
    return [key, sample.value - (earlier.get(key) ?? 0)] as const;
  });
  return Object.fromEntries(grown.filter(([, value]) => value > 0));
}
