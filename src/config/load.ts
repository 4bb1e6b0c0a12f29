import { readFile } from "node:fs/promises";

import { defaultParameters } from "../rules/defaults.ts";
import type { Configuration, Loaded } from "./configuration.ts";
import { parseConfiguration } from "./parse.ts";
import { resolve } from "./resolve.ts";

/** What holds when nobody configures anything: the guard refuses. */
export function defaultConfiguration(): Configuration {
  return resolve(
    { apiVersion: "ringfence.dev/v1alpha1", kind: "Configuration" },
    defaultParameters,
  );
}

/**
 * Loads a configuration file, or the defaults when none is named. A file that cannot be read or is
 * wrong in any way yields errors and no configuration.
 */
export async function loadConfiguration(
  path: string | undefined,
  signal?: AbortSignal,
): Promise<Loaded> {
  if (path === undefined) return { configuration: defaultConfiguration() };
  const read = await readConfigurationFile(path, signal);
  return "message" in read ? unreadable(read.message) : judgeConfiguration(read.text);
}

/** The text of a file, or why it cannot be read. */
export async function readConfigurationFile(
  path: string,
  signal?: AbortSignal,
): Promise<{ readonly text: string } | { readonly message: string }> {
  try {
    const bytes = await readFile(path, { signal });
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (cause) {
    signal?.throwIfAborted();
    return { message: `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}` };
  }
}

/** Judges the text of a configuration file by the newest version of the standard. */
export function judgeConfiguration(text: string): Loaded {
  return parseConfiguration(text, defaultParameters);
}

export function unreadable(message: string): Loaded {
  return { errors: [{ path: "", message }] };
}
