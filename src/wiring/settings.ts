import type { Logger } from "pino";
import { type Configuration, describeErrors } from "../config/configuration.ts";
import { loadConfiguration } from "../config/load.ts";
import { followConfiguration } from "../config/reload.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { createWatch, defaultWatchOptions } from "../config/watch.ts";

/** A mistake of the user's, told in plain words; ends the command with exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The configuration of a file, or the defaults; throws what is wrong with it. */
export async function loadSettings(
  path: string | undefined,
  signal: AbortSignal,
): Promise<Configuration> {
  const loaded = await loadConfiguration(path, signal);
  if ("configuration" in loaded) return loaded.configuration;
  throw new UsageError(describeErrors(path ?? "configuration", loaded.errors));
}

/** Follows the file until the signal aborts; a bad file is logged and changes nothing. */
export async function followSettings(
  path: string | undefined,
  accept: (configuration: Configuration) => void,
  log: Logger,
  metrics: Metrics,
  signal: AbortSignal,
): Promise<void> {
  metrics.set("lastReload", {}, Date.now() / 1000);
  if (path === undefined) return;
  await followConfiguration(
    {
      path,
      wait: createWatch(path, defaultWatchOptions, signal),
      accept: (configuration) => {
        accept(configuration);
        metrics.add("reloads", { outcome: "ok" });
        metrics.set("lastReload", {}, Date.now() / 1000);
        log.info({ path }, "configuration loaded");
      },
      refuse: (errors) => {
        metrics.add("reloads", { outcome: "failed" });
        log.error(
          { path, errors: describeErrors(path, errors) },
          "the configuration file is bad; the last good one stays in force",
        );
      },
    },
    signal,
  );
}
