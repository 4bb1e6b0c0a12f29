import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import type { Parameters } from "../../src/rules/parameters.ts";
import { judgeBroadAddresses } from "./broad.ts";
import { isDNSPeer, isDNSRule, isPublicListener } from "./carveout.ts";
import type { Expectation } from "./expectation.ts";
import { judgeMetadata } from "./metadata.ts";
import { effectiveRules, isUnknown, type Rule } from "./policy.ts";
import { judgePorts } from "./ports.ts";
import { judgeAmbiguous, judgeAnnotations, judgeCanonical, judgeDeadRules } from "./spelling.ts";
import { admits } from "./stranger.ts";

export type Answer = { readonly unjudged: boolean; readonly expectations: readonly Expectation[] };

function judgeAnyone(rules: readonly Rule[]): readonly Expectation[] {
  return rules
    .filter((rule) => rule.everyone)
    .map((rule) => ({ rule: "no-anyone", keys: [rule.key] }));
}

function judgeStrangers(
  rules: readonly Rule[],
  level: "baseline" | "restricted",
  parameters: Parameters,
): readonly Expectation[] {
  return rules.flatMap((rule) =>
    rule.peers.flatMap((peer) => {
      if (peer.kind !== "pods") return [];
      if (admits(peer, "passive", parameters)) {
        return [{ rule: "no-unnamed-namespaces", keys: [peer.key] }];
      }
      if (level === "baseline" || !admits(peer, "active", parameters)) return [];
      if (isDNSRule(rule, parameters) && isDNSPeer(peer, parameters)) return [];
      return [{ rule: "no-forgeable-selectors", keys: [peer.key] }];
    }),
  );
}

/** What the standard says about one networkPolicy by itself, found by brute force. */
export function judge(
  networkPolicy: NetworkPolicy,
  namespace: string,
  level: "baseline" | "restricted",
  parameters: Parameters,
): Answer {
  if (isUnknown(networkPolicy)) return { unjudged: true, expectations: [] };
  const rules = effectiveRules(networkPolicy);
  const open = rules.filter(
    (rule) =>
      !isPublicListener(rule, networkPolicy, namespace, parameters) &&
      !(level === "baseline" && isDNSRule(rule, parameters)),
  );
  const baseline = [
    ...judgeAnyone(open),
    ...judgeStrangers(open, level, parameters),
    ...judgeBroadAddresses(open, level, parameters),
    ...judgeMetadata(rules, parameters),
    ...judgeAmbiguous(networkPolicy),
    ...judgeAnnotations(networkPolicy, parameters),
  ];
  if (level === "baseline") return { unjudged: false, expectations: baseline };
  const restricted = [
    ...judgePorts(open, namespace, parameters),
    ...judgeDeadRules(networkPolicy),
    ...judgeCanonical(networkPolicy),
  ];
  return { unjudged: false, expectations: [...baseline, ...restricted] };
}

/** True when the standard refuses the networkPolicy. */
export function isDenied(answer: Answer): boolean {
  return answer.unjudged || answer.expectations.some(({ optional }) => optional !== true);
}
