// `node test/bench/reach.ts`: 10,000 pods and 2,000 NetworkPolicies: the whole matrix, one question.
import { compileCluster } from "../../src/netpol/exposure/cluster.ts";
import { explainConnection } from "../../src/netpol/exposure/connection.ts";
import { exposure } from "../../src/netpol/exposure/exposure.ts";
import type { State } from "../../src/netpol/exposure/input.ts";
import { createMatrix } from "../../src/netpol/exposure/matrix.ts";
import { distinctCluster, podCount, typicalCluster } from "./clusters.ts";
import { median, printTable, quantile, round } from "./figures.ts";

/** Wall and processor time: on a busy machine the second is the one to look at. */
function timed(work: () => void): { readonly wall: number; readonly cpu: number } {
  const before = process.cpuUsage();
  const start = performance.now();
  work();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { wall: round(wall), cpu: Math.round((user + system) / 1000) };
}

function times(count: number, work: (index: number) => void): readonly number[] {
  return Array.from({ length: count }, (_, index) => timed(() => work(index)).wall);
}

function measure(shape: string, state: State) {
  const compiling = timed(() => compileCluster(state));
  const cluster = compileCluster(state);
  const matrix = createMatrix(cluster);
  let cells = 0;
  const whole = timed(() => {
    for (let from = 0; from < matrix.classes.length; from += 1) cells += matrix.row(from).length;
  });
  const pick = (index: number) =>
    state.pods[(index * 7919) % podCount] ?? { namespace: "", name: "" };
  const questions = times(2000, (index) => {
    const ends = { from: pick(index), to: pick(index + 1) };
    explainConnection(cluster, { ...ends, protocol: "TCP", port: 8003 });
  });
  const exposures = times(30, (index) => exposure(cluster, pick(index), "ingress"));
  return {
    shape,
    policies: state.networkPolicies.length,
    pods: state.pods.length,
    "not evaluated": cluster.notEvaluated.length,
    classes: matrix.classes.length,
    cells,
    "compile ms": compiling.wall,
    "compile CPU ms": compiling.cpu,
    "matrix ms": whole.wall,
    "matrix CPU ms": whole.cpu,
    "question p50 ms": round(median(questions)),
    "question p99 ms": round(quantile(questions, 0.99)),
    "exposure p50 ms": round(median(exposures)),
    "exposure max ms": round(Math.max(...exposures)),
    "heap MiB": Math.round(process.memoryUsage().heapUsed / 2 ** 20),
  };
}

/** Measures both shapes, in one process that has not done anything else. */
export function benchReach() {
  return [measure("typical", typicalCluster()), measure("every pod distinct", distinctCluster())];
}

if (import.meta.main) {
  const rows = benchReach();
  for (const row of rows)
    printTable(Object.entries(row).map(([figure, value]) => ({ figure, value })));
  console.log(JSON.stringify(rows));
}
