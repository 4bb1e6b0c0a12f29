/** How often we wrote to one namespace lately; more than a few times means a rival undoes it. */
export type Effort = {
  readonly writes: number;
  readonly lastMs: number;
  /** That it is contended has been reported since the last write. */
  readonly reported: boolean;
};

/** A new namespace takes two writes; the rest is for repairs that may be immediate. */
const freeWrites = 6;
const baseMs = 1000;
const capMs = 60_000;

/** Counts one more write; a quiet time forgives the earlier ones. */
export function spend(effort: Effort | undefined, now: number): Effort {
  const quiet = effort === undefined || now - effort.lastMs > 2 * capMs;
  return { writes: quiet ? 1 : effort.writes + 1, lastMs: now, reported: false };
}

/** Milliseconds to wait before the next write; above 0 the namespace is contended. */
export function pauseMs(effort: Effort | undefined, now: number): number {
  if (!effort || effort.writes < freeWrites) return 0;
  const pause = Math.min(capMs, baseMs * 2 ** Math.min(effort.writes - freeWrites, 30));
  return Math.max(0, effort.lastMs + pause - now);
}
