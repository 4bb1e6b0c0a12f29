import type { Fields } from "../netpol/wire.ts";
import type { KnownService, ServicePort } from "./cluster.ts";
import { fieldsOf, isKind, listOf, placeOf, protocolOf, readStrings } from "./readobject.ts";

/**
 * A Service that selects pods and translates ports. A headless one translates nothing, and one
 * without a selector leads to nobody knows whom.
 */
export function readService(object: Fields): KnownService | undefined {
  if (!isKind(object, "v1", "Service")) return undefined;
  const spec = fieldsOf(object["spec"]);
  const selector = readStrings(spec["selector"]);
  if (selector.size === 0 || spec["clusterIP"] === "None" || spec["type"] === "ExternalName") {
    return undefined;
  }
  const ports = listOf(spec["ports"]).flatMap((port) => readPort(port) ?? []);
  return { name: placeOf(object).name, selector, ports };
}

function readPort(fields: Fields): ServicePort | undefined {
  const protocol = protocolOf(fields["protocol"]);
  const { port } = fields;
  if (protocol === undefined || typeof port !== "number") return undefined;
  const target = fields["targetPort"];
  // A missing target is the port itself, and so is zero, an older spelling of it.
  const isGiven = typeof target === "string" || (typeof target === "number" && target !== 0);
  return { protocol, port, targetPort: isGiven && target !== "" ? target : port };
}
