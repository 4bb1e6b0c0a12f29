// `npm run guarantee -- TARGET… [--full]`: proves the guarantees on real control planes.
import { parseArgs } from "node:util";
import { provideForTests } from "../../scripts/run/provide.ts";
import type { Assets } from "../../src/controlplane/assets.ts";
import { proveBursts } from "./bursts.ts";
import { proveColdStart } from "./coldstart.ts";
import { proveDeletions } from "./deletions.ts";
import { type FaultName, faultNames } from "./faults.ts";
import { proveFrozen } from "./frozen.ts";
import { proveOutages } from "./outage.ts";
import { proveRival } from "./rival.ts";
import { measureStale } from "./stale.ts";
import { commit, type Report } from "./result.ts";

type Options = {
  readonly full: boolean;
  readonly seed: number;
  /** How long outages go on. */
  readonly minutes: number;
  /** Outages of each kind, cold starts, freezes. */
  readonly times: number | undefined;
  /** The only kind of outage. */
  readonly fault: FaultName | undefined;
};
type Proof = (
  assets: Assets,
  options: Options,
  report: Report,
  signal: AbortSignal,
) => Promise<void>;

const proofs: Readonly<Record<string, Proof>> = {
  I1: proveBursts,
  I1a: measureStale,
  I6: proveDeletions,
  I8: proveRival,
  A6: proveColdStart,
  A7: proveOutages,
  A9: proveFrozen,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    full: { type: "boolean" },
    kubernetes: { type: "string" },
    seed: { type: "string" },
    minutes: { type: "string" },
    times: { type: "string" },
    fault: { type: "string" },
  },
});
for (const name of positionals) {
  if (!Object.hasOwn(proofs, name)) throw new Error(`targets: ${Object.keys(proofs).join(", ")}`);
}
const options = {
  full: values.full ?? false,
  seed: numberOf(values.seed ?? "1"),
  minutes: numberOf(values.minutes ?? "45"),
  times: values.times === undefined ? undefined : numberOf(values.times),
  fault: faultOf(values.fault),
};

const end = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => end.abort(new Error(`ended by ${name}`)));
}
// What was in flight at the end fails, while everything is being put away.
process.on("unhandledRejection", (error) => {
  if (!end.signal.aborted) throw error;
});
try {
  const { assets, problems } = await provideForTests(values.kubernetes, end.signal);
  if (assets === undefined) throw new Error(`no API server: ${problems.join("; ")}`);
  const origin = {
    form: options.full ? "full" : "short",
    kubernetes: assets.version,
    commit: await commit(end.signal),
  };
  const report: Report = (result) => {
    console.log(JSON.stringify({ ...result, ...origin }));
    if (result.breaches > 0) process.exitCode = 1;
  };
  const asked = positionals.length === 0 ? Object.keys(proofs) : positionals;
  for (const name of asked) await proofs[name]?.(assets, options, report, end.signal);
} catch (error) {
  if (!end.signal.aborted) throw error;
  console.error(String(end.signal.reason));
  process.exitCode = 1;
}

function faultOf(text: string | undefined): FaultName | undefined {
  const fault = faultNames.find((name) => name === text);
  if (text !== undefined && fault === undefined)
    throw new Error(`--fault: ${faultNames.join(", ")}`);
  return fault;
}

function numberOf(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new Error(`${text} is not a number`);
  return number;
}
