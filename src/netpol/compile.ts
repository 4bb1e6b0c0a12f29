import type { NetworkPolicy } from "../api/networkpolicy.ts";
import { tooComplex } from "./meter.ts";
import type { Direction, Model, PolicyHead, PolicyRule, Problem } from "./model.ts";
import { readPeers } from "./readpeers.ts";
import { readPorts } from "./readports.ts";
import { readSelector } from "./readselector.ts";
import {
  below,
  type Fields,
  isFields,
  pathOf,
  type Place,
  placeAt,
  readFields,
  readList,
  report,
} from "./wire.ts";

/** A model, or the first place that keeps the policy from being judged. */
export type Compiled = { readonly model: Model } | { readonly problem: Problem };

const peersField = { ingress: "from", egress: "to" } as const;

/**
 * Rules that one policy may have: as many fit into what can be stored only where nearly all of them
 * are empty.
 */
export const mostRules = 100_000;

/**
 * Compiles a NetworkPolicy from the wire. What missing, null and empty mean is decided here, after
 * the API types of `networking.k8s.io/v1` and their defaulting. Total: whatever is not understood,
 * an unknown field included, is a problem.
 */
export function compile(networkPolicy: NetworkPolicy, namespace: string): Compiled {
  const problems: Problem[] = [];
  const root: unknown = networkPolicy;
  const object = isFields(root) ? root : {};
  if (!isFields(root)) problems.push({ path: "", message: "must be an object" });
  const metadata = isFields(object["metadata"]) ? object["metadata"] : {};
  const place = placeAt("spec", problems);
  const spec = readFields(object["spec"], place, [
    "podSelector",
    "policyTypes",
    "ingress",
    "egress",
  ]);
  if (countRules(spec) > mostRules) return { problem: tooComplex };
  const head: PolicyHead = {
    name: typeof metadata["name"] === "string" ? metadata["name"] : "",
    namespace,
    subject: readSelector(spec["podSelector"], below(place, "podSelector")),
  };
  const model: Model = {
    ...head,
    isolates: readTypes(spec, place),
    rules: [...readRules(head, "ingress", spec, place), ...readRules(head, "egress", spec, place)],
  };
  const [problem] = problems;
  return problem === undefined ? { model } : { problem };
}

function countRules({ ingress, egress }: Fields): number {
  const lengths = [ingress, egress].map((rules) => (Array.isArray(rules) ? rules.length : 0));
  return lengths.reduce((sum, length) => sum + length);
}

function readTypes(spec: Fields, place: Place): Model["isolates"] {
  const types = readList(spec["policyTypes"], below(place, "policyTypes"));
  for (const [index, type] of types.entries()) {
    if (type === "Ingress" || type === "Egress") continue;
    report(
      below(below(place, "policyTypes"), index),
      "is a policy type this version does not know",
    );
  }
  if (types.length > 0) {
    return { ingress: types.includes("Ingress"), egress: types.includes("Egress") };
  }
  // The API server's default: Egress only when there is an egress rule.
  return { ingress: true, egress: readList(spec["egress"], below(place, "egress")).length > 0 };
}

function readRules(
  policy: PolicyHead,
  direction: Direction,
  spec: Fields,
  place: Place,
): readonly PolicyRule[] {
  const list = below(place, direction);
  return readList(spec[direction], list).map((item, index) => {
    const at = below(list, index);
    const field = peersField[direction];
    const rule = readFields(item, at, [field, "ports"]);
    const peers = readPeers(rule[field], below(at, field));
    const { ports, numbered } = readPorts(rule["ports"], below(at, "ports"));
    return { policy, direction, path: pathOf(at), peers, ports, numbered };
  });
}
