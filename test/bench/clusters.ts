import type {
  LabelSelector,
  NetworkPolicy,
  NetworkPolicySpec,
} from "../../src/api/networkpolicy.ts";
import type { Pod, State } from "../../src/netpol/exposure/input.ts";

export const podCount = 10_000;
const policyCount = 2000;
const teams = 200;

function address(index: number): string {
  return `10.244.${index >> 8}.${index & 255}`;
}

function named(namespace: string): LabelSelector {
  return { matchLabels: { "kubernetes.io/metadata.name": namespace } };
}

function app(number: number): LabelSelector {
  return { matchLabels: { app: `app-${number % 10}` } };
}

/** 200 namespaces of 10 applications: deny-all, DNS, monitoring, a listener, partners. */
export function typicalCluster(): State {
  const namespaces = Array.from({ length: teams }, (_, index) => ({ name: `team-${index}` }));
  const pods = Array.from({ length: podCount }, (_, index): Pod => ({
    namespace: `team-${index % teams}`,
    name: `pod-${index}`,
    labels: {
      app: `app-${Math.floor(index / teams) % 10}`,
      "pod-template-hash": `hash-${index % 900}`,
      "apps.kubernetes.io/pod-index": `${index}`,
    },
    ports: [{ name: "http", containerPort: 8080 }],
    addresses: [address(index)],
  }));
  const networkPolicies = namespaces.flatMap(({ name: namespace }, index) =>
    specsOf(index).map((spec, number): NetworkPolicy => ({
      metadata: { namespace, name: `policy-${number}` },
      spec,
    })),
  );
  return { namespaces, pods, networkPolicies };
}

function specsOf(index: number): readonly NetworkPolicySpec[] {
  const dns = {
    to: [{ namespaceSelector: named("team-0") }],
    ports: [{ port: 53, protocol: "UDP" }],
  };
  const internet = { ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] } };
  return [
    { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    { podSelector: {}, policyTypes: ["Egress"], egress: [dns] },
    {
      podSelector: {},
      ingress: [{ from: [{ namespaceSelector: named("team-1") }], ports: [{ port: 9090 }] }],
    },
    { podSelector: app(1), ingress: [{ ports: [{ port: "http" }] }] },
    {
      podSelector: app(2),
      policyTypes: ["Egress"],
      egress: [{ to: [internet], ports: [{ port: 443 }] }],
    },
    ...[3, 4, 5, 6, 7].map((number) => partnersOf(number, `team-${(index + number) % teams}`)),
  ];
}

function partnersOf(number: number, partner: string): NetworkPolicySpec {
  const from = [
    { podSelector: app(number + 1) },
    { namespaceSelector: named(partner), podSelector: app(number) },
  ];
  const to = [{ podSelector: app(number - 1) }, { namespaceSelector: {}, podSelector: app(1) }];
  return {
    podSelector: app(number),
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from, ports: [{ port: 8000 + number }] }],
    egress: [{ to }],
  };
}

function id(index: number): LabelSelector {
  return { matchLabels: { id: `${(index * 7919) % podCount}` } };
}

/** Every pod alone in its class, and many selectors that look at all of them. */
export function distinctCluster(): State {
  return {
    namespaces: Array.from({ length: 100 }, (_, index) => ({ name: `team-${index}` })),
    pods: Array.from({ length: podCount }, (_, index): Pod => ({
      namespace: `team-${index % 100}`,
      name: `pod-${index}`,
      labels: { id: `${index}`, app: `app-${index % 7}` },
      addresses: [address(index)],
    })),
    networkPolicies: Array.from({ length: policyCount }, (_, index): NetworkPolicy => ({
      metadata: { namespace: `team-${index % 100}`, name: `policy-${index}` },
      spec: distinctSpec(index),
    })),
  };
}

function distinctSpec(index: number): NetworkPolicySpec {
  const values = Array.from({ length: 5 }, (_, at) => `${index * 5 + at}`);
  const others = { matchExpressions: [{ key: "id", operator: "NotIn", values }] };
  const one = {
    from: [{ namespaceSelector: {}, podSelector: id(index) }],
    ports: [{ port: 1000 + (index % 50) }],
  };
  const most = { from: [{ namespaceSelector: {}, podSelector: others }], ports: [{ port: 80 }] };
  const block = { ipBlock: { cidr: `10.244.${index % 40}.0/24` } };
  return {
    podSelector: {
      matchExpressions: [{ key: "app", operator: "NotIn", values: [`app-${index % 7}`] }],
    },
    policyTypes: ["Ingress", "Egress"],
    ingress: index % 40 === 0 ? [one, most] : [one],
    egress: [{ to: [{ namespaceSelector: {}, podSelector: id(index + 1) }, block] }],
  };
}
