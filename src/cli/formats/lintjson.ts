import type { LintReport } from "./lintschema.ts";

/** The report as JSON, for programs; its shape is `lintSchema`. */
export function renderJSON(report: LintReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
