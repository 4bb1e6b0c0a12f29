import { type Address, formatAddress } from "../address.ts";
import { isLoopback, readAddress } from "./address.ts";
import type { Cluster, FoundPod } from "./cluster.ts";
import type { PodRef } from "./input.ts";
import type { Other, Traffic } from "./ask.ts";
import { judgeSide, type Side } from "./side.ts";
import { both, type Verdict } from "./verdict.ts";

/** A pod by its name, or an address. */
export type End = PodRef | { readonly address: string };

export type Question = { readonly from: End; readonly to: End } & Traffic;

export type Connection = {
  readonly verdict: Verdict;
  /** What the policies of the source say; undefined when it is no known pod: nothing isolates it. */
  readonly egress: Side | undefined;
  /** The same for the destination. */
  readonly ingress: Side | undefined;
  /** Why the question cannot be answered; empty unless the verdict is `not evaluated` for it. */
  readonly problems: readonly string[];
};

/**
 * Says whether a connection is allowed, and by which rules. A reply belongs to its connection. An
 * address that a pod has is that pod; the address of a Service is nobody's: ask for its pods.
 */
export function explainConnection(cluster: Cluster, question: Question): Connection {
  const from = findEnd(cluster, question.from, question.to);
  const to = findEnd(cluster, question.to, question.from);
  const problems = [from, to].flatMap((end) => (typeof end === "string" ? end : []));
  if (typeof from === "string" || typeof to === "string" || !isPort(question)) {
    return unanswered(isPort(question) ? problems : [...problems, "the port must be 1 to 65535"]);
  }
  if (from.kind === "address" && to.kind === "address") {
    return unanswered(["neither end is a pod that is known"]);
  }
  const egress = from.kind === "pod" ? judgeSide(from.found, "egress", to, question) : undefined;
  const ingress = to.kind === "pod" ? judgeSide(to.found, "ingress", from, question) : undefined;
  const verdict = both(egress?.verdict ?? "allowed", ingress?.verdict ?? "allowed");
  return { verdict, egress, ingress, problems: [] };
}

function unanswered(problems: readonly string[]): Connection {
  return { verdict: "not evaluated", egress: undefined, ingress: undefined, problems };
}

function isPort(traffic: Traffic): boolean {
  if (traffic.protocol === "ICMP") return true;
  return Number.isInteger(traffic.port) && traffic.port >= 1 && traffic.port <= 65_535;
}

/** The pod or address that is meant, or what is wrong with it. */
function findEnd(cluster: Cluster, end: End, opposite: End): Other | string {
  if (!("address" in end)) return findPod(cluster, end);
  const address = readAddress(end.address);
  if (address === undefined) return `${JSON.stringify(end.address)} is not an IP address`;
  // Such an address never leaves the pod: it is the other end itself.
  if (isLoopback(address)) {
    return "address" in opposite ? "a loop-back address needs a pod" : findPod(cluster, opposite);
  }
  return findOwner(cluster, address);
}

function findPod(cluster: Cluster, { namespace, name }: PodRef): Other | string {
  const found = cluster.find({ namespace, name });
  return found ? { kind: "pod", found } : `no pod ${namespace}/${name} was evaluated`;
}

function findOwner(cluster: Cluster, address: Address): Other | string {
  const text = formatAddress(address);
  const owners = cluster.findAddress(text);
  const [own, ...more] = owners.filter(({ podClass }) => !podClass.hostNetwork);
  if (own === undefined) return { kind: "address", address, ofHostPods: owners.length > 0 };
  if (more.length === 0) return { kind: "pod", found: own };
  return `more than one pod has the address ${text}: ${[own, ...more].map(nameOf).join(", ")}`;
}

function nameOf({ pod }: FoundPod): string {
  return `${pod.pod.namespace}/${pod.pod.name}`;
}
