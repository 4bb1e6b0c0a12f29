import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export type LockOwner = Readonly<{ processId: number; host: string; token: string }>;

const heartbeatMilliseconds = 5_000;
const silenceMilliseconds = 60_000;

/** Whether a lock's owner is gone: its process does not live (on this host), or it stopped renewing the lock. */
export function isStale(
  owner: LockOwner | undefined,
  silentFor: number,
  host: string,
  isAlive: (processId: number) => boolean,
): boolean {
  if (silentFor > silenceMilliseconds) return true;
  // A lock without a readable owner is being written at this moment.
  if (owner === undefined || owner.host !== host) return false;
  return !isAlive(owner.processId);
}

/**
 * Runs `work` while holding the lock file, and waits for whoever holds it now.
 * The lock saves work and does not guard data: everything done under it ends in one rename.
 */
export async function withLock<T>(
  file: string,
  onWait: (owner: LockOwner | undefined) => void,
  now: () => number,
  work: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  const own = { processId: process.pid, host: hostname(), token: crypto.randomUUID() };
  let hasToldWaiting = false;
  while (!(await create(file, own))) {
    const { owner, silentFor } = await read(file, now());
    if (isStale(owner, silentFor, own.host, isProcessAlive)) {
      await takeAway(file, owner);
      continue;
    }
    if (!hasToldWaiting) onWait(owner);
    hasToldWaiting = true;
    await sleep(500, undefined, { signal });
  }
  const renew = async (): Promise<void> => {
    const time = now() / 1000;
    await utimes(file, time, time).catch(() => undefined);
  };
  const heartbeat = setInterval(() => void renew(), heartbeatMilliseconds);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    const { owner } = await read(file, now());
    if (owner?.token === own.token) await rm(file, { force: true });
  }
}

/** Whether a process with this id exists on this machine. */
export function isProcessAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

async function create(file: string, owner: LockOwner): Promise<boolean> {
  try {
    await writeFile(file, JSON.stringify(owner), { flag: "wx" });
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

async function read(
  file: string,
  now: number,
): Promise<Readonly<{ owner: LockOwner | undefined; silentFor: number }>> {
  try {
    const { mtimeMs } = await stat(file);
    return { owner: parseOwner(await readFile(file, "utf8")), silentFor: now - mtimeMs };
  } catch (error) {
    // Released in this moment: the next attempt to create it tells.
    if (hasCode(error, "ENOENT")) return { owner: undefined, silentFor: 0 };
    throw error;
  }
}

function parseOwner(text: string): LockOwner | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    if (!("processId" in value && "host" in value && "token" in value)) return undefined;
    const { processId, host, token } = value;
    if (typeof processId !== "number" || typeof host !== "string") return undefined;
    return typeof token === "string" ? { processId, host, token } : undefined;
  } catch {
    return undefined;
  }
}

// Renamed first and looked at again, so that of two that saw the stale lock one does not remove the
// other's new one.
async function takeAway(file: string, stale: LockOwner | undefined): Promise<void> {
  const aside = `${file}.stale-${process.pid}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  const moved = parseOwner(await readFile(aside, "utf8"));
  await (moved?.token === stale?.token ? rm(aside, { force: true }) : rename(aside, file));
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
