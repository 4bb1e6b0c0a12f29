import { explain } from "../cli/commands/explain.ts";
import { pages } from "../cli/pages.generated.ts";
import { suggest } from "../config/suggest.ts";
import { rules } from "../rules/index.ts";
import { warnings } from "../warnings/index.ts";

/** Prints the page of a rule or a warning, or a list of all; returns the exit code. */
export function runExplain(
  rule: string | undefined,
  to: { readonly stdout: NodeJS.WritableStream; readonly stderr: NodeJS.WritableStream },
): number {
  const { stdout, stderr, code } = explain(rule, { rules, warnings, pages, suggest });
  to.stdout.write(stdout);
  to.stderr.write(stderr);
  return code;
}
