import type { JsonPatch } from "../../api/jsonpatch.ts";
import { bits } from "../../netpol/address.ts";
import type { Block } from "../../netpol/block.ts";
import { findNewAddress } from "../../netpol/growth.ts";
import type { AddressPeer, PolicyRule } from "../../netpol/model.ts";
import { emptyPorts, isEmpty, type Port, type Ports } from "../../netpol/ports.ts";
import { contains, type Span } from "../../netpol/spans.ts";
import { describeWitness, listSome } from "../describe.ts";
import { type Judged, type Rule, stepsPerFinding, type Violation } from "../rule.ts";
import { type Endpoint, endpoints } from "./endpoints.ts";
import { patchBlock, patchEveryone } from "./patch.ts";

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

/** One endpoint that can be reached, and a port on which it can. */
type Reached = { readonly endpoint: Endpoint; readonly port: Port };

function judgeRule(judged: Judged, rule: PolicyRule): readonly Violation[] {
  if (rule.peers === undefined) {
    const reached = reach(judged, rule, (endpoint) => endpoint.anywhere);
    if (reached.length === 0 || !judged.meter.spend(stepsPerFinding)) return [];
    const fix = `List the destinations that are meant in ${rule.path}.to; none of them may hold the endpoint.`;
    return violation(rule.path, reached, fix, patchEveryone(judged, rule));
  }
  return rule.peers.flatMap((peer) => {
    if (peer.kind !== "addresses") return [];
    const reached = reach(judged, rule, (endpoint) => holds(peer.block, endpoint));
    if (reached.length === 0 || !judged.meter.spend(stepsPerFinding)) return [];
    return violation(
      `${peer.path}.ipBlock`,
      reached,
      fixBlock(peer, reached),
      patchBlock(
        judged,
        rule,
        peer,
        reached.map(({ endpoint }) => endpoint),
      ),
    );
  });
}

/** Contained after excepts; the less known endpoints only when the block is narrow enough to mean them. */
function holds({ cidr, family, spans }: Block, { address, anywhere }: Endpoint): boolean {
  if (address.family !== family || !contains(spans, address.value)) return false;
  return anywhere || cidr.prefix >= (family === 4 ? 24 : 64);
}

function reach(
  judged: Judged,
  rule: PolicyRule,
  isReached: (endpoint: Endpoint) => boolean,
): readonly Reached[] {
  const { allowedEndpoints } = judged.standard;
  return endpoints
    .filter((endpoint) => isReached(endpoint) && !allowedEndpoints.has(endpoint.text))
    .flatMap((endpoint) => {
      const port = findPort(judged, rule, endpoint);
      return port === undefined ? [] : [{ endpoint, port }];
    });
}

/** A port of the rule on which the endpoint newly answers; a name may turn out to be any number. */
function findPort(judged: Judged, { ports }: PolicyRule, endpoint: Endpoint): Port | undefined {
  const { numbers, names } = ports.TCP;
  const answering = endpoint.ports.map((port): Span => ({ lo: BigInt(port), hi: BigInt(port) }));
  const open = answering.filter(({ lo }) => contains(numbers, lo));
  const byNumber = isNew(judged, endpoint, { numbers: open, names: new Set() });
  if (byNumber !== undefined || names.size === 0) return byNumber;
  // Where every answering number was open already, a name adds nothing.
  const anyNumber = isNew(judged, endpoint, { numbers: answering, names: new Set() });
  return anyNumber && isNew(judged, endpoint, { numbers: [], names });
}

function isNew({ before, meter }: Judged, { address }: Endpoint, TCP: Ports): Port | undefined {
  const point: Span = { lo: address.value, hi: address.value };
  const ports = { ...emptyPorts, TCP };
  return findNewAddress(address.family, [point], ports, before.egress, meter)?.port;
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
      witness: describeWitness("egress", first.endpoint.address, first.port),
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
