import type {
  IPBlock,
  LabelSelector,
  NetworkPolicy,
  Peer,
  Port,
} from "../../src/api/networkpolicy.ts";
import { hasHostBits, isMapped, readCIDR } from "../oracle/address.ts";
import type { Random } from "./random.ts";
import { groupsOf } from "./spell.ts";

function shuffle<T>(random: Random, list: readonly T[]): readonly T[] {
  const rest = [...list];
  const done: T[] = [];
  while (rest.length > 0) done.push(...rest.splice(random.below(rest.length), 1));
  return done;
}

function respellSelector(random: Random, selector: LabelSelector): LabelSelector {
  const labels = Object.entries(selector.matchLabels ?? {});
  const expressions = shuffle(random, selector.matchExpressions ?? []).map(
    ({ key, operator, values }) =>
      values ? { key, operator, values: shuffle(random, values) } : { key, operator },
  );
  if (labels.length === 0 && expressions.length === 0) {
    return random.pick([
      {},
      { matchLabels: {} },
      { matchExpressions: null },
      { matchLabels: null },
    ]);
  }
  if (random.chance(50))
    return { matchLabels: Object.fromEntries(labels), matchExpressions: expressions };
  const asIn = labels.map(([key, value]) => ({ key, operator: "In", values: [value, value] }));
  return { matchExpressions: shuffle(random, [...asIn, ...expressions]) };
}

/** Another spelling of the same address that no tool reads differently. */
function respellCIDR(random: Random, text: string): string {
  const written = readCIDR(text);
  if (written.family === 4 || written.leadingZero || isMapped(written) || hasHostBits(written)) {
    return text;
  }
  const groups = groupsOf(written.address);
  const full = random.chance(50) ? groups : groups.map((group) => group.padStart(4, "0"));
  const joined = `${full.join(":")}/${written.prefix}`;
  return random.chance(50) ? joined : joined.toUpperCase();
}

function respellBlock(random: Random, { cidr, except }: IPBlock): IPBlock {
  const spelled = { cidr: respellCIDR(random, cidr) };
  if (!except || except.length === 0)
    return random.chance(50) ? spelled : { ...spelled, except: [] };
  const list = shuffle(random, except).map((one) => respellCIDR(random, one));
  return { ...spelled, except: random.chance(20) ? list.concat(list.slice(0, 1)) : list };
}

function respellPeer(random: Random, peer: Peer): Peer {
  const { ipBlock, namespaceSelector, podSelector } = peer;
  if (ipBlock) return { ipBlock: respellBlock(random, ipBlock) };
  return {
    ...(namespaceSelector
      ? { namespaceSelector: respellSelector(random, namespaceSelector) }
      : random.pick([{}, { namespaceSelector: null }])),
    ...(podSelector && { podSelector: respellSelector(random, podSelector) }),
  };
}

function respellPort(random: Random, { protocol, port, endPort }: Port): Port {
  const known = protocol ?? random.pick(["TCP", null, undefined]);
  const number = port ?? random.pick([null, undefined]);
  const end = endPort ?? (typeof port === "number" ? random.pick([port, null]) : null);
  return {
    ...(known !== undefined && { protocol: known }),
    ...(number !== undefined && { port: number }),
    ...(end !== null && { endPort: end }),
  };
}

function respellList<T>(
  random: Random,
  list: readonly T[] | null | undefined,
  one: (random: Random, item: T) => T,
): readonly T[] | null | undefined {
  if (!list || list.length === 0) return random.pick([null, undefined, []]);
  return shuffle(random, list).map((item) => one(random, item));
}

function respellPorts(random: Random, ports: readonly Port[] | null | undefined) {
  const list = respellList(random, ports, respellPort);
  return list === undefined ? {} : { ports: list };
}

/** The same networkPolicy in another order and another spelling. */
export function respell(random: Random, networkPolicy: NetworkPolicy): NetworkPolicy {
  const { podSelector, policyTypes, ingress, egress } = networkPolicy.spec ?? {};
  const from = respellList(random, ingress, (r, rule) => {
    const peers = respellList(r, rule?.from, respellPeer);
    return { ...respellPorts(r, rule?.ports), ...(peers !== undefined && { from: peers }) };
  });
  const to = respellList(random, egress, (r, rule) => {
    const peers = respellList(r, rule?.to, respellPeer);
    return { ...respellPorts(r, rule?.ports), ...(peers !== undefined && { to: peers }) };
  });
  return {
    ...networkPolicy,
    spec: {
      ...(podSelector && { podSelector: respellSelector(random, podSelector) }),
      ...(policyTypes && { policyTypes: shuffle(random, policyTypes) }),
      ...(from !== undefined && { ingress: from }),
      ...(to !== undefined && { egress: to }),
    },
  };
}
