import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { inspectAssets, type Assets } from "./assets.ts";
import type { Environment } from "./command.ts";
import { minorOf } from "./versions.ts";

/** Where built and downloaded binaries are kept, one directory per version. */
export function cacheDirectory(environment: Environment): string {
  const xdg = environment["XDG_CACHE_HOME"] ?? "";
  const base = isAbsolute(xdg) ? xdg : join(environment["HOME"] ?? homedir(), ".cache");
  return join(base, "ringfence", "controlplane");
}

export type CacheAnswer = Readonly<{ assets: Assets | undefined; problems: readonly string[] }>;

/** The wanted version, or else the newest patch of its minor (a download may have brought another one). */
export async function findCached(
  cache: string,
  version: string,
  signal: AbortSignal,
): Promise<CacheAnswer> {
  const problems: string[] = [];
  for (const candidate of await candidates(cache, version)) {
    const { assets, problem } = await inspectAssets(join(cache, candidate), signal);
    if (assets !== undefined) return { assets, problems };
    problems.push(problem);
  }
  return { assets: undefined, problems };
}

async function candidates(cache: string, version: string): Promise<readonly string[]> {
  const prefix = `${minorOf(version)}.`;
  const patchOf = (name: string): number => Number(name.slice(prefix.length));
  const names = (await list(cache)).filter(
    (name) => name.startsWith(prefix) && Number.isInteger(patchOf(name)),
  );
  const newestFirst = names.toSorted((a, b) => patchOf(b) - patchOf(a));
  return [
    ...newestFirst.filter((name) => name === version),
    ...newestFirst.filter((name) => name !== version),
  ];
}

/** A fresh directory beside the cached versions; its name tells whose it is. */
export async function createStaging(cache: string, processId: number): Promise<string> {
  await mkdir(cache, { recursive: true });
  return mkdtemp(join(cache, `.staging-${processId}-`));
}

/** Removes what interrupted runs left behind: stagings whose process is gone. */
export async function removeAbandonedStagings(
  cache: string,
  isAlive: (processId: number) => boolean,
): Promise<void> {
  const abandoned = (await list(cache)).filter((name) => {
    const owner = /^\.staging-(\d+)-/.exec(name)?.[1];
    return owner !== undefined && !isAlive(Number(owner));
  });
  await Promise.all(
    abandoned.map((name) => rm(join(cache, name), { recursive: true, force: true })),
  );
}

/** Takes a directory of binaries into the cache in one step, after each of them has told its version. */
export async function adopt(cache: string, built: string, signal: AbortSignal): Promise<Assets> {
  const { assets, problem } = await inspectAssets(built, signal);
  if (assets === undefined) throw new Error(problem);
  const target = join(cache, assets.version);
  const existing = await inspectAssets(target, signal);
  if (existing.assets !== undefined) return existing.assets;
  // What is there does not work: a directory can only be renamed over an empty one.
  await rm(target, { recursive: true, force: true });
  await rename(built, target);
  const adopted = await inspectAssets(target, signal);
  if (adopted.assets === undefined) throw new Error(adopted.problem);
  return adopted.assets;
}

async function list(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    // There is no cache yet, or no place for one.
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}
