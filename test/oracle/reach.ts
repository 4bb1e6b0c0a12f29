// Who can talk to whom, read from the API's comments one connection at a time: what the API leaves
// to the network plugin is tried both ways, and a policy that nobody can read may do anything.
import type { NetworkPolicy, Peer, Port } from "../../src/api/networkpolicy.ts";
import type { ContainerPort, Pod, State } from "../../src/netpol/exposure/input.ts";
import { type Block, blockOf, isMapped, readCIDR, type Written } from "./address.ts";
import { matches } from "./selector.ts";

/** The source or the destination of a connection. */
export type End = { readonly pod: Pod } | { readonly address: string };
export type Ask = {
  readonly from: End;
  readonly to: End;
  readonly protocol: string;
  readonly port: number;
};

/** One way to fill in what the API leaves open. */
type World = {
  /** True: everything that is not for the API to say is let through; false: none of it. */
  readonly lenient: boolean;
  /** Which of the numbers of a name count. */
  readonly numbers: "all" | "first" | "last";
  readonly broken: "absent" | "silent" | "open";
};

const plugins = [
  { lenient: false, numbers: "first" },
  { lenient: false, numbers: "last" },
  { lenient: true, numbers: "all" },
] as const;

/** True when the name says that nobody can read the policy. */
export function isBroken({ metadata }: NetworkPolicy): boolean {
  return metadata?.name?.startsWith("broken") ?? false;
}

/** The verdict of a connection: each end has to let it through. */
export function verdictOf(state: State, { from, to, ...ask }: Ask): string {
  const source = ownerOf(state, from, to);
  const target = ownerOf(state, to, from);
  const sides = new Set([
    "pod" in source ? sideOf(state, source.pod, "Egress", target, ask) : "allowed",
    "pod" in target ? sideOf(state, target.pod, "Ingress", source, ask) : "allowed",
  ]);
  const order = ["denied", "not evaluated", "depends on the network plugin", "allowed"];
  return order.find((verdict) => sides.has(verdict)) ?? "";
}

/** The pod that an address is, when it is one pod's; 127.0.0.1 is the pod at the other end. */
function ownerOf(state: State, end: End, other: End): End {
  if ("pod" in end) return end;
  if (end.address.startsWith("127.") || end.address === "::1") return other;
  const pod = state.pods.find((one) => !one.hostNetwork && one.addresses?.includes(end.address));
  return pod ? { pod } : end;
}

type Asked = { readonly protocol: string; readonly port: number };

/** The verdict of one end, over every world. */
export function sideOf(state: State, subject: Pod, type: string, other: End, asked: Asked): string {
  const answers = (broken: World["broken"]) =>
    plugins.map((plugin) => lets(state, subject, type, other, asked, { ...plugin, broken }));
  const known = answers("absent");
  if (new Set(known).size > 1) return "depends on the network plugin";
  const all = new Set([...known, ...answers("silent"), ...answers("open")]);
  if (all.size > 1) return "not evaluated";
  return all.has(true) ? "allowed" : "denied";
}

function lets(state: State, subject: Pod, type: string, other: End, asked: Asked, world: World) {
  const isIngress = type === "Ingress";
  // "... OR if the traffic source is the pod's local node"
  const fromNode = "address" in other && (subject.hostAddresses ?? []).includes(other.address);
  if (isIngress && fromNode) return true;
  const here = state.networkPolicies.filter((one) => one.metadata?.namespace === subject.namespace);
  const hasBroken = here.some(isBroken);
  if (hasBroken && world.broken === "open") return true;
  const selecting = here
    .filter((one) => !isBroken(one))
    .filter((one) => matches(one.spec?.podSelector, labelsOf(subject)))
    .filter((one) => typesOf(one).includes(type));
  const isIsolated = selecting.length > 0 || (hasBroken && world.broken === "silent");
  if (!isIsolated) return true;
  const otherIsOnHost =
    "pod" in other
      ? other.pod.hostNetwork === true
      : state.pods.some((one) => one.hostNetwork && one.addresses?.includes(other.address));
  const isOpenQuestion =
    asked.protocol === "ICMP" ||
    subject.hostNetwork ||
    otherIsOnHost ||
    fromNode ||
    ("pod" in other && other.pod === subject);
  // Whoever is isolated by what nobody can read alone is not known to be isolated at all.
  if (isOpenQuestion && world.lenient && selecting.length > 0) return true;
  return selecting.some((one) =>
    (isIngress ? one.spec?.ingress : one.spec?.egress)?.some((rule) => {
      const peers = (rule && ("from" in rule ? rule.from : "to" in rule ? rule.to : [])) ?? [];
      const target = isIngress ? subject : "pod" in other ? other.pod : undefined;
      return (
        opens(rule?.ports ?? [], asked, target, world) &&
        (peers.length === 0 || peers.some((peer) => isPeer(state, one, peer, other, world)))
      );
    }),
  );
}

function typesOf({ spec }: NetworkPolicy): readonly string[] {
  const { policyTypes, egress } = spec ?? {};
  if (policyTypes && policyTypes.length > 0) return policyTypes;
  return egress && egress.length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
}

function isPeer(
  state: State,
  policy: NetworkPolicy,
  peer: Peer,
  other: End,
  world: World,
): boolean {
  if (peer.ipBlock) {
    const texts = [peer.ipBlock.cidr, ...(peer.ipBlock.except ?? [])].map(readCIDR);
    if (texts.some((one) => one.leadingZero || isMapped(one))) {
      return world.lenient;
    }
    const [block, ...excepts] = texts.map(rangeOf);
    if (block === undefined) return false;
    if ("address" in other)
      return isLeft(
        rangeOf(readCIDR(`${other.address}/${other.address.includes(":") ? 128 : 32}`)),
        block,
        excepts,
      );
    if (!world.lenient) return false;
    if (!other.pod.addresses || other.pod.addresses.length === 0) return hasAny(block, excepts);
    return other.pod.addresses.some((text) =>
      isLeft(rangeOf(readCIDR(`${text}/${text.includes(":") ? 128 : 32}`)), block, excepts),
    );
  }
  if ("address" in other) return false;
  // A plugin that cannot tell such pods from their node does not find them by a selector.
  if (other.pod.hostNetwork && !world.lenient) return false;
  const isWithin = peer.namespaceSelector
    ? matches(peer.namespaceSelector, namespaceLabels(state, other.pod.namespace))
    : other.pod.namespace === policy.metadata?.namespace;
  return isWithin && matches(peer.podSelector, labelsOf(other.pod));
}

function rangeOf({ family, address, prefix }: Written): Block {
  return blockOf(family, address, prefix);
}

function isLeft(one: Block, block: Block, excepts: readonly Block[]): boolean {
  const isIn = (outer: Block) =>
    outer.family === one.family && outer.lo <= one.lo && one.lo <= outer.hi;
  return isIn(block) && !excepts.some(isIn);
}

/** The first address of what is left, if there is one, is the block's first or follows an except. */
function hasAny(block: Block, excepts: readonly Block[]): boolean {
  return [block.lo, ...excepts.map(({ hi }) => hi + 1n)].some((lo) =>
    isLeft({ ...block, lo }, block, excepts),
  );
}

function opens(
  ports: readonly Port[],
  { protocol, port }: Asked,
  target: Pod | undefined,
  world: World,
) {
  if (ports.length === 0) return protocol !== "ICMP";
  return ports.some((one) => {
    if ((one.protocol ?? "TCP") !== protocol) return false;
    if (one.port === undefined || one.port === null) return true;
    if (typeof one.port === "number") return one.port <= port && port <= (one.endPort ?? one.port);
    if (target === undefined) return world.lenient;
    const numbers = (target.ports ?? [])
      .filter((own) => isNamed(own, protocol, one.port))
      .map((own) => own.containerPort);
    if (world.numbers === "all") return numbers.includes(port);
    return numbers.at(world.numbers === "first" ? 0 : -1) === port;
  });
}

function isNamed(own: ContainerPort, protocol: string, name: unknown): boolean {
  return own.name === name && (own.protocol ?? "TCP") === protocol;
}

function labelsOf({ labels }: Pod): ReadonlyMap<string, string> {
  return new Map(Object.entries(labels ?? {}));
}

function namespaceLabels(state: State, name: string): ReadonlyMap<string, string> {
  const namespace = state.namespaces.find((one) => one.name === name);
  return new Map([
    ...Object.entries(namespace?.labels ?? {}),
    ["kubernetes.io/metadata.name", name],
  ]);
}
