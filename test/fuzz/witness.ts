import type { LabelSelector } from "../../src/api/networkpolicy.ts";
import type { Finding } from "../../src/engine/finding.ts";
import type { Parameters } from "../../src/rules/parameters.ts";
import { readCIDR } from "../oracle/address.ts";
import type { Expectation, Reach } from "../oracle/expectation.ts";
import { opens } from "../oracle/port.ts";
import { type Choices, matches } from "../oracle/selector.ts";
import { namespaceChoices, podChoices } from "../oracle/stranger.ts";
import { keyOf } from "./place.ts";

type Pod = {
  readonly namespace: string;
  readonly namespaceLabels: ReadonlyMap<string, string>;
  readonly podLabels: ReadonlyMap<string, string>;
};

type Witness = {
  readonly protocol: string;
  readonly port: { readonly name: string } | { readonly lo: number; readonly hi: number };
  readonly who: Pod | { readonly family: 4 | 6; readonly address: bigint };
};

function readLabels(text: string | undefined): ReadonlyMap<string, string> {
  const pairs = (text ?? "").split(", ").filter((pair) => pair !== "");
  return new Map(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

function readWho(text: string): Witness["who"] {
  const pod =
    /^a pod (?:without labels|labelled (.*)) in a namespace "(.*)" (?:without labels|labelled (.*))$/;
  const [, podLabels, namespace, namespaceLabels] = pod.exec(text) ?? [];
  if (namespace !== undefined) {
    const labels = readLabels(namespaceLabels);
    return {
      namespace,
      namespaceLabels: new Map([...labels, ["kubernetes.io/metadata.name", namespace]]),
      podLabels: readLabels(podLabels),
    };
  }
  const { family, address } = readCIDR(`${text}/${text.includes(":") ? 128 : 32}`);
  return { family, address };
}

function readWitness(text: string): Witness {
  const ingress =
    /^(?<who>.+) gets in on (?<protocol>\w+) (?:port named (?<name>\S+)|(?<port>\d+))$/;
  const egress =
    /^(?<protocol>\w+) (?:port named (?<name>\S+)|(?<port>\d+)) of (?<who>.+) can be reached$/;
  const { groups } = ingress.exec(text) ?? egress.exec(text) ?? {};
  if (!groups) throw new Error(`cannot read the witness: ${text}`);
  const { protocol = "", name, port, who = "" } = groups;
  const number = Number(port);
  return {
    protocol,
    port: name === undefined ? { lo: number, hi: number } : { name },
    who: readWho(who),
  };
}

function wish(key: string): LabelSelector {
  return { matchExpressions: [{ key, operator: "Exists" }] };
}

function mayHave(choices: Choices, key: string): boolean {
  return choices.get(key)?.some((value) => value !== undefined) ?? false;
}

function isStranger(pod: Pod, who: "passive" | "active", parameters: Parameters): boolean {
  return (
    [...pod.namespaceLabels.keys()].every((key) =>
      mayHave(namespaceChoices(wish(key), who, parameters), key),
    ) &&
    [...pod.podLabels.keys()].every((key) => mayHave(podChoices(wish(key), who, parameters), key))
  );
}

function isReached({ protocol, port, who }: Witness, reach: Reach, parameters: Parameters) {
  const { direction, ports, ranges, pods, everyone } = reach;
  const open = ports.some((entry) =>
    // On egress a name may stand for any number.
    "name" in port && direction === "egress"
      ? entry.protocol === protocol
      : opens(entry, { protocol, ...port }, false),
  );
  if (!open) return false;
  if (everyone) return true;
  if ("address" in who) {
    const { family, address } = who;
    return (ranges ?? []).some((r) => r.family === family && r.lo <= address && address <= r.hi);
  }
  if (!pods) return false;
  const { peer, who: kind } = pods;
  return (
    matches(peer.namespaceSelector, who.namespaceLabels) &&
    matches(peer.podSelector, who.podLabels) &&
    (kind === "outside" || isStranger(who, kind, parameters))
  );
}

/** True when what the finding names as its witness is traffic that the finding is about. */
export function isTrueWitness(
  finding: Finding,
  expectations: readonly Expectation[],
  parameters: Parameters,
): boolean {
  const about = expectations.filter(
    ({ rule, keys }) => rule === finding.rule && keys.includes(keyOf(finding)),
  );
  const reaches = about.flatMap((one) => one.reaches);
  if (finding.witness === undefined) return reaches.length === 0;
  const witness = readWitness(finding.witness);
  return reaches.some((reach) => isReached(witness, reach, parameters));
}
