import type { Family } from "../../netpol/address.ts";
import type { Direction, PolicyRule } from "../../netpol/model.ts";
import { type Places, placesOf } from "../../netpol/places.ts";
import { mayMeet, type Protocol, protocols, unite } from "../../netpol/ports.ts";
import { type Spans, union } from "../../netpol/spans.ts";
import type { Judged, Reported, Reporting, Summation } from "../rule.ts";
import { type Contributor, contributorsOf, sharesOf } from "./contributor.ts";
import { countPorts, isInternet } from "./internet.ts";
import { axisOfRules } from "./layers.ts";
import { reportExcesses } from "./report.ts";
import { type Excess, type Sum, sumUp, type Together } from "./sum.ts";

const families = [4, 6] as const;

/** How broad the blocks of all rules are together, in each direction. */
export function sumsOfAddresses(judged: Judged): readonly Summation[] {
  return (["ingress", "egress"] as const).map((direction) => {
    const axes = axesOf(judged, direction);
    const axisOf = (protocol: Protocol) => axes[protocol];
    const counts = (rule: PolicyRule) =>
      rule.direction === direction && sharesOf(judged.standard, rule).length > 0;
    return {
      direction,
      counts,
      isNear(own) {
        // Ports to the internet are counted wherever they are.
        if (isForgiving(judged, direction)) return () => true;
        const ports = unite(own.filter(counts).map((rule) => rule.ports));
        return (rule) => mayMeet(ports, rule.ports);
      },
      excess(rules) {
        const nobody = { axisOf, within: () => [], carries: () => false };
        return placesIn(sumDirection({ ...judged, rules }, direction, nobody).sums);
      },
      report: (rules, how) => report({ ...judged, rules }, direction, axisOf, how),
    };
  });
}

function axesOf(judged: Judged, direction: Direction) {
  const rules = judged.rules.filter((rule) => rule.direction === direction);
  const olds = Object.values(judged.before[direction].addresses).flat();
  const axisOf = (protocol: Protocol) => axisOfRules(protocol, direction, rules, olds);
  return { TCP: axisOf("TCP"), UDP: axisOf("UDP"), SCTP: axisOf("SCTP") };
}

function placeKey(family: Family, protocol: Protocol): string {
  return `${family}/${protocol}`;
}

function placesIn(sums: readonly Sum[]): Places {
  return placesOf(sums.map(({ family, protocol, places }) => [placeKey(family, protocol), places]));
}

type SumOfAll = {
  readonly sums: readonly Sum[];
  /** Blocks that lead to the internet on more ports than are accepted. */
  readonly internet: readonly Contributor[];
};

/** The sums of one direction, without blocks of the internet where it is reached on few ports only. */
function sumDirection(judged: Judged, direction: Direction, together: Together): SumOfAll {
  const all = families.map((family) => contributorsOf(judged, direction, family));
  const sums = all.flatMap((some) => sumFamily(judged, direction, some, together));
  const { parameters } = judged.standard;
  const count = countPorts(sums);
  if (!isForgiving(judged, direction) || count === 0n) return { sums, internet: [] };
  if (count > BigInt(parameters.maxInternetPorts)) {
    return { sums, internet: all.flat().filter((one) => isInternet(judged, one)) };
  }
  const rest = all.map((some) => some.filter((one) => !isInternet(judged, one)));
  return {
    sums: rest.flatMap((some) => sumFamily(judged, direction, some, together)),
    internet: [],
  };
}

/** Internet on few ports is let through. */
function isForgiving({ standard }: Judged, direction: Direction): boolean {
  return standard.level === "baseline" && direction === "egress";
}

function sumFamily(
  judged: Judged,
  direction: Direction,
  contributors: readonly Contributor[],
  together: Together,
): readonly Sum[] {
  const family = contributors[0]?.peer.block.family;
  if (family === undefined) return [];
  return protocols.map((protocol) =>
    sumUp(judged, direction, family, protocol, contributors, together),
  );
}

function report(
  judged: Judged,
  direction: Direction,
  axisOf: Together["axisOf"],
  { at, carries, before }: Reporting,
): Reported {
  const within = (family: Family, protocol: Protocol) => at.get(placeKey(family, protocol)) ?? [];
  const scene = { ...judged, before: { ...judged.before, [direction]: before } };
  const { sums, internet } = sumDirection(scene, direction, { axisOf, within, carries });
  const excesses = sums.flatMap((sum) =>
    sum.excesses.map((excess) => withInternet(excess, internet)),
  );
  const byPolicy = Map.groupBy(excesses, ({ carrier }) => carrier.rule.policy);
  return {
    places: placesOf(
      sums.map(({ family, protocol, excesses: found }) => [
        placeKey(family, protocol),
        placesOfPorts(found, protocol, axisOf),
      ]),
    ),
    violations: [...byPolicy].flatMap(([policy, some]) =>
      reportExcesses(scene, some, () => undefined).map((violation) => ({ policy, violation })),
    ),
  };
}

function placesOfPorts(
  excesses: readonly Excess[],
  protocol: Protocol,
  axisOf: Together["axisOf"],
): Spans {
  return union(excesses.flatMap(({ ports }) => axisOf(protocol).place(ports[protocol])));
}

/** Where only the number of ports to the internet is too high, nobody else need be on this port. */
function withInternet(excess: Excess, internet: readonly Contributor[]): Excess {
  const { carrier } = excess;
  if (!internet.includes(carrier)) return excess;
  const others = internet.filter(({ rule }) => rule.policy !== carrier.rule.policy);
  return others.length === 0 ? excess : { ...excess, internet: others };
}
