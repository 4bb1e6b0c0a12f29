import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand, type Environment } from "./command.ts";
import type { Progress, Step } from "./progress.ts";

export type DownloadLimits = Readonly<{ answerMilliseconds: number; stallMilliseconds: number }>;

const defaultLimits: DownloadLimits = { answerMilliseconds: 5_000, stallMilliseconds: 15_000 };

/** Downloads the binaries that Kubernetes publishes for tests; throws when they cannot be had, soon when nobody answers. */
export async function downloadAssets(
  version: string,
  staging: string,
  environment: Environment,
  progress: Progress,
  signal: AbortSignal,
  limits: DownloadLimits = defaultLimits,
  script = fileURLToPath(new URL("fetch.ts", import.meta.url)),
): Promise<string> {
  const step = progress.begin("downloading from the envtest releases");
  const giveUp = new AbortController();
  const watch = watchGrowth(staging, step, limits, giveUp);
  try {
    const result = await runCommand(
      process.execPath,
      [script, version, staging],
      { environment: downloadEnvironment(environment), onErrorLine: watch.onLine },
      AbortSignal.any([signal, giveUp.signal]),
    );
    if (result.code !== 0) throw new Error(reasonIn(result.stderr));
    step.end("done");
    return result.stdout;
  } catch (error) {
    step.end(giveUp.signal.aborted ? "given up" : "failed");
    signal.throwIfAborted();
    giveUp.signal.throwIfAborted();
    throw error;
  } finally {
    watch.stop();
  }
}

type Watch = Readonly<{ onLine: (line: string) => void; stop: () => void }>;

// Nobody answers at all: a few seconds. Bytes no longer arrive: somewhat longer.
function watchGrowth(
  directory: string,
  step: Step,
  limits: DownloadLimits,
  giveUp: AbortController,
): Watch {
  let deadline = setTimeout(
    () => giveUp.abort(new Error(`no answer within ${limits.answerMilliseconds / 1000} s`)),
    limits.answerMilliseconds,
  );
  let poll: NodeJS.Timeout | undefined;
  let size = 0;
  const restart = (): void => {
    clearTimeout(deadline);
    const text = `nothing arrived for ${limits.stallMilliseconds / 1000} s`;
    deadline = setTimeout(() => giveUp.abort(new Error(text)), limits.stallMilliseconds);
  };
  const look = async (): Promise<void> => {
    const grown = await sizeOf(directory);
    if (grown === size) return;
    size = grown;
    step.detail(`${Math.round(size / 1e6)} MB`);
    restart();
  };
  return {
    onLine: (line) => {
      if (!line.startsWith("answered ")) return;
      restart();
      poll ??= setInterval(() => void look(), 1000);
    },
    stop: () => {
      clearTimeout(deadline);
      clearInterval(poll);
    },
  };
}

async function sizeOf(directory: string): Promise<number> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const sizes = await Promise.all(
      files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
    );
    return sizes.reduce((sum, one) => sum + one, 0);
  } catch {
    // A file was renamed while we looked; the next look counts again.
    return 0;
  }
}

// The library prefers these variables over what we ask it for. Node honours a proxy only when told to.
function downloadEnvironment(environment: Environment): Environment {
  const kept = Object.entries(environment).filter(
    ([name]) => name !== "KUBEBUILDER_ASSETS" && !name.startsWith("TEST_ASSET_"),
  );
  return { ...Object.fromEntries(kept), NODE_USE_ENV_PROXY: "1" };
}

function reasonIn(stderr: string): string {
  const codes = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH)\b/.exec(
    stderr,
  );
  if (codes !== null) return `the download server cannot be reached (${codes[0]})`;
  if (stderr.includes("ERR_MODULE_NOT_FOUND")) return "the download library is not installed";
  const message = /^\w*Error: (.*)$/m.exec(stderr)?.[1];
  return message ?? "the download ended without a reason";
}
