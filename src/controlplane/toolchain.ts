import { runCommand, type Environment } from "./command.ts";

const neededMajor = 1;
const neededMinor = 26;

export type GoVersion = Readonly<{ text: string; major: number; minor: number }>;

/** Reads the output of `go version`; pre-releases and vendors' suffixes are understood. */
export function parseGoVersion(output: string): GoVersion | undefined {
  const match = /^go version (?:devel )?go((\d+)\.(\d+)\S*)/m.exec(output);
  if (match === null) return undefined;
  const [, text = "", major = "", minor = ""] = match;
  return { text, major: Number(major), minor: Number(minor) };
}

/** Whether a Go toolchain can build what we need. */
export function isNewEnough(version: GoVersion): boolean {
  if (version.major !== neededMajor) return version.major > neededMajor;
  return version.minor >= neededMinor;
}

export type ToolchainAnswer =
  | Readonly<{ version: string; problem?: never }>
  | Readonly<{ version?: never; problem: string }>;

/** Looks for `go` on the PATH of the given environment. */
export async function findToolchain(
  environment: Environment,
  signal: AbortSignal,
): Promise<ToolchainAnswer> {
  const needed = `${neededMajor}.${neededMinor}`;
  let output: string;
  try {
    const local = { ...environment, GOTOOLCHAIN: "local" };
    output = (await runCommand("go", ["version"], { environment: local }, signal)).stdout;
  } catch {
    signal.throwIfAborted();
    return { problem: `no Go toolchain (${needed} or newer) on the PATH` };
  }
  const version = parseGoVersion(output);
  if (version === undefined) return { problem: "`go version` does not tell a version" };
  if (!isNewEnough(version)) return { problem: `Go ${version.text} is older than ${needed}` };
  return { version: version.text };
}
