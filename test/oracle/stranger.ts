import type { LabelSelector } from "../../src/api/networkpolicy.ts";
import type { Parameters } from "../../src/rules/parameters.ts";
import type { PodPeer } from "./policy.ts";
import { type Choices, fresh, mentioned, satisfiable } from "./selector.ts";

const nameKey = "kubernetes.io/metadata.name";

const controllerPodKeys = new Set([
  "pod-template-hash",
  "controller-revision-hash",
  "pod-template-generation",
  "statefulset.kubernetes.io/pod-name",
  "apps.kubernetes.io/pod-index",
  "job-name",
  "controller-uid",
]);

export type Stranger = "passive" | "active";

function mayHaveNamespaceLabel(key: string, parameters: Parameters): boolean {
  return (
    key.startsWith("pod-security.kubernetes.io/") ||
    key.startsWith("ringfence.dev/") ||
    parameters.platformNamespaceLabelKeys.includes(key)
  );
}

function mayHavePodLabel(key: string, parameters: Parameters): boolean {
  return (
    controllerPodKeys.has(key) ||
    key.startsWith("batch.kubernetes.io/") ||
    key.startsWith("topology.kubernetes.io/") ||
    parameters.platformPodLabelKeys.includes(key)
  );
}

function choicesFor(
  selector: LabelSelector | null | undefined,
  isFree: (key: string) => boolean,
): Choices {
  return new Map(
    [...mentioned([selector])].map(([key, values]) => [
      key,
      isFree(key) ? [undefined, ...values, fresh] : [undefined],
    ]),
  );
}

/** The labels that a stranger's namespace may have, as far as the selector asks. */
export function namespaceChoices(
  selector: LabelSelector | null | undefined,
  stranger: Stranger,
  parameters: Parameters,
): Choices {
  const choices = choicesFor(selector, (key) => {
    if (mayHaveNamespaceLabel(key, parameters)) return true;
    return stranger === "active" && !parameters.trustedNamespaceLabelKeys.includes(key);
  });
  // Nobody chooses the name: it is there, and it is none that anybody wrote.
  return choices.has(nameKey) ? new Map([...choices, [nameKey, [fresh]]]) : choices;
}

/** The labels that a stranger's pod may have, as far as the selector asks. */
export function podChoices(
  selector: LabelSelector | null | undefined,
  stranger: Stranger,
  parameters: Parameters,
): Choices {
  return choicesFor(selector, (key) => stranger === "active" || mayHavePodLabel(key, parameters));
}

/** True when some such stranger is selected by the peer. */
export function admits(peer: PodPeer, stranger: Stranger, parameters: Parameters): boolean {
  if (peer.kind === "own") return false;
  const { namespaceSelector, podSelector } = peer;
  return (
    satisfiable(namespaceSelector, namespaceChoices(namespaceSelector, stranger, parameters)) &&
    satisfiable(podSelector, podChoices(podSelector, stranger, parameters))
  );
}

/** True when the peer selects a pod of some other namespace, whoever it is. */
export function reachesOutside(peer: PodPeer, namespace: string): boolean {
  if (peer.kind === "own") return false;
  const choices = new Map(choicesFor(peer.namespaceSelector, () => true));
  const names = choices.get(nameKey);
  if (names) {
    choices.set(
      nameKey,
      names.filter((name) => name !== undefined && name !== namespace),
    );
  }
  return satisfiable(peer.namespaceSelector, choices) && satisfiable(peer.podSelector);
}
