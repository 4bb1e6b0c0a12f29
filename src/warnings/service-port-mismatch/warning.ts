import type { PolicyRule } from "../../netpol/model.ts";
import { createMeter, type Meter } from "../../netpol/meter.ts";
import { admits } from "../../netpol/ports.ts";
import type { Advice, Inspected, Warning } from "../warning.ts";
import { createDestinations, type Destination } from "./destination.ts";
import { type Entry, numbersOf } from "./entry.ts";
import { type Mistake, mistakeAt } from "./mistake.ts";
import { haveCommonPeer } from "./peer.ts";

/** Tells of rules that name the port of a Service where its pods listen on another one. */
export const servicePortMismatch: Warning = {
  id: "service-port-mismatch",
  summary: "A rule names the port of a Service, but the pods behind it listen on another port.",
  inspect,
};

/** Steps for one policy: its peers are compared with every pod and Service of their namespaces. */
const steps = 100_000;

function inspect(inspected: Inspected): readonly Advice[] {
  const { cluster, rules } = inspected;
  if (cluster?.services === undefined || cluster.services.size === 0) return [];
  const meter = createMeter(steps);
  const destinationsOf = createDestinations(inspected, cluster, meter);
  return rules.flatMap((rule) => {
    const entries = numbersOf(inspected.written, rule);
    if (entries.length === 0) return [];
    return inspectRule(inspected, rule, entries, destinationsOf(rule), meter);
  });
}

function inspectRule(
  inspected: Inspected,
  rule: PolicyRule,
  entries: readonly Entry[],
  destinations: readonly Destination[],
  meter: Meter,
): readonly Advice[] {
  return entries.flatMap((entry) => {
    for (const destination of destinations) {
      if (!meter.spend(1)) break;
      if (!destination.mayTranslate(entry)) continue;
      const sight = destination.look();
      if (sight === undefined) break;
      if (!meter.spend(sight.services.length + sight.pods.length)) break;
      const mistake = mistakeAt(sight, entry);
      // Of what was not looked at to the end nobody knows.
      if (meter.exhausted()) break;
      if (mistake === undefined || isAllowed(inspected, rule, entry, mistake)) continue;
      return [adviceOf(inspected, entry, mistake)];
    }
    return [];
  });
}

/** True when this rule, or another one for some of the same peers, has the right port. */
function isAllowed(
  { rules, meter }: Inspected,
  rule: PolicyRule,
  { protocol }: Entry,
  { target, name }: Mistake,
): boolean {
  return rules.some((other) => {
    if (other.direction !== rule.direction || !meter.spend(1)) return false;
    const hasPort =
      admits(other.ports, { protocol, port: BigInt(target) }) ||
      (name !== undefined && other.ports[protocol].names.has(name));
    return hasPort && (other === rule || haveCommonPeer(other, rule, meter));
  });
}

function adviceOf(
  { policy }: Inspected,
  { path, port }: Entry,
  { service, namespace, target }: Mistake,
): Advice {
  const where = namespace === policy.namespace ? "" : ` of namespace ${JSON.stringify(namespace)}`;
  return {
    path,
    message: `${port} is the port of Service ${JSON.stringify(service)}${where}, but its pods listen on ${target}: policies look at the port of the pod, so this opens nothing`,
    fix: `Write ${target} instead of ${port}.`,
  };
}
