import type { Peer, PolicyRule } from "../../netpol/model.ts";
import type { Ports } from "../../netpol/ports.ts";
import { contains } from "../../netpol/spans.ts";
import { crowdOf, isWithin } from "../cover.ts";
import { isDNSName } from "../dnsname.ts";
import { hasEffect } from "../effect.ts";
import { rulesTogether } from "../neighbours.ts";
import type { Advice, Inspected, Warning } from "../warning.ts";

/** Tells of DNS over UDP without DNS over TCP to the same peers. */
export const dnsUdpOnly: Warning = {
  id: "dns-udp-only",
  summary: "DNS is let through over UDP only: long answers need TCP.",
  inspect,
};

const dns = 53n;

function inspect(inspected: Inspected): readonly Advice[] {
  const { policy, rules, meter } = inspected;
  const allowances = rules.filter(isAllowance);
  if (allowances.length === 0) return [];
  const over = rulesTogether(inspected, "egress").filter(({ ports }) => hasDNS(ports.TCP));
  const isOpen = over.some(({ peers }) => peers === undefined);
  const peersOver = over.flatMap(({ peers = [] }): readonly Peer[] => peers);
  const overTCP = crowdOf(isOpen ? undefined : peersOver, policy.namespace);
  return allowances.flatMap(({ path, peers }) => {
    if (isWithin(crowdOf(peers, policy.namespace), overTCP, meter)) return [];
    return [
      {
        path: `${path}.ports`,
        message:
          "DNS is let through over UDP 53, but not over TCP 53 to the same peers: look-ups with answers too long for one UDP packet fail",
        fix: `Add {protocol: TCP, port: 53} to ${path}.ports.`,
      },
    ];
  });
}

/** UDP 53 written by itself: a wider range was not meant for DNS. */
function isAllowance(rule: PolicyRule): boolean {
  const { UDP, TCP } = rule.ports;
  if (rule.direction !== "egress" || !hasEffect(rule) || hasDNS(TCP)) return false;
  return UDP.numbers.some(({ lo, hi }) => lo === dns && hi === dns);
}

function hasDNS({ numbers, names }: Ports): boolean {
  return contains(numbers, dns) || [...names].some(isDNSName);
}
