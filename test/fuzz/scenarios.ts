import type { EgressRule, IPBlock, NetworkPolicy, Port } from "../../src/api/networkpolicy.ts";
import { type Random, times } from "./random.ts";

// Sums over several rules are too seldom hit by pure chance, so here they are built on purpose.

const private4 = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.0.0/16",
];
const recipe4: IPBlock = { cidr: "0.0.0.0/0", except: private4 };
const recipe6: IPBlock = { cidr: "::/0", except: ["fc00::/7", "fe80::/10"] };

const wide: readonly IPBlock[] = [
  recipe4,
  recipe4,
  recipe4,
  recipe4,
  recipe4,
  recipe6,
  recipe6,
  recipe6,
  { cidr: "0.0.0.0/0", except: private4.slice(1) },
  { cidr: "0.0.0.0/0", except: [...private4, "44.128.0.0/16", "20.0.0.0/8"] },
  { cidr: "64:ff9b::/96", except: ["64:ff9b::a00:0/104"] },
  { cidr: "128.0.0.0/2" },
  { cidr: "20.0.0.0/8" },
  { cidr: "21.0.0.0/8" },
  { cidr: "22.0.0.0/8" },
  { cidr: "23.0.0.0/8" },
  { cidr: "24.0.0.0/16" },
  { cidr: "2000::/3" },
  { cidr: "2600::/16" },
  { cidr: "2601::/17" },
  { cidr: "10.20.0.0/16" },
  { cidr: "10.0.0.0/8" },
];

const lists: readonly (readonly Port[])[] = [
  [{ port: 443 }],
  [{ port: 443 }, { port: 80 }],
  [{ port: 443 }, { port: 443, protocol: "UDP" }],
  [{ port: 8000, endPort: 8014 }],
  [{ port: 8000, endPort: 8015 }],
  [{ port: 8000, endPort: 8016 }],
  [{ port: 8000, endPort: 8016 }],
  [{ port: 443 }, { port: 8000, endPort: 8015 }],
  [{ port: 8001, endPort: 8015 }, { port: 443 }],
  [{ port: 8010, endPort: 8017 }],
  [{ port: 8000, endPort: 8015, protocol: "UDP" }],
  [{ port: 53, protocol: "UDP" }, { port: 53 }],
  [{ port: 53 }, { port: 443 }],
  [{ port: "http" }],
  [{ port: 443 }, { protocol: "UDP" }],
  [{ port: 1, endPort: 65_535 }],
];

function ports(random: Random): { ports?: readonly Port[] } {
  return random.chance(4) ? {} : { ports: random.pick(lists) };
}

function rule(random: Random): EgressRule {
  const count = random.pick([1, 1, 1, 2, 2, 4]);
  return { to: times(count, () => ({ ipBlock: random.pick(wide) })), ...ports(random) };
}

/** A networkPolicy whose egress rules reach much of the internet together, near the limits. */
export function internetEgress(random: Random): NetworkPolicy {
  return {
    metadata: { name: "np", namespace: "shop" },
    spec: {
      podSelector: {},
      policyTypes: ["Egress"],
      egress: times(random.pick([1, 1, 2, 2, 3]), () => rule(random)),
    },
  };
}

/** An ingress twin of the same: wide blocks over ports and names. */
export function internetIngress(random: Random): NetworkPolicy {
  return {
    metadata: { name: "np", namespace: "shop" },
    spec: {
      podSelector: { matchLabels: { app: "web" } },
      ingress: times(random.pick([1, 2, 2, 3]), () => {
        const { to, ...rest } = rule(random);
        return { from: to ?? [], ...rest };
      }),
    },
  };
}

/** Egress on DNS ports to pods that are, or nearly are, DNS pods. */
export function dnsEgress(random: Random): NetworkPolicy {
  const labels = [
    { matchLabels: { "k8s-app": "kube-dns" } },
    { matchLabels: { "k8s-app": "other" } },
    { matchLabels: { app: "web" } },
    { matchLabels: { "k8s-app": "kube-dns", app: "web" } },
    { matchExpressions: [{ key: "k8s-app", operator: "In", values: ["kube-dns", "coredns"] }] },
    { matchExpressions: [{ key: "k8s-app", operator: "In", values: ["kube-dns", "other"] }] },
    { matchExpressions: [{ key: "k8s-app", operator: "NotIn", values: ["other"] }] },
    { matchExpressions: [{ key: "k8s-app", operator: "Exists" }] },
    { matchLabels: { "app.kubernetes.io/name": "coredns" } },
  ];
  const namespaces = [
    {},
    { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
    { matchLabels: { team: "x" } },
  ];
  const dnsPorts: readonly (readonly Port[])[] = [
    [{ port: 53, protocol: "UDP" }, { port: 53 }],
    [{ port: 5353, endPort: 5353 }],
    [{ port: 53, endPort: 54 }],
    [{ port: 53, protocol: "SCTP" }],
    [{ port: "dns", protocol: "UDP" }],
    [{ port: 53 }, { port: 443 }],
  ];
  const egress = times(1 + random.below(2), () => ({
    to: times(1 + random.below(2), () => ({
      namespaceSelector: random.pick(namespaces),
      ...(random.chance(85) && { podSelector: random.pick(labels) }),
    })),
    ports: random.pick(random.chance(60) ? dnsPorts.slice(0, 1) : dnsPorts),
  }));
  return {
    metadata: { name: "np", namespace: "shop" },
    spec: { podSelector: {}, policyTypes: ["Egress"], egress },
  };
}
