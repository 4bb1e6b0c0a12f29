import type { LabelSelector } from "../../src/api/networkpolicy.ts";

export type LabelMap = ReadonlyMap<string, string>;
/** The values that a label may have; undefined stands for "absent". */
export type Choices = ReadonlyMap<string, readonly (string | undefined)[]>;

export const fresh = "fresh-value-that-nobody-wrote";

type Part = { readonly key: string; readonly operator: string; readonly values: readonly string[] };

const read = new WeakMap<LabelSelector, readonly Part[]>();

/** All requirements of a selector, `matchLabels` first; missing, null and empty have none. */
export function partsOf(selector: LabelSelector | null | undefined): readonly Part[] {
  if (!selector) return [];
  const parts = read.get(selector) ?? readParts(selector);
  read.set(selector, parts);
  return parts;
}

function readParts(selector: LabelSelector): readonly Part[] {
  const equal = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({
    key,
    operator: "In",
    values: [value],
  }));
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values }) => ({
    key,
    operator,
    values: values ?? [],
  }));
  return [...equal, ...expressions];
}

function partMatches(part: Part, labels: LabelMap): boolean {
  const value = labels.get(part.key);
  switch (part.operator) {
    case "In":
      return value !== undefined && part.values.includes(value);
    case "NotIn":
      return value === undefined || !part.values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      throw new Error(`operator ${part.operator} cannot be judged`);
  }
}

/** The literal reading of a selector on one set of labels. */
export function matches(selector: LabelSelector | null | undefined, labels: LabelMap): boolean {
  return partsOf(selector).every((part) => partMatches(part, labels));
}

/** Every key that the selectors mention, with every value mentioned beside it. */
export function mentioned(
  selectors: readonly (LabelSelector | null | undefined)[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const part of selectors.flatMap((selector) => partsOf(selector))) {
    const values = found.get(part.key) ?? new Set<string>();
    for (const value of part.values) values.add(value);
    found.set(part.key, values);
  }
  return new Map([...found].map(([key, values]) => [key, [...values]]));
}

/** Absent, each mentioned value and one fresh value, for every mentioned key. */
export function everyChoice(selectors: readonly (LabelSelector | null | undefined)[]): Choices {
  return new Map(
    [...mentioned(selectors)].map(([key, values]) => [key, [undefined, ...values, fresh]]),
  );
}

/** All label sets that the choices allow, one by one; each is good until the next is asked for. */
export function* enumerate(choices: Choices): Generator<LabelMap> {
  const wheels = [...choices].map(([key, values]) => ({ key, values, at: 0 }));
  if (wheels.some(({ values }) => values.length === 0)) return;
  const labels = new Map<string, string>();
  const show = ({ key, values, at }: (typeof wheels)[number]) => {
    const value = values[at];
    if (value === undefined) labels.delete(key);
    else labels.set(key, value);
  };
  for (const wheel of wheels) show(wheel);
  while (true) {
    yield labels;
    // Like an odometer: the first wheel that can turn does, and those before it start again.
    const next = wheels.findIndex(({ values, at }) => at + 1 < values.length);
    if (next === -1) return;
    for (const [index, wheel] of wheels.slice(0, next + 1).entries()) {
      wheel.at = index === next ? wheel.at + 1 : 0;
      show(wheel);
    }
  }
}

/** True when some label set among the choices satisfies the selector. */
export function satisfiable(
  selector: LabelSelector | null | undefined,
  choices: Choices = everyChoice([selector]),
): boolean {
  for (const labels of enumerate(choices)) if (matches(selector, labels)) return true;
  return false;
}
