import { pointer } from "../api/jsonpatch.ts";
import { namespaceNameLabel } from "../api/names.ts";
import { type Address, formatAddress } from "../netpol/address.ts";
import type { Direction, PolicyHead } from "../netpol/model.ts";
import {
  isEmpty,
  isWhole,
  type Port,
  type Ports,
  type PortSet,
  protocols,
} from "../netpol/ports.ts";
import type { Pod } from "../netpol/search.ts";
import type { Span } from "../netpol/spans.ts";

/** "TCP 443", or "TCP port named http". */
export function describePort({ protocol, port }: Port): string {
  return typeof port === "string" ? `${protocol} port named ${port}` : `${protocol} ${port}`;
}

/** "every port", or "TCP 80, 443 and UDP 53"; long lists are cut. */
export function describePorts(set: PortSet): string {
  if (protocols.every((protocol) => isWhole(set[protocol]))) return "every port";
  const parts = protocols.flatMap((protocol) =>
    isEmpty(set[protocol]) ? [] : [`${protocol} ${listPorts(set[protocol])}`],
  );
  return parts.join(" and ");
}

function listPorts(ports: Ports): string {
  if (isWhole(ports)) return "(every port)";
  return listSome([
    ...ports.numbers.map(describeSpan),
    ...[...ports.names].map((name) => `"${name}"`),
  ]);
}

function describeSpan({ lo, hi }: Span): string {
  return lo === hi ? String(lo) : `${lo}-${hi}`;
}

/** The first few of a list, and how many more there are. */
export function listSome(items: readonly string[], most = 5): string {
  return listSomeOf(items, most, (text) => text);
}

/** The same of what is not worded yet: of a long list only those that are named. */
export function listSomeOf<T>(
  items: readonly T[],
  most: number,
  textOf: (item: T) => string,
): string {
  const named = items.slice(0, most).map(textOf).join(", ");
  return items.length <= most ? named : `${named} and ${items.length - most} more`;
}

/** "pod labelled app=web in namespace stranger (unlabelled)". */
export function describePod({ podLabels, namespaceLabels }: Pod): string {
  const name = namespaceLabels.get(namespaceNameLabel) ?? "";
  const others = [...namespaceLabels].filter(([key]) => key !== namespaceNameLabel);
  return `a pod ${labelled(podLabels)} in a namespace "${name}" ${labelled(others)}`;
}

function labelled(labels: Iterable<readonly [string, string]>): string {
  const texts = [...labels].map(([key, value]) => `${key}=${value}`);
  return texts.length === 0 ? "without labels" : `labelled ${listSome(texts)}`;
}

/** The sentence of a witness: who gets through, and where. */
export function describeWitness(direction: Direction, who: Pod | Address, port: Port): string {
  const name = "podLabels" in who ? describePod(who) : formatAddress(who);
  return direction === "ingress"
    ? `${name} gets in on ${describePort(port)}`
    : `${describePort(port)} of ${name} can be reached`;
}

/** A field path, with the name of the policy where it is another one than `own`. */
export function describePlace(path: string, policy: PolicyHead, own: PolicyHead): string {
  return policy === own ? path : `${path} of NetworkPolicy "${policy.name}"`;
}

/** The JSON pointer to one of our own field paths, or to what the further segments lead to below it. */
export function pointerTo(path: string, ...further: readonly string[]): string {
  return `/${path.replaceAll("]", "").replaceAll(/[.[]/g, "/")}${pointer(...further)}`;
}

/** The JSON pointer segments of one of our own field paths. */
export function segmentsOf(path: string): readonly string[] {
  return pointerTo(path).slice(1).split("/");
}
