import type {
  EgressRule,
  IngressRule,
  NetworkPolicy,
  Peer,
  Port,
} from "../../src/api/networkpolicy.ts";
import type { Pod, State } from "../../src/netpol/exposure/input.ts";
import { type Random, times } from "./random.ts";
import { selector } from "./selectors.ts";

const namespaceNames = ["shop", "data", "edge"];

const podPool = [
  ["app", ["web", "db", ""]],
  ["app", ["web"]],
  ["tier", ["front"]],
  ["constructor", ["x"]],
] as const;

const namespacePool = [
  ["team", ["red", "blue", ""]],
  ["team", ["red"]],
  ["kubernetes.io/metadata.name", namespaceNames],
] as const;

const blocks: readonly { readonly cidr: string; readonly except?: readonly string[] }[] = [
  { cidr: "0.0.0.0/0" },
  { cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] },
  { cidr: "10.0.0.0/8" },
  { cidr: "10.0.0.0/24", except: ["10.0.0.0/25", "10.0.0.128/25"] },
  { cidr: "10.0.0.0/30", except: ["10.0.0.2/32"] },
  { cidr: "10.0.0.1/32" },
  { cidr: "8.8.8.0/24", except: ["8.8.8.8/32"] },
  { cidr: "192.168.0.0/16" },
  { cidr: "::/0" },
  { cidr: "fd00::/64", except: ["fd00::1/128"] },
  { cidr: "64:ff9b::/96" },
  { cidr: "010.0.0.0/8" },
  { cidr: "::ffff:10.0.0.0/104" },
  { cidr: "10.0.0.0/8", except: ["::ffff:10.0.0.0/120"] },
];

const portPool: readonly Port[] = [
  {},
  { protocol: "UDP" },
  { port: 80 },
  { port: 8080, protocol: "TCP" },
  { port: 79, endPort: 443 },
  { port: 1, endPort: 65_535 },
  { port: 53, protocol: "UDP" },
  { port: "http" },
  { port: "http" },
  { port: "dns", protocol: "UDP" },
  { port: "dns" },
  { port: 80, protocol: null, endPort: null },
];

function labels(random: Random): Record<string, string> {
  const all = podPool
    .filter(() => random.chance(60))
    .map(([key, values]) => [key, random.pick(values)]);
  return Object.fromEntries(all);
}

function pod(random: Random, index: number): Pod {
  const hostNetwork = random.chance(12);
  const node = random.pick(["192.168.0.1", "192.168.0.2"]);
  const own = [`10.0.0.${index + 1}`, ...(random.chance(40) ? [`fd00::${index + 1}`] : [])];
  const http = { name: "http", containerPort: random.pick([80, 8080, 8080]) };
  const ports = [
    ...(random.chance(70) ? [http] : []),
    ...(random.chance(15) ? [{ name: "http", containerPort: 80, protocol: "TCP" }] : []),
    ...(random.chance(40) ? [{ name: "dns", containerPort: 53, protocol: "UDP" }] : []),
    ...(random.chance(30) ? [{ containerPort: 443 }] : []),
  ];
  return {
    namespace: random.pick(namespaceNames),
    name: `pod-${index}`,
    labels: random.chance(5) ? null : labels(random),
    ports: random.chance(5) ? null : ports,
    ...(hostNetwork ? { hostNetwork } : {}),
    ...(random.chance(75) ? { addresses: hostNetwork ? [node] : own } : {}),
    ...(random.chance(50) ? { hostAddresses: [node] } : {}),
  };
}

function peer(random: Random): Peer {
  const kind = random.below(100);
  if (kind < 30) return { ipBlock: random.pick(blocks) };
  if (kind < 55) return { podSelector: selector(random, podPool) };
  if (kind < 75) return { namespaceSelector: selector(random, namespacePool) };
  return {
    namespaceSelector: selector(random, namespacePool),
    podSelector: selector(random, podPool),
  };
}

type Sides = { readonly peers?: readonly Peer[] | null; readonly ports?: readonly Port[] | null };

function sides(random: Random): Sides {
  const count = random.pick([0, 1, 1, 1, 2, 3]);
  const ports = random.chance(35)
    ? {}
    : { ports: times(random.below(3), () => random.pick(portPool)) };
  const some = times(count, () => peer(random));
  return { ...(count > 0 || random.chance(50) ? { peers: some } : {}), ...ports };
}

/** A rule for traffic that comes in. */
export function ingressRule(random: Random): IngressRule | null {
  if (random.chance(3)) return null;
  const { peers: from, ...rest } = sides(random);
  return from === undefined ? rest : { from, ...rest };
}

/** A rule for traffic that goes out. */
export function egressRule(random: Random): EgressRule | null {
  if (random.chance(3)) return null;
  const { peers: to, ...rest } = sides(random);
  return to === undefined ? rest : { to, ...rest };
}

const brokenSpecs = [
  { podSelector: {}, policyTypes: ["Ingress", "Sideways"] },
  { podSelector: {}, ingress: [{ from: [{}] }] },
  { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/33" } }] }] },
  { podSelector: { matchLabels: { app: "not a value" } } },
  { podSelector: {}, egress: [{ ports: [{ port: 80, endPort: 79 }] }] },
  { podSelector: {}, wildcard: true },
] satisfies readonly object[];

/** A policy of one of the namespaces; some, named so, are broken. */
export function networkPolicy(random: Random, index: number): NetworkPolicy {
  const namespace = random.pick(namespaceNames);
  if (random.chance(5)) {
    return { metadata: { namespace, name: `broken-${index}` }, spec: random.pick(brokenSpecs) };
  }
  const policyTypes = random.pick([
    undefined,
    null,
    [],
    ["Ingress"],
    ["Egress"],
    ["Ingress", "Egress"],
  ]);
  const ingress = random.chance(75) && times(random.below(3), () => ingressRule(random));
  const egress = random.chance(60) && times(random.below(3), () => egressRule(random));
  return {
    metadata: { namespace, name: `policy-${index}` },
    spec: {
      podSelector: selector(random, podPool, 40),
      ...(policyTypes !== undefined && { policyTypes }),
      ...(ingress && { ingress }),
      ...(egress && { egress }),
    },
  };
}

/** A cluster of three namespaces, a few pods and a few policies. */
export function createState(random: Random): State {
  return {
    namespaces: namespaceNames.map((name) => ({
      name,
      labels: random.pick([{}, null, { team: "red" }, { team: "blue" }, { team: "" }]),
    })),
    pods: times(1 + random.below(5), (index) => pod(random, index)),
    networkPolicies: times(random.below(6), (index) => networkPolicy(random, index)),
  };
}
