import type { KnownPod, ServicePort } from "../cluster.ts";
import type { Sight } from "./destination.ts";
import type { Entry } from "./entry.ts";
import type { Found } from "./found.ts";
import { translates } from "./translator.ts";

/** The port that was written, and the one that was meant. */
export type Mistake = {
  readonly service: string;
  readonly namespace: string;
  /** Where the pods listen. */
  readonly target: number;
  /** The target's name, where the Service gives one. */
  readonly name: string | undefined;
};

/**
 * The Service whose port the number is, while no pod of the destination is known to listen there.
 * Silent as soon as some pod may: a rule can be for pods without their Service.
 */
export function mistakeAt({ pods, services }: Sight, entry: Entry): Mistake | undefined {
  if (!services.some((found) => translates(found.service, entry) && found.leadsToAll)) {
    return undefined;
  }
  if (pods.some((pod) => declares(pod, entry))) return undefined;
  let mistake: Mistake | undefined;
  for (const found of services) {
    for (const port of found.service.ports) {
      if (port.protocol !== entry.protocol) continue;
      const isNamed = port.port === entry.port;
      // Of most Services nothing but the numbers has to be looked at.
      if (!isNamed && typeof port.targetPort === "number" && port.targetPort !== entry.port)
        continue;
      if (found.leadsToNone) continue;
      const target = targetOf(port, found);
      if (target === entry.port || (isNamed && target === undefined)) return undefined;
      if (!isNamed || target === undefined || mistake !== undefined || !found.leadsToAll) continue;
      const name = typeof port.targetPort === "string" ? port.targetPort : undefined;
      mistake = { service: found.service.name, namespace: found.namespace, target, name };
    }
  }
  return mistake;
}

function declares({ ports }: KnownPod, { port, protocol }: Entry): boolean {
  return ports.some((declared) => declared.port === port && declared.protocol === protocol);
}

/** Where the pods behind a Service listen; undefined when a name is not known, or not the same on all. */
function targetOf({ targetPort, protocol }: ServicePort, found: Found): number | undefined {
  if (typeof targetPort === "number") return targetPort;
  const numbers = new Set(
    found.behind.flatMap(({ ports }) =>
      ports.flatMap((declared) =>
        declared.name === targetPort && declared.protocol === protocol ? [declared.port] : [],
      ),
    ),
  );
  const [number] = numbers;
  return numbers.size === 1 ? number : undefined;
}
