import type { Command } from "commander";

/** What the commands that need no cluster do; each resolves with the exit code. */
export type ManifestActions = {
  readonly explain: (rule: string | undefined) => Promise<number>;
};

/** Adds the commands that need no cluster. */
export function withManifestCommands(
  program: Command,
  actions: ManifestActions,
  exit: (code: number) => void,
): Command {
  program
    .command("explain")
    .description("what a rule refuses, why, and what to write instead; without a rule: all of them")
    .argument("[rule]", "id of the rule, as it stands in the finding")
    .action(async (rule: string | undefined) => exit(await actions.explain(rule)));
  return program;
}
