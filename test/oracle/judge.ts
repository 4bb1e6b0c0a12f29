import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import type { Parameters } from "../../src/rules/parameters.ts";
import { judgeBroadAddresses } from "./broad.ts";
import { isDNSPeer, isDNSRule, isPublicListener } from "./carveout.ts";
import type { Expectation } from "./expectation.ts";
import { judgeMetadata } from "./metadata.ts";
import { effectiveRules, isUnknown, type PodPeer, type Rule } from "./policy.ts";
import { judgePorts } from "./ports.ts";
import { judgeAmbiguous, judgeAnnotations, judgeCanonical, judgeDeadRules } from "./spelling.ts";
import { admits } from "./stranger.ts";

export type Answer = { readonly unjudged: boolean; readonly expectations: readonly Expectation[] };

function judgeAnyone(rules: readonly Rule[]): readonly Expectation[] {
  return rules
    .filter((rule) => rule.everyone)
    .map(({ key, direction, entries }) => ({
      rule: "no-anyone",
      keys: [key],
      optional: false,
      reaches: [{ direction, ports: entries, everyone: true, sure: true }],
    }));
}

function judgeStranger(
  rule: Rule,
  peer: PodPeer,
  level: "baseline" | "restricted",
  parameters: Parameters,
): Expectation | undefined {
  const { direction, entries: ports } = rule;
  const at = { keys: [peer.key], optional: false };
  if (admits(peer, "passive", parameters)) {
    const pods = { peer, who: "passive" as const };
    const reaches = [{ direction, ports, pods, sure: true }];
    return { rule: "no-unnamed-namespaces", ...at, reaches };
  }
  if (level === "baseline" || !admits(peer, "active", parameters)) return undefined;
  if (isDNSRule(rule, parameters) && isDNSPeer(peer, parameters)) return undefined;
  const pods = { peer, who: "active" as const };
  const reaches = [{ direction, ports, pods, sure: true }];
  return { rule: "no-forgeable-selectors", ...at, reaches };
}

function judgeStrangers(
  rules: readonly Rule[],
  level: "baseline" | "restricted",
  parameters: Parameters,
): readonly Expectation[] {
  return rules.flatMap((rule) =>
    rule.peers.flatMap((peer) => {
      if (peer.kind !== "pods") return [];
      return judgeStranger(rule, peer, level, parameters) ?? [];
    }),
  );
}

/** True for a rule that a carve-out of the level exempts from widths and strangers. */
export function isExempt(
  rule: Rule,
  networkPolicy: NetworkPolicy,
  namespace: string,
  level: "baseline" | "restricted",
  parameters: Parameters,
): boolean {
  if (level === "baseline" && isDNSRule(rule, parameters)) return true;
  return isPublicListener(rule, networkPolicy, namespace, parameters);
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
  const open = rules.filter((rule) => !isExempt(rule, networkPolicy, namespace, level, parameters));
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
  return answer.unjudged || answer.expectations.some(({ optional }) => !optional);
}
