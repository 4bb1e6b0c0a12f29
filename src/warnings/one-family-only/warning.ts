import type { Family } from "../../netpol/address.ts";
import type { Direction, PolicyRule } from "../../netpol/model.ts";
import { isEmpty, isWhole, type PortSet, protocols } from "../../netpol/ports.ts";
import { intersect, overlaps, size, type Spans, subtract, union } from "../../netpol/spans.ts";
import { parseCIDR, spanOf } from "../../netpol/cidr.ts";
import { privateBlocks, privateSpace } from "../../rules/privatespace.ts";
import { rulesTogether } from "../neighbours.ts";
import type { Advice, Inspected, Warning } from "../warning.ts";
import { evidenceOf } from "./evidence.ts";

/** Tells of rules for the internet that forget one of the two address families. */
export const oneFamilyOnly: Warning = {
  id: "one-family-only",
  summary: "A rule opens the internet in one address family, where both are in use.",
  inspect: (inspected) =>
    (["ingress", "egress"] as const).flatMap((direction) =>
      ([4, 6] as const).flatMap((family) => inspectSide(inspected, direction, family)),
    ),
};

function inspectSide(
  inspected: Inspected,
  direction: Direction,
  family: Family,
): readonly Advice[] {
  const missing = family === 4 ? 6 : 4;
  const rules = inspected.rules.filter(
    (rule) => rule.direction === direction && openFamily(rule) === family,
  );
  if (rules.length === 0) return [];
  const evidence = evidenceOf(inspected, missing);
  if (evidence === undefined) return [];
  const others = rulesTogether(inspected, direction).filter((rule) => opens(rule, missing));
  return rules.flatMap((rule) => {
    if (!inspected.meter.spend(others.length)) return [];
    if (others.some(({ ports }) => haveCommonPort(ports, rule.ports))) return [];
    const peers = `${rule.path}.${direction === "ingress" ? "from" : "to"}`;
    const block = `{cidr: "${missing === 4 ? "0.0.0.0/0" : "::/0"}", except: [${privateBlocks[missing].join(", ")}]}`;
    return [
      {
        path: peers,
        message: `the internet is open for ${direction} over IPv${family} only, although ${evidence}: connections over IPv${missing} are refused`,
        fix: `If both are meant, add {ipBlock: ${block}} to ${peers}.`,
      },
    ];
  });
}

/** The family in which the rule opens the internet, when it says nothing at all of the other. */
function openFamily(rule: PolicyRule): Family | undefined {
  const { peers = [] } = rule;
  const families = new Set(
    peers.flatMap((peer) => (peer.kind === "addresses" ? [peer.block.family] : [])),
  );
  const [family] = families;
  return families.size === 1 && family !== undefined && opens(rule, family) ? family : undefined;
}

function opens({ peers }: PolicyRule, family: Family): boolean {
  if (peers === undefined) return true;
  const spans = peers.flatMap((peer) =>
    peer.kind === "addresses" && peer.block.family === family ? peer.block.spans : [],
  );
  return isInternet(family, union(spans));
}

/** Where addresses of the internet are: all that is not private, or what is given out of IPv6. */
const globalUnicast = [parseCIDR("2000::/3")].flatMap((cidr) => (cidr ? [spanOf(cidr)] : []));

/** At least half of the family's internet. */
function isInternet(family: Family, spans: Spans): boolean {
  return family === 4
    ? size(subtract(spans, privateSpace[4])) >= 1n << 31n
    : size(intersect(spans, globalUnicast)) >= 1n << 124n;
}

function haveCommonPort(a: PortSet, b: PortSet): boolean {
  return protocols.some((protocol) => {
    const [left, right] = [a[protocol], b[protocol]];
    if (isWhole(left)) return !isEmpty(right);
    if (isWhole(right)) return !isEmpty(left);
    return overlaps(left.numbers, right.numbers) || !left.names.isDisjointFrom(right.names);
  });
}
