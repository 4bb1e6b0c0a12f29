import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Assets } from "./assets.ts";
import { cacheDirectory, removeAbandonedStagings } from "./cache.ts";
import { isProcessAlive, withLock } from "./lock.ts";
import {
  built,
  cached,
  downloaded,
  givenByUser,
  type ProvideRequest,
  type Source,
} from "./source.ts";

export type Provision = Readonly<{
  assets: Assets | undefined;
  source: string | undefined;
  /** Why each source before the chosen one had nothing. */
  problems: readonly string[];
}>;

/** Asks the sources in their order; the first that has binaries wins, and why the others have none is told. */
export async function chooseSource(
  sources: readonly Source[],
  tell: (problem: string) => void,
  signal: AbortSignal,
): Promise<Provision> {
  const problems: string[] = [];
  for (const { name, find } of sources) {
    const { assets, problem } = await find(signal);
    if (assets !== undefined) return { assets, source: name, problems };
    if (problem === undefined) continue;
    problems.push(problem);
    tell(problem);
  }
  return { assets: undefined, source: undefined, problems };
}

/**
 * Finds, downloads or builds the binaries of a control plane, in the documented order, and prints the choice.
 * Without any source the result has no assets; KUBEBUILDER_ASSETS that does not work is an error.
 */
export async function provideAssets(
  request: ProvideRequest,
  signal: AbortSignal,
): Promise<Provision> {
  const { version, environment, progress } = request;
  const cache = cacheDirectory(environment);
  const tell = (problem: string): void => progress.line(`  ${problem}`);
  const atHand = [givenByUser(request), cached(cache, version)];
  const quick = await chooseSource(atHand, tell, signal);
  const provision = quick.assets === undefined ? await prepare(request, tell, signal) : quick;
  if (provision.assets !== undefined) {
    const { assets, source } = provision;
    progress.line(
      `Kubernetes ${assets.version} with etcd ${assets.etcdVersion}, ${source}: ${assets.directory}`,
    );
  }
  return provision;
}

// Without a place to keep them nothing is downloaded or built.
async function reasonNotToKeep(cache: string): Promise<string | undefined> {
  try {
    await mkdir(cache, { recursive: true });
    return undefined;
  } catch (error) {
    return `no place to keep binaries: ${error instanceof Error ? error.message : String(error)}`;
  }
}

// One process at a time downloads or builds a version; the others find it in the cache afterwards.
async function prepare(
  request: ProvideRequest,
  tell: (problem: string) => void,
  signal: AbortSignal,
): Promise<Provision> {
  const { version, environment, progress, now } = request;
  const cache = cacheDirectory(environment);
  const problem = await reasonNotToKeep(cache);
  if (problem !== undefined) {
    tell(problem);
    return { assets: undefined, source: undefined, problems: [problem] };
  }
  return withLock(
    join(cache, `${version}.lock`),
    (owner) => {
      const who = owner === undefined ? "another process" : `process ${owner.processId}`;
      progress.line(`Waiting for ${who}, which is preparing Kubernetes ${version} now.`);
    },
    now,
    async () => {
      await removeAbandonedStagings(cache, isProcessAlive);
      const made = [downloaded(request, cache), built(request, cache)];
      return chooseSource([cached(cache, version), ...made], tell, signal);
    },
    signal,
  );
}
