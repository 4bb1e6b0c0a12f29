import { createStyle } from "../../formats/style.ts";
import { renderJSON } from "../../formats/lintjson.ts";
import type { LintReport } from "../../formats/lintschema.ts";
import { renderText } from "../../formats/linttext.ts";
import type { Output } from "../../options.ts";
import { exitCodeOf, lint, type LintRules } from "./lint.ts";
import { readObjects } from "./objects.ts";
import { readSources } from "./sources.ts";

export type LintDeps = {
  readonly rules: LintRules;
  readonly stdin: () => Promise<Uint8Array>;
  readonly print: (text: string) => void;
  /** Writes a report to a file; resolves with the reason when that fails. */
  readonly save: (file: string, text: string) => Promise<string | undefined>;
  /** Says what went wrong with the reports themselves. */
  readonly complain: (text: string) => void;
  /** Whether standard output shows colours. */
  readonly isColoured: boolean;
};

/** Reads, judges and reports; resolves with the exit code. */
export async function runLint(
  paths: readonly string[],
  outputs: readonly Output[],
  { rules, stdin, print, save, complain, isColoured }: LintDeps,
): Promise<0 | 1 | 2> {
  const sources = await readSources(paths, stdin);
  const files = [];
  for (const source of sources) {
    files.push("problem" in source ? source : await readObjects(source));
  }
  const report = lint(files, rules);
  let isSaved = true;
  for (const { format, file } of outputs) {
    const text = render(report, format, file === undefined && isColoured);
    if (file === undefined) {
      print(text);
      continue;
    }
    const problem = await save(file, text);
    if (problem === undefined) continue;
    isSaved = false;
    complain(`${file} cannot be written: ${problem}\n`);
  }
  return isSaved ? exitCodeOf(report) : 2;
}

function render(report: LintReport, format: Output["format"], isColoured: boolean): string {
  return format === "json" ? renderJSON(report) : renderText(report, createStyle(isColoured));
}
