import type { Random } from "../fuzz/random.ts";
import { anyValues } from "./validityvalues.ts";

const otherFields = [
  "foo",
  "Spec",
  "PodSelector",
  "toString",
  "__proto__",
  "a.b",
  'x"y',
  "",
  "from",
  "to",
  "ports",
  "endport",
  "ipblock",
  "kind",
  "apiVersion",
  "status",
];

/** A copy with one place of the tree changed: a value of another type, one less, one more. */
export function mutate(value: unknown, random: Random): unknown {
  if (typeof value !== "object" || value === null || random.chance(12)) {
    return random.pick(anyValues);
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return [random.pick(anyValues)];
    const at = random.below(value.length);
    return value.map((item: unknown, index) => (index === at ? mutate(item, random) : item));
  }
  const entries = Object.entries(value);
  if (entries.length === 0 || random.chance(25)) {
    return Object.fromEntries([...entries, [random.pick(otherFields), random.pick(anyValues)]]);
  }
  const at = random.below(entries.length);
  return Object.fromEntries(
    entries.map(([key, part], index) => [key, index === at ? mutate(part, random) : part]),
  );
}
