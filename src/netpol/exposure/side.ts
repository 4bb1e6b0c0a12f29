import type { Direction } from "../model.ts";
import type { FoundPod } from "./cluster.ts";
import { matchPeers, matchPorts, type Other, type Traffic } from "./ask.ts";
import type { NotEvaluated, PolicyRef, RuleRef } from "./input.ts";
import type { Doubt, Verdict } from "./verdict.ts";

/** What the NetworkPolicies of one end say. */
export type Side = {
  readonly verdict: Verdict;
  /** The policies that isolate the pod in this direction; none: it is open. */
  readonly isolatedBy: readonly PolicyRef[];
  /** The rules that admit the connection, or that may. */
  readonly rules: readonly RuleRef[];
  readonly doubts: readonly Doubt[];
  /** Policies that could not be read and might change a verdict of `denied`, or of an open pod. */
  readonly notEvaluated: readonly NotEvaluated[];
};

/** Judges one end of a connection by the policies that select its pod. */
export function judgeSide(
  subject: FoundPod,
  direction: Direction,
  other: Other,
  traffic: Traffic,
): Side {
  const { policies, rules, unread } = subject.podClass[direction];
  const side = { isolatedBy: policies, rules: [], doubts: [], notEvaluated: [] };
  if (direction === "ingress" && isOwnNode(subject, other)) return { ...side, verdict: "allowed" };
  if (policies.length === 0) {
    const verdict = unread.length === 0 ? "allowed" : "not evaluated";
    return { ...side, verdict, notEvaluated: unread };
  }
  const certain: RuleRef[] = [];
  const possible: RuleRef[] = [];
  const doubts = new Set<Doubt>(doubtsOf(subject, direction, other, traffic));
  for (const { rule } of rules) {
    const port = matchPorts(rule.ports, traffic, namesFor(direction, subject, other));
    if (port === "no") continue;
    for (const { path, match } of matchPeers(rule, other)) {
      if (match === "no") continue;
      const isCertain = match === "yes" && port === "yes";
      (isCertain ? certain : possible).push({ policy: rule.policy, path });
      for (const one of [match, port]) if (one !== "yes") doubts.add(one);
    }
  }
  if (certain.length > 0) return { ...side, verdict: "allowed", rules: certain };
  if (doubts.size > 0) {
    const verdict = "depends on the network plugin";
    return { ...side, verdict, rules: possible, doubts: [...doubts] };
  }
  const verdict = unread.length === 0 ? "denied" : "not evaluated";
  return { ...side, verdict, notEvaluated: unread };
}

/** What keeps the API from deciding, whatever the rules are. */
function doubtsOf(
  subject: FoundPod,
  direction: Direction,
  other: Other,
  { protocol }: Traffic,
): readonly Doubt[] {
  const onHost = other.kind === "pod" ? other.found.podClass.hostNetwork : other.ofHostPods;
  const found: (Doubt | false)[] = [
    (subject.podClass.hostNetwork || onHost) && "host-network",
    other.kind === "pod" && other.found.pod === subject.pod && "loop-back",
    direction === "egress" && isOwnNode(subject, other) && "own-node",
    protocol === "ICMP" && "ICMP",
  ];
  return found.filter((doubt) => doubt !== false);
}

function isOwnNode({ pod }: FoundPod, other: Other): boolean {
  if (other.kind === "pod") return false;
  const { family, value } = other.address;
  return pod.hostAddresses.some((one) => one.family === family && one.value === value);
}

/** The names on the pod that the ports are on; undefined when that end is no pod. */
function namesFor(direction: Direction, subject: FoundPod, other: Other) {
  if (direction === "ingress") return subject.podClass.portNames;
  return other.kind === "pod" ? other.found.podClass.portNames : undefined;
}
