import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import type { Parameters } from "../../src/rules/parameters.ts";
import { blockOfText } from "./address.ts";
import { covers, cutIntoCells } from "./cells.ts";
import type { Reach } from "./expectation.ts";
import { effectiveRules, type PodPeer, type Rule } from "./policy.ts";
import { type Atom, cutIntoAtoms, opens, protocols } from "./port.ts";
import {
  type Choices,
  enumerate,
  everyChoice,
  fresh,
  type LabelMap,
  matches,
  mentioned,
} from "./selector.ts";
import { namespaceChoices, podChoices } from "./stranger.ts";

/** Whether traffic is new: surely, not at all, or not decided by the words or by our patience. */
export type Growth = "sure" | "unclear" | "none";

const nameKey = "kubernetes.io/metadata.name";
const patience = 30_000;

function peersOf(rules: readonly Rule[]): readonly PodPeer[] {
  return rules.flatMap((rule) => rule.peers).filter((peer) => peer.kind !== "block");
}

function admitsPod(rule: Rule, namespaceLabels: LabelMap, podLabels: LabelMap): boolean {
  if (rule.everyone) return true;
  return rule.peers.some(
    (peer) =>
      peer.kind === "pods" &&
      matches(peer.namespaceSelector, namespaceLabels) &&
      matches(peer.podSelector, podLabels),
  );
}

/** The label choices of the pods that a reach speaks of, over every key that anybody mentions. */
function choicesOf(
  { peer, who }: NonNullable<Reach["pods"]>,
  others: readonly PodPeer[],
  namespace: string,
  parameters: Parameters,
): { namespaces: Choices; pods: Choices } {
  const namespaceSelectors = [peer, ...others].map((one) => one.namespaceSelector);
  const podSelectors = [peer, ...others].map((one) => one.podSelector);
  if (who !== "outside") {
    const merge = (selectors: typeof podSelectors) => ({
      matchExpressions: [...mentioned(selectors)].map(([key, values]) => ({
        key,
        operator: "In",
        values,
      })),
    });
    return {
      namespaces: namespaceChoices(merge(namespaceSelectors), who, parameters),
      pods: podChoices(merge(podSelectors), who, parameters),
    };
  }
  const all = new Map(everyChoice(namespaceSelectors));
  const names = (all.get(nameKey) ?? []).filter((name) => name && name !== namespace);
  if (all.has(nameKey)) all.set(nameKey, names.length > 0 ? names : [fresh]);
  return { namespaces: all, pods: everyChoice(podSelectors) };
}

function product(choices: Choices): number {
  return [...choices.values()].reduce((size, values) => size * values.length, 1);
}

/** Whether the reach has a pod that the rules, open at the same port, do not admit. */
export function podsGrew(
  pods: NonNullable<Reach["pods"]>,
  open: readonly Rule[],
  namespace: string,
  parameters: Parameters,
): Growth {
  const choices = choicesOf(pods, peersOf(open), namespace, parameters);
  if (product(choices.namespaces) * product(choices.pods) > patience) return "unclear";
  const { namespaceSelector, podSelector } = pods.peer;
  for (const namespaceLabels of enumerate(choices.namespaces)) {
    if (!matches(namespaceSelector, namespaceLabels)) continue;
    for (const podLabels of enumerate(choices.pods)) {
      if (!matches(podSelector, podLabels)) continue;
      if (!open.some((rule) => admitsPod(rule, namespaceLabels, podLabels))) return "sure";
    }
  }
  return "none";
}

function rangesGrew(ranges: NonNullable<Reach["ranges"]>, open: readonly Rule[]): boolean {
  if (open.some((rule) => rule.everyone)) return false;
  const peers = open.flatMap((rule) => rule.peers).filter((peer) => peer.kind === "block");
  const blocks = peers.flatMap((peer) => [peer.block].concat(peer.excepts));
  return ranges.some(({ family, lo, hi }) =>
    cutIntoCells(family, [...blocks, { family, lo, hi, prefix: 0 }])
      .filter((cell) => lo <= cell.lo && cell.hi <= hi)
      .some(
        (cell) =>
          !peers.some(
            ({ block, excepts }) =>
              covers(block, family, cell) && !excepts.some((one) => covers(one, family, cell)),
          ),
      ),
  );
}

function strangerless(open: readonly Rule[]): Growth {
  if (open.some((rule) => rule.everyone)) return "none";
  const all = ["0.0.0.0/0", "::/0"].map(blockOfText);
  // All addresses, but not by one rule for all: whether that is everyone nobody says.
  return rangesGrew(all, open) ? "sure" : "unclear";
}

function atomGrew(
  atom: Atom,
  reach: Reach,
  rules: readonly Rule[],
  namespace: string,
  parameters: Parameters,
): Growth {
  const grew = (open: readonly Rule[]): Growth => {
    if (reach.everyone) return strangerless(open);
    if (reach.ranges && rangesGrew(reach.ranges, open)) return "sure";
    return reach.pods ? podsGrew(reach.pods, open, namespace, parameters) : "none";
  };
  const openAt = (nameIsAnyPort: boolean) =>
    rules.filter((rule) => rule.entries.some((entry) => opens(entry, atom, nameIsAnyPort)));
  const plain = grew(openAt(false));
  if (plain === "none" || reach.direction === "ingress") return plain;
  // An old egress name counted as any port for some rules: then nothing may be new here.
  return grew(openAt(true)) === "none" ? "unclear" : plain;
}

/** Whether the reach holds traffic that the old object did not admit. */
export function growth(
  old: NetworkPolicy,
  reach: Reach,
  namespace: string,
  parameters: Parameters,
): Growth {
  const rules = effectiveRules(old).filter((rule) => rule.direction === reach.direction);
  const atoms = cutIntoAtoms([...reach.ports, ...rules.flatMap((rule) => rule.entries)]).filter(
    (atom) => reach.ports.some((entry) => opens(entry, atom, false)),
  );
  // A name stands for some number: where none of all numbers is new, the name is not.
  const all = { ...reach, ports: protocols.map((protocol) => ({ protocol })) };
  const isNew = (atom: Atom) => atomGrew(atom, all, rules, namespace, parameters);
  const anyNumberIsNew = (protocol: string) =>
    cutIntoAtoms(rules.flatMap((rule) => rule.entries)).some(
      (atom) => !("name" in atom) && atom.protocol === protocol && isNew(atom) !== "none",
    );
  let worst: Growth = "none";
  for (const atom of atoms) {
    const grew = atomGrew(atom, reach, rules, namespace, parameters);
    if (grew !== "none" && "name" in atom && !anyNumberIsNew(atom.protocol)) continue;
    if (grew === "sure") return reach.sure ? "sure" : "unclear";
    if (grew === "unclear") worst = "unclear";
  }
  return worst;
}
