import type { Direction, Peer, PolicyRule } from "../../netpol/model.ts";
import { nowhere } from "../../netpol/places.ts";
import { protocols } from "../../netpol/ports.ts";
import { isPublicListener } from "../carveouts.ts";
import { hasPeerOutside } from "../strangers.ts";
import { describePlace, listSome } from "../describe.ts";
import {
  type Judged,
  type Reported,
  type Rule,
  stepsPerFinding,
  type Summation,
  type Violation,
} from "../rule.ts";
import { excessOfAddresses } from "./addresses.ts";
import { countPorts } from "./count.ts";
import type { Excess } from "./excess.ts";
import { withCommonPeer } from "./near.ts";
import { excessOfPods } from "./pods.ts";

/** Demands that peers outside the namespace come with a list of ports. */
export const requirePorts: Rule = {
  id: "require-ports",
  level: "restricted",
  rank: 8,
  summary: "A peer outside the namespace is admitted without a list of ports, or on very many.",
  parameters: ["maxPorts", "publicListeners"],
  judge: (judged) => [...judgeDirection(judged, "ingress"), ...judgeDirection(judged, "egress")],
  sums,
};

function judgeDirection(judged: Judged, direction: "ingress" | "egress"): readonly Violation[] {
  const rules = judged.rules.filter((rule) => isCounted(judged, direction, rule));
  if (isSurelyFew(judged, rules)) return [];
  const excesses = [
    ...excessOfPods(judged, direction, rules).excesses,
    ...excessOfAddresses(judged, direction, rules).excesses,
  ];
  return reportExcesses(judged, excesses).map(({ violation }) => violation);
}

function isCounted(judged: Judged, direction: Direction, rule: PolicyRule): boolean {
  return (
    rule.direction === direction && rule.peers !== undefined && !isPublicListener(judged, rule)
  );
}

/** True when the ports are few enough even if all rules were about the same peer. */
function isSurelyFew({ standard }: Judged, rules: readonly PolicyRule[]): boolean {
  const limit = BigInt(standard.parameters.maxPorts);
  return protocols.every((protocol) => {
    let sum = 0n;
    for (const { ports } of rules) sum += countPorts(ports[protocol]);
    return sum <= limit;
  });
}

function reportExcesses(judged: Judged, excesses: readonly Excess[]): Reported["violations"] {
  return [...Map.groupBy(excesses, ({ peer }) => peer).values()].flatMap((group) =>
    reportPeer(judged, group).flatMap((violation) =>
      group.slice(0, 1).map(({ rule }) => ({ policy: rule.policy, violation })),
    ),
  );
}

/** How many ports each peer has over all rules, in each direction. */
function sums(judged: Judged): readonly Summation[] {
  return (["ingress", "egress"] as const).flatMap((direction) =>
    [excessOfPods, excessOfAddresses].map((excessOf): Summation => {
      const isCountedHere = (rule: PolicyRule) => isCounted(judged, direction, rule);
      const nobody = { at: nowhere, carries: () => false };
      return {
        direction,
        counts: (rule) => isCountedHere(rule) && hasPeerOutside(rule),
        isNear: withCommonPeer,
        excess(rules) {
          const some = rules.filter(isCountedHere);
          return isSurelyFew(judged, some)
            ? nowhere
            : excessOf(judged, direction, some, nobody).places;
        },
        report(rules, { at, carries, before }) {
          const scene = { ...judged, before: { ...judged.before, [direction]: before } };
          const some = rules.filter(isCountedHere);
          const { excesses, carried } = excessOf(scene, direction, some, { at, carries });
          return { places: carried, violations: reportExcesses(judged, excesses) };
        },
      };
    }),
  );
}

/** One mistake, one finding: a peer is reported once, whatever protocols it has. */
function reportPeer({ standard, meter }: Judged, group: readonly Excess[]): readonly Violation[] {
  const [first] = group;
  if (first === undefined || !meter.spend(stepsPerFinding)) return [];
  const { rule, peer, protocol, count, witness } = first;
  const places = group
    .flatMap((excess) => excess.others)
    .map((other) => describePlace(other.path, other.policy, rule.policy));
  const others = [...new Set(places)];
  const together = others.length === 0 ? "" : ` together with ${listSome(others, 3)}`;
  return [
    {
      path: peer.path,
      message: `a peer outside the namespace has ${count} ports of ${protocol}${together}, more than ${standard.parameters.maxPorts}`,
      why: "Without a list of ports a peer reaches everything that listens, also what is added later.",
      fix: `List the ports that are needed: ${rulePath(peer)}.ports: [{protocol: ${protocol}, port: PORT}].`,
      witness,
    },
  ];
}

/** The rule's own path: that of its peer without the last step. */
function rulePath({ path }: Peer): string {
  return path.replace(/\.(from|to)\[\d+\]$/, "");
}
