import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import { standardParameters } from "../oracle/standard.ts";
import type { Case } from "./policies.ts";

type Json = unknown;

function isRecord(value: Json): value is Record<string, Json> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value with one list item or one optional field less, every way that there is. */
function* smaller(value: Json): Generator {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      yield value.toSpliced(index, 1);
      for (const less of smaller(item)) yield value.with(index, less);
    }
  } else if (isRecord(value)) {
    for (const key of Object.keys(value)) {
      const { [key]: item, ...rest } = value;
      yield rest;
      for (const less of smaller(item)) yield { ...value, [key]: less };
    }
  }
}

/** False for what an API server refuses anyway; dropping things must not leave such a shape. */
function isWellFormed(networkPolicy: NetworkPolicy): boolean {
  const { ingress, egress, podSelector } = networkPolicy.spec ?? {};
  const peers = [
    ...(ingress ?? []).flatMap((rule) => rule?.from ?? []),
    ...(egress ?? []).flatMap((rule) => rule?.to ?? []),
  ];
  const ports = [...(ingress ?? []), ...(egress ?? [])].flatMap((rule) => rule?.ports ?? []);
  const selectors = [podSelector, ...peers.flatMap((p) => [p.podSelector, p.namespaceSelector])];
  const requirements = selectors.flatMap((selector) => selector?.matchExpressions ?? []);
  return (
    peers.every((p) => p.ipBlock ?? p.podSelector ?? p.namespaceSelector) &&
    peers.every(({ ipBlock }) => !ipBlock || typeof ipBlock.cidr === "string") &&
    ports.every(({ port, endPort }) => typeof port === "number" || (endPort ?? null) === null) &&
    requirements.every(
      ({ key, operator, values }) =>
        key !== undefined &&
        operator !== undefined &&
        operator.endsWith("In") === (values ?? []).length > 0,
    )
  );
}

/** The smallest case found by dropping one thing after another while `fails` stays true. */
export function shrink(start: Case, fails: (one: Case) => boolean): Case {
  let best = start;
  const plain = { ...start, parameters: standardParameters };
  if (fails(plain)) best = plain;
  for (let rounds = 0; rounds < 60; rounds += 1) {
    let improved = false;
    for (const candidate of smaller(best.networkPolicy)) {
      const networkPolicy: NetworkPolicy = JSON.parse(JSON.stringify(candidate));
      const next = { ...best, networkPolicy };
      if (!isWellFormed(networkPolicy) || !fails(next)) continue;
      best = next;
      improved = true;
      break;
    }
    if (!improved) return best;
  }
  return best;
}
