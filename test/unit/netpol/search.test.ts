import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allows } from "../../../src/netpol/domain.ts";
import { createMeter } from "../../../src/netpol/meter.ts";
import type { PodPeer } from "../../../src/netpol/model.ts";
import {
  activeStrangers,
  passiveStrangers,
  podsOutside,
  type Population,
} from "../../../src/netpol/population.ts";
import { readSelector } from "../../../src/netpol/readselector.ts";
import { placeAt } from "../../../src/netpol/wire.ts";
import { findPod, type Pod } from "../../../src/netpol/search.ts";
import { matches } from "../../../src/netpol/selector.ts";

const nameKey = "kubernetes.io/metadata.name";
const labels = {
  platformNamespaceLabelKeys: [],
  platformPodLabelKeys: ["mesh/*"],
  trustedNamespaceLabelKeys: ["zone"],
};
const populations: readonly Population[] = [
  passiveStrangers("fresh", labels),
  activeStrangers("fresh", labels),
  podsOutside("own"),
];

const namespaceKeys = [nameKey, "team", "zone", "ringfence.dev/x"];
const podKeys = ["app", "mesh/on", "job-name"];

function selectorOver(keys: readonly string[]) {
  const requirement = fc.oneof(
    fc.record({
      key: fc.constantFrom(...keys),
      operator: fc.constantFrom("In", "NotIn"),
      values: fc.subarray(["own", "other", "x"], { minLength: 1 }),
    }),
    fc.record({
      key: fc.constantFrom(...keys),
      operator: fc.constantFrom("Exists", "DoesNotExist"),
    }),
  );
  return fc
    .array(requirement, { maxLength: 3 })
    .map((matchExpressions) => readSelector({ matchExpressions }, placeAt("s", [])));
}

const peer: fc.Arbitrary<PodPeer> = fc
  .record({ namespaces: selectorOver(namespaceKeys), pods: selectorOver(podKeys) })
  .map(({ namespaces, pods }) => ({ kind: "pods", path: "", namespaces, pods }));

function* combinations(
  keys: readonly string[],
  domainOf: Population["podLabel"],
): Generator<ReadonlyMap<string, string>> {
  const [key, ...rest] = keys;
  if (key === undefined) {
    yield new Map();
    return;
  }
  for (const others of combinations(rest, domainOf)) {
    for (const value of [undefined, "own", "other", "x", "fresh", "unheard-of"]) {
      if (!allows(domainOf(key), value)) continue;
      yield value === undefined ? others : new Map(others).set(key, value);
    }
  }
}

function isSelected({ namespaces, pods }: PodPeer, { namespaceLabels, podLabels }: Pod): boolean {
  return namespaces !== "own" && matches(namespaces, namespaceLabels) && matches(pods, podLabels);
}

/** Namespaces of these teams, with these pods of theirs. */
const teams = (listed: readonly string[], app: object = {}): PodPeer => ({
  kind: "pods",
  path: "",
  namespaces: readSelector(
    { matchExpressions: [{ key: "team", operator: "In", values: listed }] },
    placeAt("s", []),
  ),
  pods: readSelector(app, placeAt("s", [])),
});

describe("looking for a pod that one peer selects and others do not", () => {
  it("finds one exactly when there is one in the population", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...populations),
        peer,
        fc.array(peer, { maxLength: 3 }),
        (population, wanted, others) => {
          const found = findPod(population, wanted, others, createMeter());
          let exists = false;
          for (const namespaceLabels of combinations(namespaceKeys, population.namespaceLabel)) {
            if (exists || wanted.namespaces === "own") break;
            if (!matches(wanted.namespaces, namespaceLabels)) continue;
            for (const podLabels of combinations(podKeys, population.podLabel)) {
              const pod = { namespaceLabels, podLabels };
              exists ||= isSelected(wanted, pod) && !others.some((other) => isSelected(other, pod));
            }
          }
          expect(found !== undefined).toBe(exists);
          if (found === undefined) return;
          expect(isSelected(wanted, found)).toBe(true);
          expect(others.some((other) => isSelected(other, found))).toBe(false);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("gives up when the meter has run out", () => {
    const all: PodPeer = {
      kind: "pods",
      path: "",
      namespaces: readSelector({}, placeAt("s", [])),
      pods: readSelector({}, placeAt("s", [])),
    };
    const meter = createMeter(0);
    expect(findPod(podsOutside("own"), all, [all], meter)).toBeUndefined();
    expect(meter.exhausted()).toBe(true);
  });

  describe("among very many values of a label", () => {
    const values = Array.from({ length: 20_000 }, (_, index) => `v${index}`);

    it("finds the one that no other peer lists, and pays little for it", () => {
      const others = values.slice(1).map((value) => teams([value]));
      const meter = createMeter(5_000);
      const found = findPod(podsOutside("own"), teams(values), others, meter);
      expect(found?.namespaceLabels.get("team")).toBe("v0");
    });

    it("finds none where the others list them all", () => {
      const meter = createMeter(5_000);
      const others = values.map((value) => teams([value]));
      expect(findPod(podsOutside("own"), teams(values), others, meter)).toBeUndefined();
      expect(meter.exhausted()).toBe(false);
    });

    it("pays for each copy of the list", () => {
      const app = { matchLabels: { app: "x" } };
      const meter = createMeter();
      const others = values.map((value) => teams([value], app));
      expect(findPod(podsOutside("own"), teams(values, app), others, meter)).toBeUndefined();
      expect(meter.exhausted()).toBe(true);
    });
  });
});
