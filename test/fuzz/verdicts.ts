import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { type Progress, runParallel } from "./pool.ts";
import { type Mode, modes } from "./trial.ts";

// node test/fuzz/verdicts.ts --cases N --seed S [--from K] [--most M] [--threads T]
// [--only alone|union|update|namespace]. A run that was stopped goes on at the --from of its last line.
const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    most: { type: "string", default: "10" },
    threads: { type: "string", default: String(availableParallelism()) },
    only: { type: "string" },
  },
});

function readMode(text: string | undefined): Mode | undefined {
  const mode = modes.find((one) => one === text);
  if (text !== undefined && mode === undefined) throw new Error(`--only ${modes.join("|")}`);
  return mode;
}

const seed = Number(values.seed);
const cases = Number(values.cases);
const from = Number(values.from);
const only = readMode(values.only);
const started = performance.now();
let told = started;

let shown = 0;

function tell(progress: Progress): void {
  // At once: a long run may be stopped before its end.
  for (const { text } of progress.disagreements.slice(shown, 10)) console.log(text);
  shown = progress.disagreements.length;
  const now = performance.now();
  if (now - told < 60_000) return;
  told = now;
  const perSecond = Math.round((progress.cases / (now - started)) * 1000);
  const rest = `--seed ${seed} --from ${progress.from} --cases ${from + cases - progress.from}`;
  console.log(
    `cases ${progress.cases} of ${cases}, disagreements ${progress.disagreements.length}, ` +
      `${perSecond} cases/s, the rest: ${rest}`,
  );
}

const run = { seed, cases, from, most: Number(values.most), ...(only && { only }) };
const done = await runParallel(run, Number(values.threads), tell);

const kinds = Map.groupBy(done.disagreements, ({ kind }) => kind);
for (const [kind, alike] of kinds) console.log(`${alike.length} × ${kind}`);
console.log(`cases ${done.cases}, disagreements ${done.disagreements.length}, seed ${seed}`);
process.exitCode = done.disagreements.length === 0 && done.cases === cases ? 0 : 1;
