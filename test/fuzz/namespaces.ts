import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import { standardParameters } from "../oracle/standard.ts";
import { crowd } from "./crowds.ts";
import { levelParameters } from "./parameters.ts";
import { type Case, networkPolicy } from "./policies.ts";
import { type Random, times } from "./random.ts";
import { dnsEgress, internetEgress, internetIngress } from "./scenarios.ts";
import { ownNamespace, selector, subjectPool } from "./selectors.ts";

function called(policy: NetworkPolicy, name: string): NetworkPolicy {
  return { ...policy, metadata: { ...policy.metadata, name } };
}

function withSubject(random: Random, policy: NetworkPolicy): NetworkPolicy {
  const podSelector = selector(random, subjectPool, 50);
  return { ...policy, spec: { ...policy.spec, podSelector } };
}

function members(random: Random, count: number): readonly NetworkPolicy[] {
  const kind = random.below(100);
  if (kind < 65) return crowd(random, count);
  if (kind < 80) return times(count, () => networkPolicy(random));
  const scenarios =
    kind < 88 ? [internetEgress] : kind < 94 ? [internetIngress] : [internetEgress, dnsEgress];
  return times(count, () => withSubject(random, random.pick(scenarios)(random)));
}

/** A networkPolicy of namespace `shop` and the other one to five that are there. */
export function createNamespaceCase(random: Random): Case {
  const count = random.pick([2, 2, 2, 3, 3, 4, 5, 6]);
  const all = members(random, count).map((one, index) => {
    const other = random.chance(4) ? networkPolicy(random) : one;
    return called(other, `np-${index}`);
  });
  const [first, ...neighbours] = all;
  return {
    namespace: ownNamespace,
    networkPolicy: first ?? {},
    neighbours,
    parameters: random.chance(60) ? standardParameters : levelParameters(random),
  };
}
