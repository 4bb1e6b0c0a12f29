import * as fc from "fast-check";
import type { IngressRule, Peer, Port } from "../../../src/api/networkpolicy.ts";

/** An address block with its excepts. */
export function block(cidr: string, ...except: readonly string[]): Peer {
  return { ipBlock: { cidr, except } };
}

const requirement = fc.oneof(
  fc.record({
    key: fc.constantFrom("app", "tier"),
    operator: fc.constantFrom("In", "NotIn"),
    values: fc.subarray(["x", "y"], { minLength: 1 }),
  }),
  fc.record({
    key: fc.constantFrom("app", "tier"),
    operator: fc.constantFrom("Exists", "DoesNotExist"),
  }),
);
const selector = fc.record({ matchExpressions: fc.array(requirement, { maxLength: 2 }) });
const own = fc.record({ podSelector: selector });
const team = fc.record({
  namespaceSelector: fc.oneof(
    fc.constant({}),
    fc.constant({ matchLabels: { "kubernetes.io/metadata.name": "shop" } }),
    fc.record({
      matchExpressions: fc.tuple(
        fc.record({
          key: fc.constant("team"),
          operator: fc.constantFrom("In", "NotIn"),
          values: fc.constant(["a"]),
        }),
      ),
    }),
  ),
  podSelector: selector,
});
const addresses = fc
  .record({ at: fc.nat(7), bits: fc.nat(3), except: fc.option(fc.nat(7), { nil: undefined }) })
  .map(({ at, bits, except }): Peer => {
    const first = (at >> bits) << bits;
    const isInside = bits > 0 && except !== undefined && except >> bits === at >> bits;
    return block(`10.0.0.${first}/${32 - bits}`, ...(isInside ? [`10.0.0.${except}/32`] : []));
  });
const port = fc.oneof(
  fc.record({ protocol: fc.constantFrom("TCP", "UDP") }),
  fc.record({ port: fc.constantFrom<number | string>(1, 2, "http") }),
  fc.constant({ port: 1, endPort: 2 }),
);
/** Rules of a policy in namespace `shop`, of a world so small that all of it can be tried. */
export const rule: fc.Arbitrary<IngressRule> = fc.record({
  from: fc.array(fc.oneof(own, team, addresses), { maxLength: 3 }),
  ports: fc.array(port, { maxLength: 2 }),
});

type Somebody = {
  readonly namespace: ReadonlyMap<string, string>;
  readonly pod: ReadonlyMap<string, string>;
};

const labelValues = [undefined, "x", "y", "z"];
const pods: readonly Somebody[] = ["shop", "other"].flatMap((name) =>
  [undefined, "a", "b"].flatMap((teamOf) =>
    labelValues.flatMap((app) =>
      labelValues.map((tier) => ({
        namespace: present([
          ["kubernetes.io/metadata.name", name],
          ["team", teamOf],
        ]),
        pod: present([
          ["app", app],
          ["tier", tier],
        ]),
      })),
    ),
  ),
);

function present(all: readonly (readonly [string, string | undefined])[]) {
  return new Map(all.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}

/** Everyone on every port that the rule lets through, in the words of the API. */
export function admittedBy({ from, ports }: IngressRule): ReadonlySet<string> {
  const peers = from ?? [];
  const who = [
    ...pods
      .filter((somebody) => peers.length === 0 || peers.some((peer) => isPod(peer, somebody)))
      .map((somebody) => JSON.stringify([[...somebody.namespace], [...somebody.pod]])),
    ...Array.from({ length: 9 }, (_, index) => index)
      .filter((at) => peers.length === 0 || peers.some((peer) => isAddress(peer, at)))
      .map(String),
  ];
  const where = [
    "TCP 1",
    "TCP 2",
    "TCP 3",
    "TCP http",
    "TCP other",
    "UDP 1",
    "UDP other",
    "SCTP 1",
  ].filter(
    (text) => (ports ?? []).length === 0 || (ports ?? []).some((entry) => isPort(entry, text)),
  );
  return new Set(who.flatMap((one) => where.map((text) => `${one} ${text}`)));
}

function isPod(
  { podSelector, namespaceSelector, ipBlock }: Peer,
  { namespace, pod }: Somebody,
): boolean {
  if (ipBlock) return false;
  const isThere = namespaceSelector
    ? isSelected(namespaceSelector, namespace)
    : namespace.get("kubernetes.io/metadata.name") === "shop";
  return isThere && isSelected(podSelector ?? {}, pod);
}

function isSelected(
  { matchLabels, matchExpressions }: NonNullable<Peer["podSelector"]>,
  labels: ReadonlyMap<string, string>,
): boolean {
  return (
    Object.entries(matchLabels ?? {}).every(([key, value]) => labels.get(key) === value) &&
    (matchExpressions ?? []).every(({ key, operator, values }) => {
      const value = labels.get(key);
      if (operator === "Exists") return value !== undefined;
      if (operator === "DoesNotExist") return value === undefined;
      return (value !== undefined && (values ?? []).includes(value)) === (operator === "In");
    })
  );
}

function isAddress({ ipBlock }: Peer, at: number): boolean {
  const [, first, length] = /^10\.0\.0\.(\d+)\/(\d+)$/.exec(ipBlock?.cidr ?? "") ?? [];
  if (first === undefined) return false;
  const size = 2 ** (32 - Number(length));
  return (
    at >= Number(first) &&
    at < Number(first) + size &&
    !(ipBlock?.except ?? []).includes(`10.0.0.${at}/32`)
  );
}

function isPort({ protocol, port: number, endPort }: Port, text: string): boolean {
  const [wanted, name] = text.split(" ");
  if (wanted !== (protocol ?? "TCP")) return false;
  if (number === undefined || number === null) return true;
  if (typeof number === "string") return name === number;
  return Number(name) >= number && Number(name) <= (endPort ?? number);
}
