import { compileCluster } from "../../src/netpol/exposure/cluster.ts";
import { type End, explainConnection } from "../../src/netpol/exposure/connection.ts";
import { type Exposure, exposure } from "../../src/netpol/exposure/exposure.ts";
import type { Grant } from "../../src/netpol/exposure/grant.ts";
import { createMatrix } from "../../src/netpol/exposure/matrix.ts";
import type { Reach } from "../../src/netpol/exposure/reach.ts";
import type { Verdict } from "../../src/netpol/exposure/verdict.ts";
import { admits, type Port, type PortSet } from "../../src/netpol/ports.ts";
import { createState } from "../fuzz/clusters.ts";
import { createRandom, times } from "../fuzz/random.ts";
import { readTests } from "./collect.ts";
import { answerAsk } from "./judge.ts";

// What defects do to the answers about exposure: each way in or out, and how surely it is open, is a
// text that must not vanish.

const traffic = [
  { protocol: "TCP", port: 53 },
  { protocol: "TCP", port: 80 },
  { protocol: "TCP", port: 8080 },
  { protocol: "UDP", port: 53 },
  { protocol: "SCTP", port: 80 },
  { protocol: "ICMP" },
] as const;
const ports: readonly Port[] = traffic.flatMap((one) =>
  one.protocol === "ICMP" ? [] : { protocol: one.protocol, port: BigInt(one.port) },
);
const addresses = ["8.8.8.8", "10.0.0.1", "10.9.9.9", "192.168.0.1", "fd00::9", "127.0.0.1"];
const verdicts: readonly Verdict[] = [
  "denied",
  "not evaluated",
  "depends on the network plugin",
  "allowed",
];

/** Everything that is open, and how surely: what is less open than it was, loses one. */
function ways(index: number): readonly string[] {
  const state = createState(createRandom(7, index));
  const cluster = compileCluster(state);
  const pods: readonly End[] = state.pods.map(({ namespace, name }) => ({ namespace, name }));
  const ends = [...pods, ...addresses.map((address) => ({ address }))];
  const matrix = createMatrix(cluster);
  return [
    ...cluster.notEvaluated.map(
      ({ kind, namespace, name }) => `skips ${kind} ${namespace}/${name}`,
    ),
    ...ends.flatMap((from) =>
      ends.flatMap((to) =>
        traffic.flatMap((one, at) => {
          const { verdict } = explainConnection(cluster, { from, to, ...one });
          return upTo(verdict).map((as) => `${shown(from)} to ${shown(to)}, ${at}: ${as}`);
        }),
      ),
    ),
    ...matrix.classes.flatMap((source) => {
      const row = matrix.row(source.index);
      return matrix.classes.flatMap((target) =>
        waysOf(matrix.reach(row[target.index] ?? -1)).flatMap((way) =>
          source.pods.flatMap(({ pod: from }) =>
            target.pods.map(({ pod: to }) => `matrix: ${from.name} to ${to.name}, ${way}`),
          ),
        ),
      );
    }),
    ...state.pods.flatMap((pod) =>
      (["ingress", "egress"] as const).flatMap((direction) => {
        const answer = exposure(cluster, pod, direction);
        if (answer === undefined) return [];
        return exposed(answer).map((way) => `${pod.name} ${direction}: ${way}`);
      }),
    ),
  ];
}

function upTo(verdict: Verdict): readonly Verdict[] {
  return verdicts.slice(1, verdicts.indexOf(verdict) + 1);
}

function shown(end: End): string {
  return "address" in end ? end.address : end.name;
}

function exposed(answer: Exposure): readonly string[] {
  const { isolated, everyone, pods, addresses: blocks, known, doubts, notEvaluated } = answer;
  return [
    ...(isolated ? [] : ["open"]),
    ...(everyone === undefined ? [] : opened("everyone", everyone)),
    ...pods.flatMap((one) => opened(one.who, one)),
    ...blocks.flatMap((one) => one.cidrs.flatMap((cidr) => opened(cidr, one))),
    ...blocks.filter(({ ambiguous }) => ambiguous).map(({ cidrs }) => `ambiguous ${cidrs.join()}`),
    ...known.flatMap((one) =>
      one.pods.flatMap(({ name }) => [
        ...waysOf(one.reach).map((way) => `${name}, ${way}`),
        ...waysOf(one.both).map((way) => `${name} both, ${way}`),
        ...one.rules.map(({ policy, path }) => `${name} by ${policy.name} ${path}`),
      ]),
    ),
    ...doubts,
    ...notEvaluated.map(({ name }) => `skips ${name}`),
  ];
}

function opened(who: string, { ports: certain, perhaps, rules }: Grant): readonly string[] {
  return [
    ...open(certain).map((port) => `${who}, ${port}`),
    ...open(perhaps).map((port) => `${who} perhaps, ${port}`),
    ...rules.map(({ policy, path }) => `${who} by ${policy.name} ${path}`),
  ];
}

function waysOf({ allowed, depends, notEvaluated }: Reach): readonly string[] {
  const surely = open(allowed);
  const likely = [...surely, ...open(depends)];
  const most = [...likely, ...open(notEvaluated)];
  return [
    ...surely.map((port) => `${port} surely`),
    ...likely.map((port) => `${port} likely`),
    ...most.map((port) => `${port} at most`),
  ];
}

function open(set: PortSet): readonly string[] {
  return ports
    .filter((port) => admits(set, port))
    .map(({ protocol, port }) => `${protocol} ${port}`)
    .concat(
      Object.entries(set).flatMap(([protocol, { names }]) =>
        [...names].map((name) => `${protocol} ${name}`),
      ),
    );
}

answerAsk(async (cases) => ({
  questions: times(cases, (index) => ({ name: `cluster ${index}`, ask: () => ways(index) })),
  tests: await readTests("test/unit/netpol/exposure/*.test.ts"),
}));
