import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import type { Parameters, PublicListener } from "../../src/rules/parameters.ts";
import type { PodPeer, Rule } from "./policy.ts";
import { type Entry, isWhole, listenerEntries } from "./port.ts";
import { enumerate, everyChoice, matches, partsOf } from "./selector.ts";

/** An egress rule whose every entry is TCP or UDP with numbers of DNS ports alone. */
export function isDNSRule(
  { direction, entries }: Pick<Rule, "direction" | "entries">,
  parameters: Parameters,
): boolean {
  if (direction !== "egress") return false;
  return entries.every((entry) => {
    if (entry.protocol !== "TCP" && entry.protocol !== "UDP") return false;
    if (entry.lo === undefined) return false;
    for (let port = entry.lo; port <= (entry.hi ?? entry.lo); port += 1) {
      if (!parameters.dnsPorts.includes(port)) return false;
    }
    return true;
  });
}

/** True when the peer's pods all have, for one key, a label that DNS pods have. */
export function isDNSPeer(peer: PodPeer, parameters: Parameters): boolean {
  const parts = partsOf(peer.podSelector);
  return Object.entries(parameters.dnsPodLabels).some(([key, listed]) => {
    const own = parts.filter((part) => part.key === key);
    const required = own.filter(({ operator }) => operator === "In");
    const excluded = own.filter(({ operator }) => operator === "NotIn");
    // Each requirement narrows what the others leave.
    const possible = required
      .flatMap(({ values }) => values)
      .filter((value) => required.every(({ values }) => values.includes(value)))
      .filter((value) => !excluded.some(({ values }) => values.includes(value)));
    return required.length > 0 && possible.every((value) => listed.includes(value));
  });
}

function isListed(entry: Entry, listed: readonly Entry[]): boolean {
  const same = listed.filter((other) => other.protocol === entry.protocol);
  if (entry.name !== undefined) return same.some((other) => other.name === entry.name);
  if (same.some(isWhole)) return true;
  const lo = entry.lo ?? 1;
  const hi = entry.lo === undefined ? 65_535 : (entry.hi ?? entry.lo);
  let port = lo;
  // Number by number, except that a listed range is skipped in one step.
  while (port <= hi) {
    const cover = same.find((other) => {
      return other.lo !== undefined && other.lo <= port && port <= (other.hi ?? other.lo);
    });
    if (!cover) return false;
    port = (cover.hi ?? cover.lo ?? port) + 1;
  }
  return true;
}

function coversSubject(listener: PublicListener, networkPolicy: NetworkPolicy): boolean {
  const subject = networkPolicy.spec?.podSelector;
  for (const labels of enumerate(everyChoice([subject, listener.podSelector]))) {
    if (matches(subject, labels) && !matches(listener.podSelector, labels)) return false;
  }
  return true;
}

/** True when one public listener lists the namespace, all subjects and all ports of the rule. */
export function isPublicListener(
  rule: Rule,
  networkPolicy: NetworkPolicy,
  namespace: string,
  parameters: Parameters,
): boolean {
  if (rule.direction !== "ingress") return false;
  return parameters.publicListeners.some(
    (listener) =>
      listener.namespaces.includes(namespace) &&
      coversSubject(listener, networkPolicy) &&
      rule.entries.every((entry) => isListed(entry, listenerEntries(listener))),
  );
}
