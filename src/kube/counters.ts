export type ReflectorCounters = {
  /** Lists after the first one. */
  readonly relists: number;
  /** Those of them because the history was lost, and because the copy was wrong. */
  readonly expired: number;
  readonly driftRelists: number;
  /** Watches after one that ended before its time. */
  readonly reconnects: number;
  /** Listeners and transforms that threw. */
  readonly handlerErrors: number;
  /** Comparisons with a fresh list that found the copy wrong. */
  readonly drifts: number;
};

/** What a reflector counts; some of it is told as it is, some as a difference. */
export type Tally = { [what in keyof typeof zero]: number };

export const zero = { lists: 0, watches: 0, renewals: 0, drifts: 0, expired: 0, driftRelists: 0 };

/** What is told of a tally, and of the handlers that threw. */
export function countersOf(tally: Readonly<Tally>, handlerErrors: number): ReflectorCounters {
  const { lists, watches, renewals, drifts, expired, driftRelists } = tally;
  return {
    relists: Math.max(0, lists - 1),
    reconnects: Math.max(0, watches - 1 - renewals),
    handlerErrors,
    drifts,
    expired,
    driftRelists,
  };
}
