import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import type { Parameters } from "../../src/rules/parameters.ts";
import { blockOfText } from "./address.ts";
import { covers, cutIntoCells } from "./cells.ts";
import type { Reach } from "./expectation.ts";
import { effectiveRules, type PodPeer, type Rule } from "./policy.ts";
import { type Atom, cutIntoAtoms, entriesOf, opens } from "./port.ts";
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

/** The growth of several reaches together. */
export function worst(all: readonly Growth[]): Growth {
  if (all.includes("sure")) return "sure";
  return all.includes("unclear") ? "unclear" : "none";
}

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

/** The rules that are open at an atom. */
export function openIn(
  rules: readonly Rule[],
  atom: Atom,
  nameIsAnyPort: boolean,
): readonly Rule[] {
  return rules.filter((rule) => rule.entries.some((one) => opens(one, atom, nameIsAnyPort)));
}

function onEveryPort(rule: Rule): Rule {
  return { ...rule, entries: entriesOf([]) };
}

/** The numbers that a name may be, cut at every limit of the rules. */
export function numbersBehind(atom: Atom, rules: readonly Rule[]): readonly Atom[] {
  if (!("name" in atom)) return [atom];
  return cutIntoAtoms(
    rules.flatMap((rule) => rule.entries),
    [atom.protocol],
  ).filter((other) => !("name" in other));
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
  const plain = grew(openIn(rules, atom, false));
  if (plain === "none" || reach.direction === "ingress") return plain;
  // An old egress name counted as any port for some rules: then nothing may be new here.
  return grew(openIn(rules, atom, true)) === "none" ? "unclear" : plain;
}

/** Whether the reach holds traffic that the old object did not admit. */
export function growth(
  old: NetworkPolicy,
  reach: Reach,
  namespace: string,
  parameters: Parameters,
  beside: readonly Rule[] = [],
): Growth {
  const rules = effectiveRules(old).filter((rule) => rule.direction === reach.direction);
  const around = rules.concat(beside.filter((rule) => rule.direction === reach.direction));
  const atoms = cutIntoAtoms([...reach.ports, ...rules.flatMap((rule) => rule.entries)]).filter(
    (atom) => reach.ports.some((entry) => opens(entry, atom, false)),
  );
  const isNew = (atom: Atom, among: readonly Rule[]) =>
    atomGrew(atom, reach, among, namespace, parameters);
  // Where a name is not new whatever number it is, it is not new.
  const isNewName = (atom: Atom) => {
    const named = openIn(rules, atom, false);
    return numbersBehind(atom, around).some((number) => {
      const open = named.concat(openIn(around, number, false));
      return isNew(atom, open.map(onEveryPort)) !== "none";
    });
  };
  let most: Growth = "none";
  for (const atom of atoms) {
    const grew = isNew(atom, rules);
    if (grew !== "none" && "name" in atom && !isNewName(atom)) continue;
    if (grew === "sure") return reach.sure ? "sure" : "unclear";
    if (grew === "unclear") most = "unclear";
  }
  return most;
}
