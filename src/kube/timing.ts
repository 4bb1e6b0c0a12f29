import { type BackoffLimits, defaultBackoff } from "./backoff.ts";

export type ReflectorTiming = {
  /** Longest silence of a watch; a bookmark comes about two seconds before its time is over. */
  readonly silenceMs: number;
  /** Bounds of the random time that the server is asked to keep a watch open. */
  readonly watchSeconds: readonly [number, number];
  readonly backoff: BackoffLimits;
  /** Time between comparisons with a fresh list; 0 for none. */
  readonly driftCheckMs: number;
  readonly driftGraceMs: number;
};

export const defaultTiming: ReflectorTiming = {
  // Short watches: a connection that died without a word is noticed within seconds, each end tells
  // how far the history is, and the next watch takes over the connection.
  silenceMs: 14_000,
  watchSeconds: [9, 12],
  backoff: defaultBackoff,
  driftCheckMs: 0,
  driftGraceMs: 5000,
};

/** A whole number of seconds within the bounds, so that watches do not all end together. */
export function watchSeconds([low, high]: readonly [number, number], random: () => number): number {
  return low + Math.floor(random() * (high - low + 1));
}

/** `ms` give or take a tenth. */
export function jittered(ms: number, random: () => number): number {
  return ms * (0.9 + random() * 0.2);
}
