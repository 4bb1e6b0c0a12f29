import type { SpawnOptions } from "node:child_process";

/** Runs a program on our terminal to its end; returns its exit code as a shell would. */
export declare function launch(
  file: string,
  args: readonly string[],
  options?: SpawnOptions,
): Promise<number>;
