import type { PolicyRule } from "../netpol/model.ts";
import { isEmpty, type PortSet, protocols } from "../netpol/ports.ts";
import { covers } from "../netpol/selector.ts";
import { includes } from "../netpol/spans.ts";
import type { Judged } from "./rule.ts";
import type { Standard } from "./standard.ts";

/** True when the rule may admit strangers: DNS (at baseline) or a public listener. */
export function isCarvedOut(judged: Pick<Judged, "standard">, rule: PolicyRule): boolean {
  if (isPublicListener(judged, rule)) return true;
  return judged.standard.level === "baseline" && isDNS(judged.standard, rule);
}

/** True for an egress rule whose ports are all numbers of DNS over TCP or UDP. */
export function isDNS(standard: Standard, rule: PolicyRule): boolean {
  if (rule.direction !== "egress" || !isEmpty(rule.ports.SCTP)) return false;
  return (["TCP", "UDP"] as const).every((protocol) => {
    const { numbers, names } = rule.ports[protocol];
    return names.size === 0 && includes(standard.dnsPorts, numbers);
  });
}

/** True for an ingress rule whose subjects and ports the platform team has listed as public. */
export function isPublicListener(
  { standard }: Pick<Judged, "standard">,
  { policy, direction, ports }: PolicyRule,
): boolean {
  if (direction !== "ingress") return false;
  return standard.listeners.some(
    (listener) =>
      listener.namespaces.has(policy.namespace) &&
      covers(listener.podSelector, policy.subject) &&
      isListed(listener.ports, ports),
  );
}

/** A name is listed by the same name only, a number by a number. */
export function isListed(listed: PortSet, ports: PortSet): boolean {
  return protocols.every(
    (protocol) =>
      includes(listed[protocol].numbers, ports[protocol].numbers) &&
      ports[protocol].names.isSubsetOf(listed[protocol].names),
  );
}
