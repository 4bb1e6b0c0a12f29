import type { Parameters } from "../../src/rules/parameters.ts";
import { type Block, blockOfText } from "./address.ts";
import type { Expectation } from "./expectation.ts";
import type { BlockPeer, Rule } from "./policy.ts";
import { type Entry, opens } from "./port.ts";

type Endpoint = { readonly address: string; readonly named: boolean; readonly ports: number[] };

const endpoints: readonly Endpoint[] = [
  { address: "169.254.169.254", named: false, ports: [80] },
  { address: "fd00:ec2::254", named: false, ports: [80] },
  { address: "fd20:ce::254", named: false, ports: [80] },
  { address: "168.63.129.16", named: true, ports: [80, 32_526] },
  { address: "100.100.100.200", named: true, ports: [80] },
  { address: "169.254.170.2", named: true, ports: [80] },
  { address: "169.254.0.23", named: true, ports: [80] },
  { address: "169.254.42.42", named: true, ports: [80] },
  { address: "192.0.0.192", named: true, ports: [80] },
  { address: "fd00:c1::a9fe:a9fe", named: true, ports: [80] },
  { address: "fd00:42::42", named: true, ports: [80] },
  { address: "fd00:100::100:200", named: true, ports: [80] },
];

function pointOf({ address }: { readonly address: string }): Block {
  return blockOfText(`${address}/${address.includes(":") ? 128 : 32}`);
}

function has(block: Block, point: Block): boolean {
  return block.family === point.family && block.lo <= point.lo && point.hi <= block.hi;
}

function reaches(peer: BlockPeer, endpoint: Endpoint): boolean {
  const point = pointOf(endpoint);
  if (!has(peer.block, point) || peer.excepts.some((except) => has(except, point))) return false;
  return !endpoint.named || peer.block.prefix >= (peer.block.family === 4 ? 24 : 64);
}

function openPorts(rule: Rule, { ports }: Endpoint): readonly Entry[] {
  return ports
    .map((port) => ({ protocol: "TCP", lo: port, hi: port }))
    .filter((atom) => rule.entries.some((entry) => opens(entry, atom, true)));
}

/** `no-metadata-endpoint`; no carve-out helps. */
export function judgeMetadata(
  rules: readonly Rule[],
  parameters: Parameters,
): readonly Expectation[] {
  const allowed = parameters.allowedEndpoints.map((address) => pointOf({ address }));
  const guarded = endpoints.filter(
    (endpoint) => !allowed.some((point) => has(point, pointOf(endpoint))),
  );
  return rules
    .filter((rule) => rule.direction === "egress")
    .flatMap((rule) => {
      const open = guarded
        .map((endpoint) => ({ endpoint, ports: openPorts(rule, endpoint) }))
        .filter(({ ports }) => ports.length > 0);
      const anywhere = rule.everyone ? open.filter(({ endpoint }) => !endpoint.named) : [];
      const blocks = rule.peers.filter((peer) => peer.kind === "block");
      const perPeer = blocks.map((peer) => ({
        key: peer.key,
        reached: open.filter(({ endpoint }) => reaches(peer, endpoint)),
      }));
      return [{ key: rule.key, reached: anywhere }, ...perPeer]
        .filter(({ reached }) => reached.length > 0)
        .map(({ key, reached }) => ({
          rule: "no-metadata-endpoint",
          keys: [key],
          optional: false,
          reaches: reached.map(({ endpoint, ports }) => {
            const { family, lo, hi } = pointOf(endpoint);
            return { direction: "egress", ports, ranges: [{ family, lo, hi }], sure: true };
          }),
        }));
    });
}
