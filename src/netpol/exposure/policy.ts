import type { NetworkPolicy } from "../../api/networkpolicy.ts";
import { compile } from "../compile.ts";
import type { Direction, Model, PodPeer, PolicyRule, Problem } from "../model.ts";
import type { PortSet } from "../ports.ts";
import { validateNetworkPolicy } from "../validity/validate.ts";
import { isFields } from "../wire.ts";
import { type Ranges, rangesOf } from "./address.ts";
import type { NotEvaluated, PolicyRef } from "./input.ts";

/** A NetworkPolicy that was read. */
export type Policy = {
  readonly ref: PolicyRef;
  readonly model: Model;
  readonly rules: readonly Rule[];
};

export type Rule = {
  readonly policy: PolicyRef;
  readonly direction: Direction;
  readonly path: string;
  /** Undefined: every peer. */
  readonly peers: readonly Peer[] | undefined;
  readonly ports: PortSet;
};

export type Peer = PodPeer | BlockPeer;
export type BlockPeer = { readonly kind: "addresses"; readonly path: string } & Ranges;

export type Policies = {
  readonly policies: readonly Policy[];
  readonly notEvaluated: readonly NotEvaluated[];
};

/** The oldest API server whose validation is known: what it refuses, none has ever stored. */
const lenient = 34;

/** Reads NetworkPolicies; each that cannot be read is listed with the first place that prevents it. */
export function readPolicies(networkPolicies: readonly NetworkPolicy[]): Policies {
  const policies: Policy[] = [];
  const notEvaluated: NotEvaluated[] = [];
  const seen = new Set<string>();
  for (const networkPolicy of networkPolicies) {
    const ref = refOf(networkPolicy);
    const key = `${ref.namespace}/${ref.name}`;
    const read = seen.has(key) ? twice : readPolicy(networkPolicy, ref);
    if (ref.name !== "") seen.add(key);
    if ("message" in read) notEvaluated.push({ kind: "NetworkPolicy", ...ref, ...read });
    else policies.push(read);
  }
  return { policies, notEvaluated };
}

const twice: Problem = { path: "metadata.name", message: "is the name of two of them" };

function readPolicy(networkPolicy: NetworkPolicy, ref: PolicyRef): Policy | Problem {
  const compiled = compile(networkPolicy, ref.namespace);
  if ("problem" in compiled) return compiled.problem;
  // Only the spec counts: what is in the metadata of a stored object is the server's affair.
  const { apiVersion = "networking.k8s.io/v1", kind = "NetworkPolicy", spec } = networkPolicy;
  const bare = { apiVersion, kind, metadata: { name: "any", namespace: "any" }, spec };
  const [invalid] = validateNetworkPolicy(bare, lenient);
  if (invalid !== undefined) return invalid;
  const { model } = compiled;
  return { ref, model, rules: model.rules.map((rule) => ruleOf(rule, ref)) };
}

function ruleOf({ direction, path, peers, ports }: PolicyRule, policy: PolicyRef): Rule {
  return {
    policy,
    direction,
    path,
    ports,
    peers: peers?.map((peer) =>
      peer.kind === "pods" ? peer : { kind: "addresses", path: peer.path, ...rangesOf(peer.block) },
    ),
  };
}

function refOf(networkPolicy: NetworkPolicy): PolicyRef {
  const root: unknown = networkPolicy;
  const metadata = isFields(root) && isFields(root["metadata"]) ? root["metadata"] : {};
  const { namespace, name } = metadata;
  return {
    namespace: typeof namespace === "string" && namespace !== "" ? namespace : "default",
    name: typeof name === "string" ? name : "",
  };
}
