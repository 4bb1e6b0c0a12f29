import type { LabelSelector, Requirement } from "../../src/api/networkpolicy.ts";
import { type Random, times } from "./random.ts";

type Pool = readonly (readonly [key: string, values: readonly string[]])[];

export const ownNamespace = "shop";

export const namespacePool: Pool = [
  ["kubernetes.io/metadata.name", [ownNamespace, "monitoring", "ingress-nginx"]],
  ["kubernetes.io/metadata.name", [ownNamespace, "monitoring"]],
  ["kubernetes.io/metadata.name", ["monitoring"]],
  ["team", ["payments", "x", ""]],
  ["env", ["prod"]],
  ["pod-security.kubernetes.io/enforce", ["restricted", "privileged"]],
  ["ringfence.dev/enforce", ["baseline"]],
  ["mesh.example/injected", ["true"]],
  ["constructor", ["x"]],
  ["pod-security.kubernetes.io.example/x", ["y"]],
  ["ringfence.dev", ["x"]],
];

export const podPool: Pool = [
  ["app", ["web", "prometheus", ""]],
  ["app", ["web"]],
  ["k8s-app", ["kube-dns", "coredns", "other"]],
  ["app.kubernetes.io/name", ["coredns", "nginx"]],
  ["pod-template-hash", ["abc"]],
  ["job-name", ["j"]],
  ["batch.kubernetes.io/job-name", ["j"]],
  ["batch.kubernetes.io", ["j"]],
  ["topology.kubernetes.io/region", ["north"]],
  ["statefulset.kubernetes.io/pod-name", ["db-0"]],
  ["mesh.example/sidecar", ["on"]],
  ["toString", ["x"]],
  ["hasOwnProperty", ["x"]],
];

export const subjectPool: Pool = [
  ["app", ["web", "api", ""]],
  ["tier", ["front", "back"]],
  ["valueOf", ["x"]],
];

const emptySelectors: readonly LabelSelector[] = [
  {},
  {},
  {},
  { matchLabels: {} },
  { matchExpressions: [] },
  { matchLabels: null },
  { matchExpressions: null },
  { matchLabels: {}, matchExpressions: [] },
];

function someValues(random: Random, values: readonly string[]): readonly string[] {
  return times(1 + random.below(2), () => random.pick(values));
}

function requirement(random: Random, pool: Pool): Requirement {
  const [key, values] = random.pick(pool);
  const operator = random.pick(["In", "In", "In", "NotIn", "NotIn", "Exists", "DoesNotExist"]);
  if (operator === "In" || operator === "NotIn") {
    return { key, operator, values: someValues(random, values) };
  }
  return random.chance(30) ? { key, operator, values: random.pick([null, []]) } : { key, operator };
}

/** A selector over the pool: empty in some spelling, a plain label, or up to three requirements. */
export function selector(random: Random, pool: Pool, emptyPercent = 15): LabelSelector {
  if (random.chance(emptyPercent)) return random.pick(emptySelectors);
  const labels = times(random.pick([0, 1, 1, 1, 2]), () => {
    const [key, values] = random.pick(pool);
    return [key, random.pick(values)] as const;
  });
  const least = labels.length === 0 ? 1 : 0;
  const expressions = times(least + random.pick([0, 0, 0, 1, 1, 2]), () =>
    requirement(random, pool),
  );
  const matchLabels = Object.fromEntries(labels);
  if (expressions.length === 0) return { matchLabels };
  if (labels.length === 0) return { matchExpressions: expressions.slice(0, 3) };
  return { matchLabels, matchExpressions: expressions.slice(0, 2) };
}

/** The selector of everything that the first requirement of `other` leaves out. */
export function complement(other: LabelSelector): LabelSelector {
  const [label] = Object.entries(other.matchLabels ?? {});
  if (label) {
    const [key, value] = label;
    return { matchExpressions: [{ key, operator: "NotIn", values: [value] }] };
  }
  const [first] = other.matchExpressions ?? [];
  if (!first) return { matchExpressions: [{ key: "team", operator: "Exists" }] };
  const opposite: Record<string, string> = {
    In: "NotIn",
    NotIn: "In",
    Exists: "DoesNotExist",
    DoesNotExist: "Exists",
  };
  return { matchExpressions: [{ ...first, operator: opposite[first.operator] ?? "Exists" }] };
}
