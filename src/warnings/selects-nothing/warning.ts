import { namespaceNameLabel } from "../../api/names.ts";
import { type Block, formatBlock } from "../../netpol/block.ts";
import { type Domain, isEmpty } from "../../netpol/domain.ts";
import type { Peer } from "../../netpol/model.ts";
import type { Selector } from "../../netpol/selector.ts";
import type { Advice, Inspected, Warning } from "../warning.ts";

/** Warns of selectors and address blocks that can never match anything. */
export const selectsNothing: Warning = {
  id: "selects-nothing",
  summary: "A selector or an address block leaves nothing that it could select.",
  inspect,
};

function inspect({ policy, rules }: Inspected): readonly Advice[] {
  if (policy.subject.possible) return rules.flatMap(({ peers = [] }) => peers.flatMap(inspectPeer));
  return [
    {
      path: "spec.podSelector",
      message: `no pod can match: ${reason(policy.subject)}. The policy isolates nothing and allows nothing`,
      fix: "Correct the selector, or delete the policy.",
    },
  ];
}

function inspectPeer(peer: Peer): readonly Advice[] {
  if (peer.kind === "addresses") return inspectBlock(peer.path, peer.block);
  const { namespaces, pods, path } = peer;
  if (namespaces !== "own" && !isPossibleNamespace(namespaces)) {
    return [advice(`${path}.namespaceSelector`, "namespace", reasonOfNamespace(namespaces))];
  }
  return pods.possible ? [] : [advice(`${path}.podSelector`, "pod", reason(pods))];
}

function inspectBlock(path: string, block: Block): readonly Advice[] {
  if (block.spans.length > 0) return [];
  return [
    {
      path: `${path}.ipBlock.except`,
      message: `nothing of ${formatBlock(block)} is left after its exceptions: the peer allows nothing`,
      fix: "Except less than the whole block, or remove the peer.",
    },
  ];
}

function advice(path: string, what: string, why: string): Advice {
  return {
    path,
    message: `no ${what} can match: ${why}. The peer allows nothing`,
    fix: "Correct the selector, or remove the peer.",
  };
}

/** Every namespace has its name as a label, and only a name as its value. */
function isPossibleNamespace(namespaces: Selector): boolean {
  const names = namespaces.keys.get(namespaceNameLabel);
  return namespaces.possible && (names === undefined || isPossibleName(names));
}

function isPossibleName({ complement, values }: Domain): boolean {
  return complement || values.some((name) => /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name));
}

function reasonOfNamespace(namespaces: Selector): string {
  if (!namespaces.possible) return reason(namespaces);
  const values = namespaces.keys.get(namespaceNameLabel)?.values ?? [];
  const [name] = values;
  if (name === undefined) return `every namespace has the label ${namespaceNameLabel}`;
  return `${JSON.stringify(name)} cannot be the name of a namespace`;
}

function reason({ keys }: Selector): string {
  const [key = ""] = [...keys].find(([, domain]) => isEmpty(domain)) ?? [];
  return `nothing is left that its label ${key.slice(0, 80)} may be`;
}
