import { allows } from "../../netpol/domain.ts";
import type { Meter } from "../../netpol/meter.ts";
import type { Selector } from "../../netpol/selector.ts";
import type { KnownService, Labels } from "../cluster.ts";
import type { Entry } from "./entry.ts";

/** True when the Service has this port, and may lead to another one of its pods. */
export function translates({ ports }: KnownService, { protocol, port }: Entry): boolean {
  // A loop: this is asked of every Service of a cluster.
  for (const each of ports) {
    if (each.port === port && each.protocol === protocol && each.targetPort !== port) return true;
  }
  return false;
}

/** False when the selector contradicts the Service's. */
export function mayLeadTo({ selector }: KnownService, { keys }: Selector): boolean {
  for (const [key, value] of selector) {
    const domain = keys.get(key);
    if (domain !== undefined && !allows(domain, value)) return false;
  }
  return true;
}

/** True when pods with these labels are behind the Service. */
export function leadsTo({ selector }: KnownService, labels: Labels): boolean {
  for (const [key, value] of selector) if (labels.get(key) !== value) return false;
  return true;
}

/** Finds the Services of all namespaces that translate a port, once for each port. */
export function createTranslators(
  services: ReadonlyMap<string, readonly KnownService[]>,
  meter: Meter,
): (entry: Entry) => readonly KnownService[] {
  const known = new Map<string, readonly KnownService[]>();
  return (entry) => {
    const key = `${entry.protocol} ${entry.port}`;
    const found = known.get(key) ?? search(services, entry, meter);
    known.set(key, found);
    return found;
  };
}

function search(
  services: ReadonlyMap<string, readonly KnownService[]>,
  entry: Entry,
  meter: Meter,
): readonly KnownService[] {
  const found: KnownService[] = [];
  for (const all of services.values()) {
    if (!meter.spend(all.length)) break;
    for (const service of all) if (translates(service, entry)) found.push(service);
  }
  return found;
}
