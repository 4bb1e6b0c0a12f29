import { globSync } from "node:fs";
import { registerHooks } from "node:module";
import { configureGlobal } from "fast-check";
import { collected } from "./expectations.ts";
import type { Catcher } from "./judge.ts";

const drawn = /\/(?:oracle|metamorphic|grants)\.test\.ts$/;
// Left out: what runs in processes of its own, judges texts and patches, or takes long.
const elsewhere = /\/(?:docs|cost|patches|mended\w*|total|tree|search)\.test\.ts$/;

/** Reads tests to be run within this process: the exact ones first, then those with drawn cases. */
export async function readTests(pattern: string): Promise<readonly Catcher[]> {
  const shim = new URL("expectations.ts", import.meta.url).href;
  registerHooks({
    resolve: (name, context, next) =>
      name === "vitest" ? { url: shim, shortCircuit: true } : next(name, context),
  });
  configureGlobal({ seed: 1, endOnFailure: true });
  process.env["RINGFENCE_FUZZ_CLUSTERS"] = "30";
  const files = globSync(pattern, { cwd: new URL("../../", import.meta.url) })
    .filter((file) => !elsewhere.test(file))
    .toSorted((a, b) => Number(drawn.test(a)) - Number(drawn.test(b)) || (a < b ? -1 : 1));
  const tests: Catcher[] = [];
  for (const file of files) {
    const before = collected.length;
    await import(new URL(`../../${file}`, import.meta.url).href);
    for (const { name, run } of collected.slice(before)) {
      tests.push({ name: `${file} ${name}`, kind: drawn.test(file) ? "drawn" : "exact", run });
    }
  }
  return tests;
}
