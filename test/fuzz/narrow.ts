import type {
  EgressRule,
  IngressRule,
  LabelSelector,
  NetworkPolicy,
  NetworkPolicySpec,
  Peer,
  Port,
} from "../../src/api/networkpolicy.ts";
import { addExcept } from "./blocks.ts";
import { type Random, times } from "./random.ts";
import { namespacePool, podPool, selector, subjectPool } from "./selectors.ts";

export type Narrowed = {
  readonly networkPolicy: NetworkPolicy;
  readonly what: "rule" | "peer" | "except" | "requirement" | "subject" | "port";
};

function withSpec(networkPolicy: NetworkPolicy, spec: NetworkPolicySpec): NetworkPolicy {
  return { ...networkPolicy, spec };
}

function narrowSelector(random: Random, old: LabelSelector, pool: typeof podPool): LabelSelector {
  const more = selector(random, pool, 0);
  const labels = Object.entries(more.matchLabels ?? {}).map(([key, value]) => ({
    key,
    operator: "In",
    values: [value],
  }));
  const extra = [...labels, ...(more.matchExpressions ?? [])].slice(0, 1);
  return { ...old, matchExpressions: [...(old.matchExpressions ?? []), ...extra] };
}

function narrowPort(random: Random, { port, endPort, protocol }: Port): Port | undefined {
  const same = protocol === undefined ? {} : { protocol };
  if (port === undefined || port === null) return { ...same, port: 443 };
  if (typeof port === "string" || (endPort ?? port) === port) return undefined;
  const middle = port + random.below((endPort ?? port) - port + 1);
  return random.chance(50) ? { ...same, port, endPort: middle } : { ...same, port: middle };
}

type Sides = { readonly peers: readonly Peer[]; readonly ports: readonly Port[] };
type Step = (random: Random, sides: Sides) => Partial<Sides> | undefined;

const steps: readonly (readonly [Narrowed["what"], Step])[] = [
  [
    "peer",
    (random, { peers }) =>
      peers.length > 1 ? { peers: peers.toSpliced(random.below(peers.length), 1) } : undefined,
  ],
  [
    "except",
    (random, { peers }) => {
      const index = peers.findIndex(({ ipBlock }) => ipBlock);
      const block = peers[index]?.ipBlock;
      const ipBlock = block && addExcept(random, block);
      return ipBlock ? { peers: peers.with(index, { ipBlock }) } : undefined;
    },
  ],
  [
    "requirement",
    (random, { peers }) => {
      const index = peers.findIndex((peer) => peer.namespaceSelector ?? peer.podSelector);
      const peer = peers[index];
      if (!peer) return undefined;
      const { namespaceSelector, podSelector } = peer;
      const narrower =
        namespaceSelector && random.chance(50)
          ? { ...peer, namespaceSelector: narrowSelector(random, namespaceSelector, namespacePool) }
          : { ...peer, podSelector: narrowSelector(random, podSelector ?? {}, podPool) };
      return { peers: peers.with(index, narrower) };
    },
  ],
  [
    "port",
    (random, { ports }) => {
      if (ports.length === 0) return { ports: [{ port: 80 }] };
      const index = random.below(ports.length);
      if (ports.length > 1 && random.chance(50)) return { ports: ports.toSpliced(index, 1) };
      const narrower = narrowPort(random, ports[index] ?? {});
      return narrower && { ports: ports.with(index, narrower) };
    },
  ],
];

function narrowRules(
  random: Random,
  rules: readonly ((IngressRule & EgressRule) | null)[],
  side: "from" | "to",
) {
  const index = random.below(rules.length);
  const old = rules[index] ?? {};
  if (random.chance(20)) return { rules: rules.toSpliced(index, 1), what: "rule" as const };
  const [what, step] = random.pick(steps);
  const sides = step(random, { peers: old[side] ?? [], ports: old.ports ?? [] });
  if (!sides) return undefined;
  const { peers, ports } = sides;
  const rule = { ...old, ...(peers && { [side]: peers }), ...(ports && { ports }) };
  return { rules: rules.with(index, rule), what };
}

/** The networkPolicy with one thing less admitted; nothing when this try found none to take. */
export function narrow(random: Random, networkPolicy: NetworkPolicy): Narrowed | undefined {
  const spec = networkPolicy.spec ?? {};
  if (random.chance(8)) {
    const podSelector = narrowSelector(random, spec.podSelector ?? {}, subjectPool);
    return { networkPolicy: withSpec(networkPolicy, { ...spec, podSelector }), what: "subject" };
  }
  if (spec.ingress?.length && random.chance(spec.egress?.length ? 50 : 100)) {
    const done = narrowRules(random, spec.ingress, "from");
    if (!done) return undefined;
    const { rules: ingress, what } = done;
    return { networkPolicy: withSpec(networkPolicy, { ...spec, ingress }), what };
  }
  if (!spec.egress?.length) return undefined;
  const done = narrowRules(random, spec.egress, "to");
  if (!done) return undefined;
  const { rules: egress, what } = done;
  return { networkPolicy: withSpec(networkPolicy, { ...spec, egress }), what };
}

/** Up to three narrowings, one after another. */
export function narrowOften(random: Random, start: NetworkPolicy): readonly Narrowed[] {
  const done: Narrowed[] = [];
  for (const _ of times(3, (index) => index)) {
    const next = narrow(random, done.at(-1)?.networkPolicy ?? start);
    if (next) done.push(next);
  }
  return done;
}
