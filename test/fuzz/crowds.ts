import type { LabelSelector, NetworkPolicy, Peer, Port } from "../../src/api/networkpolicy.ts";
import { type Random, times } from "./random.ts";
import { ownNamespace, selector, subjectPool } from "./selectors.ts";

// What several networkPolicies reach together is too seldom near a limit by pure chance, so that
// here each of them gets a piece of something that is too much as a whole.

type Piece = { readonly peer: Peer; readonly ports?: readonly Port[] };

const names = ["monitoring", "ingress-nginx", "shop"];
const https: readonly Port[] = [{ port: 443 }];

function block(cidr: string, except?: readonly string[]): Peer {
  return { ipBlock: except ? { cidr, except } : { cidr } };
}

/** Lists of blocks that are too wide together, though each may pass alone. */
const wholes: readonly (readonly string[])[] = [
  ["20.0.0.0/8", "21.0.0.0/8"],
  ["20.0.0.0/9", "20.128.0.0/9", "21.0.0.0/9", "21.128.0.0/9"],
  ["20.0.0.0/8", "22.0.0.0/8", "24.0.0.0/8", "26.0.0.0/8", "28.0.0.0/24"],
  ["20.0.0.0/16", "20.1.0.0/16", "20.3.0.0/16", "20.5.0.0/16", "20.7.0.0/16", "20.9.0.0/24"],
  ["10.20.0.0/16", "10.21.0.0/16", "10.23.0.0/17", "10.25.0.0/16", "10.27.0.0/16"],
  ["10.20.0.0/17", "10.20.128.0/18", "10.20.192.0/18", "10.21.0.0/24"],
  ["8.0.0.0/7", "10.0.0.0/8", "11.0.0.0/8"],
  ["2600::/16", "2601::/16"],
  ["2600::/17", "2600:8000::/17", "2601::/16", "2603::/16", "2605::/16", "2607::/16"],
  ["2001:db8::/48", "2001:db8:1::/48", "2001:db8:3::/48", "2001:db8:5::/48", "2001:db8:7::/64"],
  ["fd00::/48", "fd00:0:1::/48", "fd00:0:3::/48"],
  ["20.0.0.0/8", "::ffff:21.0.0.0/104", "64:ff9b::1600:0/104", "2002:1700::/24"],
  ["0.0.0.0/1", "128.0.0.0/1"],
];

const open4 = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"];
const internet: readonly Peer[] = [
  block("0.0.0.0/0", open4),
  block("0.0.0.0/0", open4),
  block("::/0", ["fc00::/7", "fe80::/10"]),
  block("0.0.0.0/1", ["10.0.0.0/8", "100.64.0.0/10"]),
  block("128.0.0.0/1", ["172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"]),
  block("0.0.0.0/0", open4.slice(0, 4)),
];

/** Port lists that stay below sixteen or are a little more with another one's. */
const few: readonly (readonly Port[])[] = [
  https,
  [{ port: 443 }, { port: 80 }],
  [{ port: 8000, endPort: 8007 }],
  [{ port: 8008, endPort: 8015 }],
  [{ port: 8000, endPort: 8014 }],
  [{ port: 8000, endPort: 8015 }],
  [{ port: 8016 }],
  [{ port: 443, protocol: "UDP" }],
  [{ port: 8000, endPort: 8007, protocol: "UDP" }],
  [{ port: 53 }, { port: 53, protocol: "UDP" }],
  [{ port: 53 }, { port: 443 }],
  [{ port: "http" }],
];

/** Port lists whose sums are near the limit of a peer. */
const many: readonly (readonly Port[])[] = [
  [{ port: 1000, endPort: 1511 }],
  [{ port: 1512, endPort: 2023 }],
  [{ port: 1512, endPort: 2024 }],
  [{ port: 1000, endPort: 2023 }],
  [{ port: 1000, endPort: 2022 }],
  [{ port: 2023 }],
  [{ port: 443 }],
  [{ port: "http" }],
  [{ port: 1000, endPort: 1700, protocol: "UDP" }],
  [{ port: 1701, endPort: 2100, protocol: "UDP" }],
  [{ port: 1, endPort: 32_767 }],
  [{ port: 32_768, endPort: 65_535 }],
];

const samePeers: readonly (readonly Peer[])[] = [
  names.map((name) => ({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
  })),
  [
    { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } },
    {
      namespaceSelector: {
        matchExpressions: [
          { key: "kubernetes.io/metadata.name", operator: "In", values: ["monitoring"] },
        ],
      },
    },
    {
      namespaceSelector: {
        matchLabels: { "kubernetes.io/metadata.name": "monitoring" },
        matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "Exists" }],
      },
    },
  ],
  [block("20.0.0.0/16"), block("20.0.128.0/17"), block("20.0.200.0/24")],
  [block("20.0.0.0/24", ["20.0.0.0/25"]), block("20.0.0.0/25"), block("20.0.0.0/24")],
  [block("2001:db8::/64"), block("2001:db8::1/128"), block("2001:db8::/48")],
];

function oneOrTwo(random: Random): number {
  return random.pick([1, 1, 1, 2]);
}

/** A source of pieces; all pieces of one source add up. */
function source(random: Random): () => readonly Piece[] {
  const kind = random.below(10);
  if (kind < 4) {
    const whole = random.pick(wholes);
    const ports = random.pick([few.slice(0, 1), few, [[]], many]);
    return () => {
      const own = random.pick(ports);
      return times(oneOrTwo(random), () => ({ peer: block(random.pick(whole)), ports: own }));
    };
  }
  if (kind < 7) {
    const peers = random.chance(70) ? internet.slice(0, 3) : internet;
    return () =>
      times(oneOrTwo(random), () => ({ peer: random.pick(peers), ports: random.pick(few) }));
  }
  const peers = random.pick(samePeers);
  return () =>
    times(oneOrTwo(random), () => ({ peer: random.pick(peers), ports: random.pick(many) }));
}

/** Subjects that overlap, nest, exclude each other, or meet two by two and never all three. */
const subjects: readonly (readonly LabelSelector[])[] = [
  [{}],
  [{}, { matchLabels: { app: "web" } }],
  [{ matchLabels: { app: "web" } }, { matchLabels: { tier: "front" } }],
  [{ matchLabels: { app: "web" } }, { matchLabels: { app: "api" } }, {}],
  [
    ["web", "api"],
    ["api", ""],
    ["", "web"],
  ].map((values) => ({
    matchExpressions: [{ key: "app", operator: "In", values }],
  })),
  [
    { matchLabels: { app: "web" } },
    { matchExpressions: [{ key: "tier", operator: "Exists" }] },
    { matchExpressions: [{ key: "app", operator: "NotIn", values: ["web"] }] },
  ],
  [
    { matchLabels: { app: "web" } },
    {
      matchLabels: { app: "web" },
      matchExpressions: [{ key: "app", operator: "NotIn", values: ["web"] }],
    },
    { matchExpressions: [{ key: "app", operator: "DoesNotExist" }] },
  ],
];

function subjectOf(random: Random, among: readonly LabelSelector[]): LabelSelector {
  return random.chance(12) ? selector(random, subjectPool, 30) : random.pick(among);
}

function crowdMember(
  random: Random,
  among: readonly LabelSelector[],
  piecesOf: () => readonly Piece[],
  direction: "ingress" | "egress",
): NetworkPolicy {
  const rules = times(oneOrTwo(random), piecesOf).map((pieces) => {
    const [first] = pieces;
    const peers = pieces.map(({ peer }) => peer);
    const sides = direction === "ingress" ? { from: peers } : { to: peers };
    const { ports = [] } = first ?? {};
    return Object.assign(sides, ports.length > 0 ? { ports } : {});
  });
  const empty = random.chance(6);
  const type = direction === "ingress" ? "Ingress" : "Egress";
  return {
    metadata: { name: "np", namespace: ownNamespace },
    spec: {
      podSelector: subjectOf(random, among),
      policyTypes: random.pick([[type], [type], [type], ["Ingress", "Egress"]]),
      ...(!empty && { [direction]: rules }),
    },
  };
}

/** Networkpolicies of one namespace that are made to add up: see the pieces above. */
export function crowd(random: Random, count: number): readonly NetworkPolicy[] {
  const piecesOf = source(random);
  const among = random.pick(subjects);
  const direction = random.pick(["ingress", "egress", "egress"] as const);
  return times(count, () => {
    const own = random.chance(90) ? direction : random.pick(["ingress", "egress"] as const);
    return crowdMember(random, among, piecesOf, own);
  });
}
