import { runCommand } from "../../src/controlplane/command.ts";

/** What one target came to under one condition. */
export type Result = {
  readonly target: string;
  readonly condition: string;
  /** How often it was tried. */
  readonly count: number;
  /** How often what must not happen happened. */
  readonly breaches: number;
  /** The first breaches, in words. */
  readonly problems: readonly string[];
  readonly durationS: number;
  readonly [figure: string]: unknown;
};

/** Takes each result as soon as it is there. */
export type Report = (result: Result) => void;

/** Makes a result of what was found; `since` is when the measurement began. */
export function resultOf(
  target: string,
  condition: string,
  found: {
    readonly count: number;
    readonly problems: readonly string[];
    readonly [figure: string]: unknown;
  },
  since: number,
): Result {
  const { count, problems, ...figures } = found;
  const durationS = Math.round((performance.now() - since) / 1000);
  const breaches = problems.length;
  return {
    target,
    condition,
    count,
    breaches,
    ...figures,
    durationS,
    problems: problems.slice(0, 10),
  };
}

/** The commit of the code that is measured. */
export async function commit(signal: AbortSignal): Promise<string> {
  const root = new URL("../..", import.meta.url).pathname;
  const args = ["-C", root, "rev-parse", "--short=12", "HEAD"];
  const { code, stdout } = await runCommand("git", args, {}, signal);
  return code === 0 ? stdout.trim() : "unknown";
}
