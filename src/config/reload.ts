import type { Configuration, ConfigurationError } from "./configuration.ts";
import { judgeConfiguration, readConfigurationFile, unreadable } from "./load.ts";

export type ReloadDeps = {
  readonly path: string;
  /** Resolves when the file may have changed, or after a while in any case: `createWatch`. */
  readonly wait: (signal: AbortSignal) => Promise<void>;
  /** A configuration that is valid as a whole. */
  readonly accept: (configuration: Configuration) => void;
  /** The file is wrong: what was accepted last stays in force. */
  readonly refuse: (errors: readonly ConfigurationError[]) => void;
};

/**
 * Follows a configuration file until the signal aborts. Reports what it finds at once (the file may
 * have changed since it was loaded) and then each change; a file that returns to what it was is
 * accepted again, so that the last word is never a stale refusal.
 */
export async function followConfiguration(deps: ReloadDeps, signal: AbortSignal): Promise<void> {
  let seen: string | undefined;
  try {
    while (!signal.aborted) {
      const read = await readConfigurationFile(deps.path, signal);
      const content = JSON.stringify(read);
      if (content !== seen) {
        seen = content;
        const loaded = "text" in read ? judgeConfiguration(read.text) : unreadable(read.message);
        if ("configuration" in loaded) deps.accept(loaded.configuration);
        else deps.refuse(loaded.errors);
      }
      await deps.wait(signal);
    }
  } catch (cause) {
    if (!signal.aborted) throw cause;
  }
}
