import { rm } from "node:fs/promises";
import { inspectAssets, type Assets } from "./assets.ts";
import { buildAssets } from "./build.ts";
import { adopt, createStaging, findCached } from "./cache.ts";
import type { Environment } from "./command.ts";
import { downloadAssets } from "./download.ts";
import type { Progress } from "./progress.ts";
import { findToolchain } from "./toolchain.ts";
import { minorOf } from "./versions.ts";

/** One place that binaries may come from: it has them, or says why not. */
export type Source = Readonly<{
  name: string;
  find: (signal: AbortSignal) => Promise<Readonly<{ assets?: Assets; problem?: string }>>;
}>;

export type ProvideRequest = Readonly<{
  /** From the table of versions. */
  version: string;
  /** The user asked for this minor; otherwise any version in KUBEBUILDER_ASSETS will do. */
  isExplicit: boolean;
  environment: Environment;
  progress: Progress;
  now: () => number;
}>;

/** (1) What the user points at; broken, or of another version than asked for, it is an error. */
export function givenByUser({ environment, version, isExplicit }: ProvideRequest): Source {
  return {
    name: "from KUBEBUILDER_ASSETS",
    find: async (signal) => {
      const directory = environment["KUBEBUILDER_ASSETS"] ?? "";
      if (directory === "") return {};
      const { assets, problem } = await inspectAssets(directory, signal);
      if (assets === undefined) throw new Error(`KUBEBUILDER_ASSETS is set, but ${problem}`);
      if (isExplicit && minorOf(assets.version) !== minorOf(version)) {
        throw new Error(
          `KUBEBUILDER_ASSETS has Kubernetes ${assets.version}, but ${minorOf(version)} was asked for`,
        );
      }
      return { assets };
    },
  };
}

/** (2) What an earlier run downloaded or built. */
export function cached(cache: string, version: string): Source {
  return {
    name: "from the cache",
    find: async (signal) => {
      const { assets, problems } = await findCached(cache, version, signal);
      if (assets !== undefined) return { assets };
      return problems.length === 0 ? {} : { problem: `not from the cache: ${problems.join("; ")}` };
    },
  };
}

/** (3) What Kubernetes publishes for tests, where the machine can reach it. */
export function downloaded(request: ProvideRequest, cache: string): Source {
  const { version, environment, progress } = request;
  return {
    name: "downloaded",
    find: (signal) =>
      inStaging(cache, "no download", signal, (staging) =>
        downloadAssets(version, staging, environment, progress, signal),
      ),
  };
}

/** (4) What a Go toolchain builds from Kubernetes' sources. */
export function built(request: ProvideRequest, cache: string): Source {
  const { version, environment, progress } = request;
  return {
    name: "built with Go",
    find: async (signal) => {
      const { version: goVersion, problem } = await findToolchain(environment, signal);
      if (goVersion === undefined) return { problem: `not built: ${problem}` };
      progress.line(
        `Building Kubernetes ${version} with Go ${goVersion}; takes about six minutes once, and 5 GB of disk.`,
      );
      return inStaging(cache, "not built", signal, (staging) =>
        buildAssets(version, staging, environment, progress, signal),
      );
    },
  };
}

// Whatever goes wrong on the way (modules out of reach, a full disk) means one more source without
// binaries; the next one may have them.
async function inStaging(
  cache: string,
  failure: string,
  signal: AbortSignal,
  work: (staging: string) => Promise<string>,
): Promise<Readonly<{ assets?: Assets; problem?: string }>> {
  const staging = await createStaging(cache, process.pid);
  try {
    return { assets: await adopt(cache, await work(staging), signal) };
  } catch (error) {
    signal.throwIfAborted();
    return { problem: `${failure}: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
