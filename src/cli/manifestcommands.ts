import { type Command, InvalidArgumentError, Option } from "commander";
import { levels } from "../api/level.ts";
import { lintFormats, type LintOptions, type Output } from "./options.ts";

/** What the commands that need no cluster do; each resolves with the exit code. */
export type ManifestActions = {
  readonly lint: (paths: readonly string[], options: LintOptions) => Promise<number>;
  readonly explain: (id: string | undefined) => Promise<number>;
};

/**
 * Adds the commands that need no cluster. A command line that is wrong is thrown as a
 * CommanderError: its usual exit code would mean that something was found.
 */
export function withManifestCommands(
  program: Command,
  actions: ManifestActions,
  exit: (code: number) => void,
): Command {
  program
    .command("lint")
    .exitOverride()
    .description("judge NetworkPolicies in files, by the verdicts of the webhook")
    .argument(
      "<path...>",
      "files, folders (all *.yaml, *.yml, *.json below), or - for standard input",
    )
    .option("--config <file>", "configuration file")
    .addOption(
      new Option(
        "--level <level>",
        "judge everything at this level, whatever namespaces say",
      ).choices(levels),
    )
    .option("-n, --namespace <name>", "namespace of objects that name none", "default")
    .option(
      "--kubernetes <minor>",
      "minor version whose validation holds (default: the newest known)",
    )
    .addOption(
      new Option("-o, --output <format[=file]>", `${lintFormats.join(" or ")}; can be repeated`)
        .argParser(output)
        .default([], "text"),
    )
    .addHelpText("after", exitCodes)
    .action(async (paths: string[], options: LintOptions) => {
      exit(await actions.lint(paths, options));
    });
  program
    .command("explain")
    .exitOverride()
    .description(
      "what a rule or a warning is about, why, and what to write instead; without an id: all of them",
    )
    .argument("[id]", "id of the rule or warning, as it stands in the finding")
    .action(async (id: string | undefined) => exit(await actions.explain(id)));
  return program;
}

const exitCodes = `
Exit codes: 0 nothing found, 1 something would be refused, 2 something could not be judged.`;

function output(text: string, before: readonly Output[]): readonly Output[] {
  const [name = "", ...rest] = text.split("=");
  const format = lintFormats.find((known) => known === name);
  if (format === undefined) {
    throw new InvalidArgumentError(`"${name}" is not one of ${lintFormats.join(", ")}.`);
  }
  const file = rest.join("=");
  if (text.includes("=") && file === "") throw new InvalidArgumentError("The file has no name.");
  const next: Output = file === "" ? { format } : { format, file };
  if (before.some((each) => each.file === next.file)) {
    const place = next.file === undefined ? "standard output" : next.file;
    throw new InvalidArgumentError(`Two reports cannot both go to ${place}.`);
  }
  return [...before, next];
}
