export type TestCommand = Readonly<{
  /** The Kubernetes version asked for. */
  kubernetes: string | undefined;
  /** Fail when the e2e tests did not run. */
  requireE2e: boolean;
  vitestArguments: readonly string[];
}>;

/** Takes our own flags out of the arguments; the rest is for vitest. */
export function parseTestCommand(args: readonly string[]): TestCommand {
  let kubernetes: string | undefined;
  let requireE2e = false;
  const vitestArguments: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    if (arg === "--require-e2e") requireE2e = true;
    else if (arg.startsWith("--kubernetes=")) kubernetes = arg.slice("--kubernetes=".length);
    else if (arg === "--kubernetes") {
      index += 1;
      kubernetes = args[index] ?? "";
    } else vitestArguments.push(arg);
  }
  return { kubernetes, requireE2e, vitestArguments };
}

/**
 * Whether vitest, given these arguments, may run a test of the e2e project: by the `--project` patterns,
 * and by the file filters when there are some (an argument with a slash is one).
 */
export function mayRunE2e(args: readonly string[], e2eFiles: readonly string[]): boolean {
  const projects = args.flatMap((arg, index) => {
    if (arg.startsWith("--project=")) return [arg.slice("--project=".length)];
    return arg === "--project" ? [args[index + 1] ?? ""] : [];
  });
  const excluded = projects.filter((pattern) => pattern.startsWith("!"));
  const included = projects.filter((pattern) => !pattern.startsWith("!"));
  if (excluded.some((pattern) => matches(pattern.slice(1), "e2e"))) return false;
  if (included.length > 0 && !included.some((pattern) => matches(pattern, "e2e"))) return false;

  const filters = args.filter((arg) => !arg.startsWith("-") && arg.includes("/"));
  if (filters.length === 0) return true;
  return filters.some((filter) =>
    e2eFiles.some((file) => file.includes(filter.replace(/^\.\//, ""))),
  );
}

function matches(pattern: string, name: string): boolean {
  const expression = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${expression}$`).test(name);
}
