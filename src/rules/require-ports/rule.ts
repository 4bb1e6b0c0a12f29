import type { Peer, PolicyRule } from "../../netpol/model.ts";
import { protocols } from "../../netpol/ports.ts";
import { isPublicListener } from "../carveouts.ts";
import { listSome } from "../describe.ts";
import type { Judged, Rule, Violation } from "../rule.ts";
import { excessOfAddresses } from "./addresses.ts";
import { countPorts } from "./count.ts";
import type { Excess } from "./excess.ts";
import { excessOfPods } from "./pods.ts";

/** Demands that peers outside the namespace come with a list of ports. */
export const requirePorts: Rule = {
  id: "require-ports",
  level: "restricted",
  rank: 8,
  summary: "A peer outside the namespace is admitted without a list of ports, or on very many.",
  parameters: ["maxPorts", "publicListeners"],
  judge: (judged) => [...judgeDirection(judged, "ingress"), ...judgeDirection(judged, "egress")],
};

function judgeDirection(judged: Judged, direction: "ingress" | "egress"): readonly Violation[] {
  const rules = judged.rules.filter(
    (rule) =>
      rule.direction === direction && rule.peers !== undefined && !isPublicListener(judged, rule),
  );
  if (isSurelyFew(judged, rules)) return [];
  const excesses = [
    ...excessOfPods(judged, direction, rules),
    ...excessOfAddresses(judged, direction, rules),
  ];
  return [...Map.groupBy(excesses, ({ peer }) => peer).values()].flatMap((group) =>
    reportPeer(judged, group),
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

/** One mistake, one finding: a peer is reported once, whatever protocols it has. */
function reportPeer({ standard }: Judged, group: readonly Excess[]): readonly Violation[] {
  const [first] = group;
  if (first === undefined) return [];
  const { peer, protocol, count, witness } = first;
  const others = [...new Set(group.flatMap((excess) => excess.others))];
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
