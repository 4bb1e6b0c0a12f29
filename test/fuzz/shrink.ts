import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import { standardParameters } from "../oracle/standard.ts";
import type { Trial } from "./trial.ts";

type Json = unknown;
type Parts = {
  readonly networkPolicy?: NetworkPolicy;
  readonly neighbours?: readonly NetworkPolicy[];
  readonly old?: NetworkPolicy;
};

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

function asParts({ one, old }: Trial): Parts {
  const { networkPolicy, neighbours } = one;
  return { networkPolicy, neighbours, ...(old && { old }) };
}

function withParts(trial: Trial, parts: Parts): Trial | undefined {
  // A part itself must stay: dropping the old version makes another kind of trial.
  const { networkPolicy, neighbours, old } = parts;
  if (!networkPolicy || !neighbours || (old === undefined) !== (trial.old === undefined)) {
    return undefined;
  }
  if (![networkPolicy, ...neighbours, ...(old ? [old] : [])].every(isWellFormed)) return undefined;
  const one = { ...trial.one, networkPolicy, neighbours };
  return old ? { ...trial, one, old } : { ...trial, one };
}

/** The smallest trial found by dropping one thing after another while `fails` stays true. */
export function shrink(start: Trial, fails: (trial: Trial) => boolean): Trial {
  let best = start;
  const plain = { ...start, one: { ...start.one, parameters: standardParameters } };
  if (fails(plain)) best = plain;
  for (let rounds = 0; rounds < 150; rounds += 1) {
    let improved = false;
    for (const candidate of smaller(asParts(best))) {
      const parts: Parts = JSON.parse(JSON.stringify(candidate));
      const next = withParts(best, parts);
      if (!next || !fails(next)) continue;
      best = next;
      improved = true;
      break;
    }
    if (!improved) return best;
  }
  return best;
}
