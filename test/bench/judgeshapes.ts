import type { NetworkPolicy, NetworkPolicySpec, Peer } from "../../src/api/networkpolicy.ts";

/** A NetworkPolicy that is large in one dimension. */
export type Shape = {
  readonly dimension: string;
  readonly build: (size: number) => NetworkPolicy;
};

/** A list of so many items. */
export function list<T>(length: number, item: (index: number) => T): readonly T[] {
  return Array.from({ length }, (_, index) => item(index));
}

/** A NetworkPolicy of namespace `shop` that isolates both directions. */
export function policyOf(spec: NetworkPolicySpec, name = "np"): NetworkPolicy {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace: "shop" },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"], ...spec },
  };
}

const named = (name: string) => ({ matchLabels: { "kubernetes.io/metadata.name": name } });
const block4 = (index: number) =>
  `${11 + (index >> 14)}.${(index >> 6) & 255}.${(index & 63) * 4}.0/24`;
const block6 = (index: number) =>
  `2001:db8:${(index >> 16).toString(16)}:${(index & 65_535).toString(16)}::/64`;
const blocks = (length: number, cidr: (index: number) => string): readonly Peer[] =>
  list(length, (index) => ({ ipBlock: { cidr: cidr(index) } }));
const port = (index: number) => 1 + ((index * 2) % 65_534);
const requirement = (key: string) => ({ key, operator: "NotIn", values: ["x"] });
const valueOf = (index: number) => ({ team: `n${index}` });
const oneOf = (key: string, size: number) => ({
  matchExpressions: [{ key, operator: "In", values: list(size, (index) => `n${index}`) }],
});

function shape(dimension: string, spec: (size: number) => NetworkPolicySpec): Shape {
  return { dimension, build: (size) => policyOf(spec(size)) };
}

/** What can be long in a NetworkPolicy, one at a time, each in the shape that costs most. */
export const shapes: readonly Shape[] = [
  shape("rules, pods on one port each", (size) => ({
    ingress: list(size, (index) => ({
      from: [{ namespaceSelector: named(`n${index}`) }],
      ports: [{ port: port(index) }],
    })),
  })),
  shape("rules, the same label on nested ports", (size) => ({
    ingress: list(size, (index) => ({
      from: [{ namespaceSelector: { matchLabels: { team: "a" } } }],
      ports: [{ port: 1 + (index % 30_000), endPort: 65_535 - (index % 30_000) }],
    })),
  })),
  shape("rules, a block each on nested ports", (size) => ({
    egress: list(size, (index) => ({
      to: [{ ipBlock: { cidr: block4(index) } }],
      ports: [{ port: 1 + (index % 30_000), endPort: 65_535 - (index % 30_000) }],
    })),
  })),
  shape("rules, the internet on a port each", (size) => ({
    egress: list(size, (index) => ({
      to: [{ ipBlock: { cidr: "0.0.0.0/0" } }],
      ports: [{ port: port(index) }],
    })),
  })),
  shape("rules for everyone", (size) => ({ ingress: list(size, () => ({})) })),
  shape("peers, named namespaces", (size) => ({
    ingress: [
      {
        from: list(size, (index) => ({ namespaceSelector: named(`n${index}`) })),
        ports: [{ port: 80 }],
      },
    ],
  })),
  shape("peers, a label each", (size) => ({
    ingress: [
      {
        from: list(size, (index) => ({
          namespaceSelector: { matchLabels: { [`k${index}`]: "" } },
        })),
      },
    ],
  })),
  shape("blocks", (size) => ({ egress: [{ to: blocks(size, block4), ports: [{ port: 80 }] }] })),
  shape("blocks without ports", (size) => ({ egress: [{ to: blocks(size, block4) }] })),
  shape("blocks of IPv6", (size) => ({
    egress: [{ to: blocks(size, block6), ports: [{ port: 80 }] }],
  })),
  shape("blocks that nest", (size) => ({
    egress: [
      {
        to: blocks(
          size,
          (index) => `${11 + (index % 128)}.${(index >> 7) & 255}.0.0/${8 + (index % 25)}`,
        ),
        ports: [{ port: 80 }],
      },
    ],
  })),
  shape("blocks of the cluster", (size) => ({
    egress: [{ to: blocks(size, () => "10.0.0.0/8"), ports: [{ port: 80 }] }],
  })),
  shape("blocks with a credential endpoint", (size) => ({
    egress: [{ to: blocks(size, () => "169.254.0.0/16"), ports: [{ port: 80 }] }],
  })),
  shape("excepts", (size) => ({
    egress: [
      {
        to: [{ ipBlock: { cidr: "0.0.0.0/0", except: list(size, block4) } }],
        ports: [{ port: 443 }],
      },
    ],
  })),
  shape("excepts of IPv6", (size) => ({
    egress: [
      {
        to: [{ ipBlock: { cidr: "2000::/3", except: list(size, block6) } }],
        ports: [{ port: 443 }],
      },
    ],
  })),
  shape("excepts of a mapped block", (size) => ({
    egress: [
      {
        to: [
          {
            ipBlock: {
              cidr: "::ffff:0:0/96",
              except: list(size, (index) => `::ffff:${block4(index).replace("/24", "/120")}`),
            },
          },
        ],
        ports: [{ port: 443 }],
      },
    ],
  })),
  shape("ports", (size) => ({
    egress: [{ to: blocks(2, block4), ports: list(size, (index) => ({ port: port(index) })) }],
  })),
  shape("ports, nested", (size) => ({
    egress: [
      {
        to: blocks(2, block4),
        ports: list(size, (index) => ({
          port: 1 + (index % 30_000),
          endPort: 65_535 - (index % 30_000),
        })),
      },
    ],
  })),
  shape("ports with names", (size) => ({
    egress: [{ to: blocks(2, block4), ports: list(size, (index) => ({ port: `p${index}` })) }],
  })),
  shape("requirements, a key each", (size) => ({
    ingress: [
      {
        from: [
          {
            namespaceSelector: {
              matchExpressions: list(size, (index) => requirement(`k${index}`)),
            },
          },
        ],
      },
    ],
  })),
  shape("requirements on one key", (size) => ({
    ingress: [
      {
        from: [
          {
            namespaceSelector: {
              matchExpressions: list(size, (index) => ({
                ...requirement("team"),
                values: [`v${index}`],
              })),
            },
          },
        ],
      },
    ],
  })),
  shape("requirements of the subject", (size) => ({
    podSelector: { matchExpressions: list(size, (index) => requirement(`k${index}`)) },
    ingress: [{ from: [{ namespaceSelector: {} }] }],
  })),
  shape("values", (size) => ({
    ingress: [
      {
        from: [
          {
            namespaceSelector: {
              matchExpressions: [
                {
                  key: "kubernetes.io/metadata.name",
                  operator: "NotIn",
                  values: list(size, (index) => `n${index}`),
                },
              ],
            },
          },
        ],
      },
    ],
  })),
  shape("values of a label", (size) => ({
    ingress: [{ from: [{ namespaceSelector: oneOf("team", size) }], ports: [{ port: 80 }] }],
  })),
  shape("values of the subject", (size) => ({
    podSelector: oneOf("app", size),
    ingress: [{ from: [{ namespaceSelector: {} }] }],
  })),
  shape("values that other peers list one by one", (size) => ({
    ingress: [
      {
        from: list(size, (index) => ({ namespaceSelector: { matchLabels: valueOf(index) } })),
        ports: [{ port: 80 }],
      },
      { from: [{ namespaceSelector: oneOf("team", size) }], ports: [{ port: 80 }] },
    ],
  })),
  shape("values that other peers list with a second label", (size) => ({
    ingress: [
      {
        from: list(size, (index) => ({
          namespaceSelector: { matchLabels: valueOf(index) },
          podSelector: { matchLabels: { app: "x" } },
        })),
        ports: [{ port: 80 }],
      },
      {
        from: [
          {
            namespaceSelector: oneOf("team", size),
            podSelector: { matchLabels: { app: "x" } },
          },
        ],
        ports: [{ port: 80 }],
      },
    ],
  })),
];
