import { spawn } from "node:child_process";

export type Environment = Readonly<Record<string, string | undefined>>;

export type CommandOptions = Readonly<{
  directory?: string;
  environment?: Environment;
  stdin?: string;
  /** Called with each complete line of standard error while the command runs. */
  onErrorLine?: (line: string) => void;
}>;

export type CommandResult = Readonly<{ code: number; stdout: string; stderr: string }>;

/** Runs a command to its end; a non-zero code is a result, a command that cannot be started is thrown. */
export function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions,
  signal: AbortSignal,
): Promise<CommandResult> {
  const { promise, resolve, reject } = Promise.withResolvers<CommandResult>();
  const child = spawn(file, args, {
    ...(options.directory !== undefined && { cwd: options.directory }),
    ...(options.environment !== undefined && { env: { ...options.environment } }),
    stdio: ["pipe", "pipe", "pipe"],
    killSignal: "SIGKILL",
    signal,
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let partialLine = "";
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => {
    stderr.push(chunk);
    if (options.onErrorLine === undefined) return;
    const lines = (partialLine + chunk.toString()).split("\n");
    partialLine = lines.pop() ?? "";
    lines.forEach(options.onErrorLine);
  });
  // A command that ends before it has read its input closes the pipe; its exit code tells the story.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.stdin ?? "");
  child.on("error", reject);
  child.on("close", (code) => {
    const result = {
      stdout: Buffer.concat(stdout).toString(),
      stderr: Buffer.concat(stderr).toString(),
    };
    resolve({ code: code ?? 128, ...result });
  });
  return promise;
}
