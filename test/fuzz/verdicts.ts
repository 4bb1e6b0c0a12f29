import { parseArgs } from "node:util";
import { describeDisagreement, runVerdicts } from "./run.ts";

// node test/fuzz/verdicts.ts --cases N --seed S [--from K] [--most M]
const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    most: { type: "string", default: "10" },
  },
});
const seed = Number(values.seed);
const started = performance.now();
const summary = runVerdicts(seed, Number(values.cases), Number(values.from), Number(values.most));
const seconds = (performance.now() - started) / 1000;

const kinds = new Map<string, number>();
for (const disagreement of summary.disagreements) {
  const seen = kinds.get(disagreement.kind) ?? 0;
  kinds.set(disagreement.kind, seen + 1);
  if (seen < 2) console.log(describeDisagreement(disagreement));
}
for (const [kind, count] of kinds) console.log(`${count} × ${kind}`);
console.log(
  `seed ${seed}: ${summary.cases} cases in ${seconds.toFixed(1)} s, ` +
    `${summary.allowed.baseline} allowed at baseline, ${summary.allowed.restricted} at restricted, ` +
    `${summary.disagreements.length} disagreements`,
);
process.exitCode = summary.disagreements.length === 0 ? 0 : 1;
