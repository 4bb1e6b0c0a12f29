import { describe, expect, test } from "vitest";
import { compileCluster } from "../../../../src/netpol/exposure/cluster.ts";
import { explainConnection } from "../../../../src/netpol/exposure/connection.ts";
import { exposure } from "../../../../src/netpol/exposure/exposure.ts";
import type { Pod, State } from "../../../../src/netpol/exposure/input.ts";
import { createMatrix } from "../../../../src/netpol/exposure/matrix.ts";
import type { Reach } from "../../../../src/netpol/exposure/reach.ts";
import { admits, type Protocol } from "../../../../src/netpol/ports.ts";
import { createState } from "../../../fuzz/clusters.ts";
import { createRandom } from "../../../fuzz/random.ts";
import { type End, sideOf, verdictOf } from "../../../oracle/reach.ts";

const count = Number(process.env["RINGFENCE_FUZZ_CLUSTERS"] ?? 2000);
const seeds = [1, Math.floor(Date.now() / 86_400_000)];
const timeout = 300_000;

type Asked = { readonly protocol: Protocol; readonly port: number };
const asked: readonly Asked[] = [
  ...[1, 53, 79, 80, 443, 444, 8080].map((port) => ({ protocol: "TCP" as const, port })),
  ...[53, 80].map((port) => ({ protocol: "UDP" as const, port })),
  { protocol: "SCTP", port: 80 },
];
const traffic = [...asked, { protocol: "ICMP" as const, port: 0 }];
const addresses = ["8.8.8.8", "8.8.8.9", "10.0.0.1", "10.0.0.2", "10.9.9.9"].concat([
  "192.168.0.1",
  "192.168.0.2",
  "fd00::1",
  "fd00::9",
  "64:ff9b::a00:1",
  "127.0.0.1",
  "::1",
]);

/** Runs the check on each random cluster; what it says of a broken one names seed and index. */
function forEachState(seed: number, check: (state: State, where: string) => void): void {
  for (let index = 0; index < count / seeds.length; index += 1) {
    check(createState(createRandom(seed, index)), `seed ${seed}, cluster ${index}`);
  }
}

function readVerdict({ allowed, depends, notEvaluated }: Reach, { protocol, port }: Asked) {
  const one = { protocol, port: BigInt(port) };
  if (admits(allowed, one)) return "allowed";
  if (admits(depends, one)) return "depends on the network plugin";
  return admits(notEvaluated, one) ? "not evaluated" : "denied";
}

function endsOf(state: State): readonly End[] {
  return [...state.pods.map((pod) => ({ pod })), ...addresses.map((address) => ({ address }))];
}

function asEnd(end: End) {
  return "pod" in end ? end.pod : end;
}

describe.each(seeds)("against a reading of the API one connection at a time (seed %i)", (seed) => {
  test(
    "explainConnection gives its verdict for every pair of pods and addresses",
    () => {
      const seen = new Map<string, number>();
      let turn = 0;
      forEachState(seed, (state, where) => {
        const cluster = compileCluster(state);
        const ends = endsOf(state);
        for (const from of ends) {
          for (const to of ends) {
            if ("address" in from && "address" in to) continue;
            // Some kinds of traffic for each pair, each time other ones.
            turn += 1;
            for (const one of traffic.filter((_, at) => (at + turn) % 5 === 0)) {
              const question = { from: asEnd(from), to: asEnd(to), ...one };
              const { verdict, problems } = explainConnection(cluster, question);
              const expected = verdictOf(state, { from, to, ...one });
              seen.set(verdict, (seen.get(verdict) ?? 0) + 1);
              if (verdict === expected && problems.length === 0) continue;
              const got = { where, question, verdict, problems };
              expect(got).toEqual({ ...got, verdict: expected, problems: [] });
            }
          }
        }
      });
      const all = [...seen.values()].reduce((sum, many) => sum + many, 0);
      const shares = [...seen].map(([verdict, many]) => [verdict, many / all > 0.02]);
      expect(Object.fromEntries(shares)).toEqual({
        allowed: true,
        denied: true,
        "depends on the network plugin": true,
        "not evaluated": true,
      });
    },
    timeout,
  );

  test(
    "the matrix gives its verdict for every pair of pods",
    () => {
      forEachState(seed, (state, where) => {
        const matrix = createMatrix(compileCluster(state));
        const classOf = new Map<Pod, number>(
          matrix.classes.flatMap(({ pods, index }) => pods.map(({ pod }) => [pod, index] as const)),
        );
        for (const from of state.pods) {
          const row = matrix.row(classOf.get(from) ?? -1);
          for (const to of state.pods) {
            const at = classOf.get(to) ?? -1;
            if (from === to && matrix.classes[at]?.pods.length !== 1) continue;
            const reach = matrix.reach(row[at] ?? -1);
            for (const one of asked) {
              const expected = verdictOf(state, { from: { pod: from }, to: { pod: to }, ...one });
              if (readVerdict(reach, one) === expected) continue;
              expect({ where, from, to, one, verdict: readVerdict(reach, one) }).toEqual({
                where,
                from,
                to,
                one,
                verdict: expected,
              });
            }
          }
        }
      });
    },
    timeout,
  );

  test(
    "an exposure tells what each other pod may do, alone and with its own policies",
    () => {
      forEachState(seed, (state, where) => {
        const cluster = compileCluster(state);
        for (const pod of state.pods) {
          for (const direction of ["ingress", "egress"] as const) {
            const { known = [] } = exposure(cluster, pod, direction) ?? {};
            for (const peer of state.pods) {
              if (peer === pod) continue;
              const entry = known.find(({ pods }) => pods.some(({ name }) => name === peer.name));
              for (const one of asked) {
                const type = direction === "ingress" ? "Ingress" : "Egress";
                const [from, to] = direction === "ingress" ? [peer, pod] : [pod, peer];
                const expected = {
                  reach: sideOf(state, pod, type, { pod: peer }, one),
                  both: verdictOf(state, { from: { pod: from }, to: { pod: to }, ...one }),
                };
                const got = {
                  reach: entry ? readVerdict(entry.reach, one) : "denied",
                  both: entry ? readVerdict(entry.both, one) : "denied",
                };
                if (got.reach === expected.reach && got.both === expected.both) continue;
                expect({ where, pod, peer, one, ...got }).toEqual({
                  where,
                  pod,
                  peer,
                  one,
                  ...expected,
                });
              }
            }
          }
        }
      });
    },
    timeout,
  );
});
