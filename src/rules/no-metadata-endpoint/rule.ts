import { type JsonPatch, pointer } from "../../api/jsonpatch.ts";
import { bits, formatAddress } from "../../netpol/address.ts";
import type { Block } from "../../netpol/block.ts";
import { findNewAddress } from "../../netpol/growth.ts";
import type { AddressPeer, PolicyRule } from "../../netpol/model.ts";
import { emptyPorts, isEmpty, type PortSet } from "../../netpol/ports.ts";
import { contains, type Span } from "../../netpol/spans.ts";
import { describeWitness, listSome, segmentsOf } from "../describe.ts";
import type { Judged, Rule, Violation } from "../rule.ts";
import { type Endpoint, endpoints } from "./endpoints.ts";

/** Refuses egress to the endpoints that give cloud credentials to any pod that asks. */
export const noMetadataEndpoint: Rule = {
  id: "no-metadata-endpoint",
  level: "baseline",
  rank: 4,
  summary: "Egress reaches an endpoint that hands out the node's cloud credentials.",
  parameters: ["allowedEndpoints"],
  judge: (judged) =>
    judged.rules
      .filter((rule) => rule.direction === "egress" && !isEmpty(rule.ports.TCP))
      .flatMap((rule) => judgeRule(judged, rule)),
};

/** One endpoint that can be reached, and the sentence that proves it. */
type Reached = { readonly endpoint: Endpoint; readonly witness: string };

function judgeRule(judged: Judged, rule: PolicyRule): readonly Violation[] {
  if (rule.peers === undefined) {
    const reached = reach(judged, rule, (endpoint) => endpoint.anywhere);
    const fix = `List the destinations that are meant in ${rule.path}.to; none of them may hold the endpoint.`;
    return violation(rule.path, reached, fix);
  }
  return rule.peers.flatMap((peer) => {
    if (peer.kind !== "addresses") return [];
    const reached = reach(judged, rule, (endpoint) => holds(peer.block, endpoint));
    return violation(
      `${peer.path}.ipBlock`,
      reached,
      fixBlock(peer, reached),
      patch(peer, reached),
    );
  });
}

/** Contained after excepts; the less known endpoints only when the block is narrow enough to mean them. */
function holds({ cidr, family, spans }: Block, { address, anywhere }: Endpoint): boolean {
  if (address.family !== family || !contains(spans, address.value)) return false;
  return anywhere || cidr.prefix >= (family === 4 ? 24 : 64);
}

function reach(
  { before, meter, standard }: Judged,
  rule: PolicyRule,
  isReached: (endpoint: Endpoint) => boolean,
): readonly Reached[] {
  return endpoints.flatMap((endpoint) => {
    const { address } = endpoint;
    if (standard.allowedEndpoints.has(formatAddress(address)) || !isReached(endpoint)) return [];
    const ports = portsToward(rule, endpoint);
    const point: Span = { lo: address.value, hi: address.value };
    const found = findNewAddress(address.family, [point], ports, before.egress, meter);
    if (found === undefined) return [];
    return [{ endpoint, witness: describeWitness("egress", address, found.port) }];
  });
}

/** The rule's ports on which the endpoint answers; a name may turn out to be any number. */
function portsToward({ ports }: PolicyRule, endpoint: Endpoint): PortSet {
  const { numbers, names } = ports.TCP;
  const open = endpoint.ports.map(BigInt).filter((port) => contains(numbers, port));
  return { ...emptyPorts, TCP: { numbers: open.map((port) => ({ lo: port, hi: port })), names } };
}

function violation(
  path: string,
  reached: readonly Reached[],
  fix: string,
  patched?: JsonPatch,
): readonly Violation[] {
  const [first] = reached;
  if (first === undefined) return [];
  const names = reached.map(({ endpoint }) => `${endpoint.text} (${endpoint.provider})`);
  return [
    {
      path,
      message: `credential endpoints can be reached: ${listSome(names)}`,
      why: "Any pod that reaches the endpoint can ask for the node's cloud credentials.",
      fix,
      witness: first.witness,
      ...(patched && { patch: patched }),
    },
  ];
}

function fixBlock({ path, block }: AddressPeer, reached: readonly Reached[]): string {
  const excepts = exceptsFor(block, reached);
  if (excepts.length === 0)
    return `Remove ${path}; use workload identity instead of the node's credentials.`;
  return `Add to ${path}.ipBlock.except: ${excepts.join(", ")}.`;
}

/** The endpoints as excepts of the block; none when the block is one of them. */
function exceptsFor({ written, family }: Block, reached: readonly Reached[]): readonly string[] {
  if (written.family !== family || written.prefix === bits[family]) return [];
  return reached.map(({ endpoint }) => `${endpoint.text}/${bits[family]}`);
}

function patch({ path, block }: AddressPeer, reached: readonly Reached[]): JsonPatch | undefined {
  const excepts = exceptsFor(block, reached);
  if (excepts.length === 0) return undefined;
  const at = pointer(...segmentsOf(path), "ipBlock", "except");
  const value = [...block.excepts.map(({ text }) => text), ...excepts];
  return [{ op: "add", path: at, value }];
}
