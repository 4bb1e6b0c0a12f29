import { ApiError } from "./apierror.ts";

export type BackoffLimits = { readonly baseMs: number; readonly capMs: number };

/** The cap keeps recovery after a long outage within seconds; a handful of clients is no herd. */
export const defaultBackoff: BackoffLimits = { baseMs: 100, capMs: 8000 };

/** A server that asks for more than this is not believed. */
const longestRetryAfterMs = 300_000;

/**
 * Milliseconds to wait after so many failures in a row: exponential, the upper half random,
 * and never sooner than the server asked for with `Retry-After`.
 */
export function backoffMs(
  failures: number,
  error: unknown,
  random: () => number,
  limits: BackoffLimits,
): number {
  const full = Math.min(limits.capMs, limits.baseMs * 2 ** Math.min(failures - 1, 30));
  const jittered = full / 2 + (random() * full) / 2;
  const asked = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
  if (asked === 0) return jittered;
  return Math.max(jittered, Math.min(asked, longestRetryAfterMs) + random() * limits.baseMs);
}
