import type { JsonPatch } from "../../api/jsonpatch.ts";
import { formatBlock } from "../../netpol/block.ts";
import { type Address, parseAddress } from "../../netpol/address.ts";
import type { PolicyHead } from "../../netpol/model.ts";
import { unite } from "../../netpol/ports.ts";
import { overlaps } from "../../netpol/spans.ts";
import { describePlace, describePorts, describeWitness, listSomeOf } from "../describe.ts";
import { privateBlocks, privateSpace } from "../privatespace.ts";
import { type Judged, stepsPerFinding, type Violation } from "../rule.ts";
import type { Contributor } from "./contributor.ts";
import type { Excess } from "./sum.ts";

/** Above that many findings the policy is not mended block by block. */
const mostPatches = 16;

/** One finding for each block that carries an excess, whatever the protocols. */
export function reportExcesses(
  judged: Judged,
  excesses: readonly Excess[],
  patchOf: (carrier: Contributor) => JsonPatch | undefined,
): readonly Violation[] {
  const groups = Map.groupBy(excesses, ({ carrier }) => carrier);
  return [...groups].flatMap(([carrier, group]) => {
    const [first] = group;
    if (first === undefined || !judged.meter.spend(stepsPerFinding)) return [];
    const ports = unite(group.map((excess) => excess.ports));
    const patch = groups.size > mostPatches ? undefined : patchOf(carrier);
    return [{ ...reportExcess(judged, { ...first, ports }), ...(patch && { patch }) }];
  });
}

function reportExcess(judged: Judged, excess: Excess): Violation {
  const { rule, peer } = excess.carrier;
  return {
    path: `${peer.path}.ipBlock`,
    message: `${formatBlock(peer.block)}${withOthers(excess)} on ${describePorts(excess.ports)} ${tooMuch(judged, excess)}${manyPorts(judged, excess)}`,
    why: "Blocks this broad admit strangers, and most network plugins match pods by them too.",
    fix: fix(judged, excess),
    witness: describeWitness(rule.direction, wellKnown(excess), excess.port),
  };
}

function withOthers({ carrier, others }: Excess): string {
  if (others.length === 0) return "";
  const own = carrier.rule.policy;
  // Those that the reader does not have before the eyes come first.
  const ordered = [
    ...others.filter(({ rule }) => rule.policy !== own),
    ...others.filter(({ rule }) => rule.policy === own),
  ];
  return ` together with ${listBlocks(ordered, own)}`;
}

function listBlocks(blocks: readonly Contributor[], own: PolicyHead): string {
  return listSomeOf(blocks, 3, ({ peer, rule }) => {
    const place = describePlace(peer.path, rule.policy, own);
    return `${formatBlock(peer.block)} (${place})`;
  });
}

/** Names what has ports to the internet elsewhere, where only all of them are too many. */
function manyPorts({ standard }: Judged, { carrier, internet = [] }: Excess): string {
  if (internet.length === 0) return "";
  const blocks = listBlocks(internet, carrier.rule.policy);
  return `, and more than ${standard.parameters.maxInternetPorts} ports lead to the internet together with ${blocks}`;
}

function tooMuch(judged: Judged, { isBlock, carrier }: Excess): string {
  const { standard } = judged;
  const prefix = minPrefix(judged, carrier.peer.block.family);
  const counted = standard.level === "baseline" ? " outside private space" : "";
  return isBlock
    ? `is wider than /${prefix}${counted}`
    : `holds more addresses than ${standard.parameters.maxBlocks} blocks of /${prefix}${counted}`;
}

function fix(judged: Judged, { carrier }: Excess): string {
  const { rule, peer, spans } = carrier;
  const { family } = peer.block;
  const { parameters, level } = judged.standard;
  const narrower = `List only the blocks that are needed, /${minPrefix(judged, family)} or narrower`;
  if (rule.direction === "ingress") {
    return `${narrower}; a public listener belongs in publicListeners of the platform team.`;
  }
  if (level === "restricted")
    return `${narrower}; the platform team can add known ones to allowedCIDRs.`;
  const ports = `list at most ${parameters.maxInternetPorts} port numbers`;
  const excepts = overlaps(spans, privateSpace[family])
    ? `leave private space out (${peer.path}.ipBlock.except: [${privateBlocks[family].join(", ")}]) and `
    : "";
  return `For the internet ${excepts}${ports}; otherwise ${narrower.toLowerCase()}.`;
}

function minPrefix({ standard }: Judged, family: Address["family"]): number {
  const { minPrefixV4, minPrefixV6 } = standard.parameters;
  return family === 4 ? minPrefixV4 : minPrefixV6;
}

const wellKnownAddresses = ["8.8.8.8", "1.1.1.1", "203.0.113.7", "2001:4860:4860::8888"].flatMap(
  (text) => parseAddress(text) ?? [],
);

/** An address that people recognise, where there is one in the witness's neighbourhood. */
function wellKnown({ span, carrier }: Excess): Address {
  const { family } = carrier.peer.block;
  const known = wellKnownAddresses.find(
    ({ family: of, value }) => of === family && value >= span.lo && value <= span.hi,
  );
  return known ?? { family, value: span.lo === span.hi ? span.lo : span.lo + 1n };
}
