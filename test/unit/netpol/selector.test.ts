import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSelector } from "../../../src/netpol/readselector.ts";
import { placeAt } from "../../../src/netpol/wire.ts";
import { covers, matches, normalKey, type Selector } from "../../../src/netpol/selector.ts";

type Requirement = {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
};

const keys = ["a", "constructor"];
const values = ["", "x", "y"];

const requirement: fc.Arbitrary<Requirement> = fc.oneof(
  fc.record({
    key: fc.constantFrom(...keys),
    operator: fc.constantFrom("In", "NotIn"),
    values: fc.subarray(values, { minLength: 1 }),
  }),
  fc.record({
    key: fc.constantFrom(...keys),
    operator: fc.constantFrom("Exists", "DoesNotExist"),
  }),
);
const requirements = fc.array(requirement, { maxLength: 5 });

/** Every way the keys can stand on an object, with one value that no requirement lists. */
const universe: readonly ReadonlyMap<string, string>[] = [undefined, ...values, "z"].flatMap((a) =>
  [undefined, ...values, "z"].map(
    (b) =>
      new Map(
        [["a", a] as const, ["constructor", b] as const].flatMap(([key, value]) =>
          value === undefined ? [] : [[key, value] as const],
        ),
      ),
  ),
);

/** The API's words, one requirement at a time. */
function satisfies(labels: ReadonlyMap<string, string>, all: readonly Requirement[]): boolean {
  return all.every(({ key, operator, values: listed = [] }) => {
    const value = labels.get(key);
    if (operator === "Exists") return value !== undefined;
    if (operator === "DoesNotExist") return value === undefined;
    const isListed = value !== undefined && listed.includes(value);
    return operator === "In" ? isListed : !isListed;
  });
}

function compiled(matchExpressions: readonly Requirement[]): Selector {
  const problems: never[] = [];
  return readSelector({ matchExpressions }, placeAt("s", problems));
}

function read(value: unknown): Selector {
  return readSelector(value, placeAt("s", []));
}

describe("a compiled selector", () => {
  it("matches exactly the labels that satisfy every requirement", () => {
    fc.assert(
      fc.property(requirements, (all) => {
        const selector = compiled(all);
        expect(universe.map((labels) => matches(selector, labels))).toEqual(
          universe.map((labels) => satisfies(labels, all)),
        );
      }),
    );
  });

  it("is possible exactly when some labels satisfy it", () => {
    fc.assert(
      fc.property(requirements, (all) => {
        const isSatisfiable = universe.some((labels) => satisfies(labels, all));
        expect(compiled(all).possible).toBe(isSatisfiable);
      }),
    );
  });

  it("covers another exactly when every match of the other is one of its own", () => {
    fc.assert(
      fc.property(requirements, requirements, (outer, inner) => {
        const isCovered = universe.every(
          (labels) => !satisfies(labels, inner) || satisfies(labels, outer),
        );
        expect(covers(compiled(outer), compiled(inner))).toBe(isCovered);
      }),
    );
  });

  it("has the normal key of another exactly when both mean the same", () => {
    fc.assert(
      fc.property(requirements, requirements, (one, other) => {
        const isSame = universe.every(
          (labels) => satisfies(labels, one) === satisfies(labels, other),
        );
        expect(normalKey(compiled(one)) === normalKey(compiled(other))).toBe(isSame);
      }),
    );
  });

  it("reads matchLabels as present and equal, and values that cannot exist as nothing", () => {
    expect(normalKey(read({ matchLabels: { a: "x" } }))).toBe(
      normalKey(compiled([{ key: "a", operator: "In", values: ["x"] }])),
    );
    expect(read({ matchLabels: { a: "no spaces allowed" } }).possible).toBe(false);
    expect(read({ matchLabels: { a: "" } }).possible).toBe(true);
    expect(matches(read({ matchLabels: { a: "" } }), new Map())).toBe(false);
  });
});
