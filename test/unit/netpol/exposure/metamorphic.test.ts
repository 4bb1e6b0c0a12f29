import { describe, expect, test } from "vitest";
import type { NetworkPolicy } from "../../../../src/api/networkpolicy.ts";
import { compileCluster } from "../../../../src/netpol/exposure/cluster.ts";
import type { State } from "../../../../src/netpol/exposure/input.ts";
import { createMatrix } from "../../../../src/netpol/exposure/matrix.ts";
import type { Reach } from "../../../../src/netpol/exposure/reach.ts";
import { includesPorts, type PortSet, unite } from "../../../../src/netpol/ports.ts";
import { createState, egressRule, ingressRule, networkPolicy } from "../../../fuzz/clusters.ts";
import { createRandom, type Random } from "../../../fuzz/random.ts";

const count = Number(process.env["RINGFENCE_FUZZ_CLUSTERS"] ?? 2000);
const seeds = [3, Math.floor(Date.now() / 86_400_000) + 1];

/** From each pod to each other one. */
function reachesOf(state: State): ReadonlyMap<string, Reach> {
  const matrix = createMatrix(compileCluster(state));
  const found = new Map<string, Reach>();
  for (const source of matrix.classes) {
    const row = matrix.row(source.index);
    for (const target of matrix.classes) {
      const reach = matrix.reach(row[target.index] ?? -1);
      for (const { pod: from } of source.pods) {
        for (const { pod: to } of target.pods) {
          if (from !== to) found.set(`${from.name} to ${to.name}`, reach);
        }
      }
    }
  }
  return found;
}

/** Pairs that could do something in the first state that they cannot do in the second. */
function losses(before: State, after: State): readonly string[] {
  const later = reachesOf(after);
  return [...reachesOf(before)].flatMap(([pair, reach]) => {
    const next = later.get(pair);
    const isKept =
      next !== undefined &&
      includesPorts(next.allowed, reach.allowed) &&
      includesPorts(possible(next), possible(reach));
    return isKept ? [] : [pair];
  });
}

function possible({ allowed, depends, notEvaluated }: Reach): PortSet {
  return unite([allowed, depends, notEvaluated]);
}

/** The policy with its types written out, so that another rule does not change them. */
function typed(one: NetworkPolicy): NetworkPolicy {
  const { policyTypes, egress } = one.spec ?? {};
  if (policyTypes && policyTypes.length > 0) return one;
  const implied = egress && egress.length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
  return { ...one, spec: { ...one.spec, policyTypes: implied } };
}

function withRule(random: Random, { spec, ...rest }: NetworkPolicy): NetworkPolicy {
  return random.chance(50)
    ? { ...rest, spec: { ...spec, ingress: [...(spec?.ingress ?? []), ingressRule(random)] } }
    : { ...rest, spec: { ...spec, egress: [...(spec?.egress ?? []), egressRule(random)] } };
}

function readable(state: State): State {
  const networkPolicies = state.networkPolicies
    .filter(({ metadata }) => !metadata?.name?.startsWith("broken"))
    .map(typed);
  return { ...state, networkPolicies };
}

describe.each(seeds)("relations between clusters (seed %i)", (seed) => {
  function forEachState(check: (state: State, random: Random, index: number) => void): void {
    for (let index = 0; index < count / seeds.length; index += 1) {
      const random = createRandom(seed, index);
      check(readable(createState(random)), random, index);
    }
  }

  test("another rule of a policy never takes anything away", () => {
    forEachState((state, random, index) => {
      if (state.networkPolicies.length === 0) return;
      const chosen = random.below(state.networkPolicies.length);
      const networkPolicies = state.networkPolicies.map((one, at) =>
        at === chosen ? withRule(random, one) : one,
      );
      expect(
        losses(state, { ...state, networkPolicies }),
        `seed ${seed}, cluster ${index}`,
      ).toEqual([]);
    });
  }, 120_000);

  test("another policy takes away only by isolating: from pods that are isolated, nothing", () => {
    forEachState((state, random, index) => {
      const denyAlls = state.namespaces.map(({ name }): NetworkPolicy => ({
        metadata: { namespace: name, name: "deny-all" },
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
      }));
      const isolated = { ...state, networkPolicies: [...state.networkPolicies, ...denyAlls] };
      const more = typed(networkPolicy(random, 99));
      const networkPolicies = [...isolated.networkPolicies, more];
      expect(
        losses(isolated, { ...state, networkPolicies }),
        `seed ${seed}, cluster ${index}`,
      ).toEqual([]);
    });
  }, 120_000);

  test("a policy without rules never gives anything", () => {
    forEachState((state, random, index) => {
      const deny: NetworkPolicy = {
        metadata: { namespace: random.pick(["shop", "data", "edge"]), name: "deny" },
        spec: { podSelector: {}, policyTypes: random.pick([["Ingress"], ["Ingress", "Egress"]]) },
      };
      const stricter = { ...state, networkPolicies: [...state.networkPolicies, deny] };
      const before = reachesOf(state);
      const gains = [...reachesOf(stricter)].filter(([pair, reach]) => {
        const earlier = before.get(pair);
        return !earlier || !includesPorts(earlier.allowed, reach.allowed);
      });
      expect(gains, `seed ${seed}, cluster ${index}`).toEqual([]);
    });
  }, 120_000);

  test("the order of policies, namespaces and pods changes nothing", () => {
    forEachState((state, _, index) => {
      const turned = {
        networkPolicies: state.networkPolicies.toReversed(),
        namespaces: state.namespaces.toReversed(),
        pods: state.pods.toReversed(),
      };
      expect(reachesOf(turned), `seed ${seed}, cluster ${index}`).toEqual(reachesOf(state));
    });
  }, 120_000);
});
