/** What the API server waits for a webhook that does not say otherwise, and at most. */
const defaultMilliseconds = 10_000;
const maxMilliseconds = 30_000;

/** Before the API server gives up: a handler is told to decide, and then no longer waited for. */
const decideBefore = 300;
const answerBefore = 100;

const duration = /^(\d{1,6})(?:\.(\d{1,9}))?(ms|s|m)$/;

/** `?timeout=10s` in milliseconds; what is missing or makes no sense counts as the API's default. */
export function parseTimeout(value: unknown): number {
  const match = typeof value === "string" ? duration.exec(value) : null;
  if (match === null) return defaultMilliseconds;
  const [, whole, fraction = "0", unit] = match;
  const factor = unit === "ms" ? 1 : unit === "s" ? 1_000 : 60_000;
  const milliseconds = Number(`${whole}.${fraction}`) * factor;
  return milliseconds > 0 ? Math.min(milliseconds, maxMilliseconds) : defaultMilliseconds;
}

/** Marks an answer that did not come in time. */
export const late = Symbol("late");

/** How exact deadlines are; far below what is held in reserve. */
const tickMilliseconds = 20;

/**
 * Runs what must answer within `milliseconds`. Its signal aborts shortly before, or after a `share`
 * of them, which means "decide now"; when it still does not answer, the result is `late`.
 */
export type AnswerInTime = <Answer>(
  decide: (signal: AbortSignal) => Promise<Answer>,
  milliseconds: number,
  share?: number,
) => Promise<Answer | typeof late>;

type Pending = {
  readonly decideAt: number;
  readonly answerAt: number;
  readonly controller: AbortController;
  readonly giveUp: (outcome: typeof late) => void;
};

/**
 * Watches all deadlines with one ticker that runs only while something is pending. Two timers per
 * review would cost more than all the rest of deciding most of them.
 */
export function createDeadlines(): AnswerInTime {
  const pending = new Set<Pending>();
  let ticker: NodeJS.Timeout | undefined;

  function tick(): void {
    const now = performance.now();
    for (const { decideAt, answerAt, controller, giveUp } of pending) {
      if (now >= decideAt) controller.abort();
      if (now >= answerAt) giveUp(late);
    }
    if (pending.size > 0) return;
    clearInterval(ticker);
    ticker = undefined;
  }

  return async function answerInTime(decide, milliseconds, share = 1) {
    const now = performance.now();
    const controller = new AbortController();
    const { promise: tooLate, resolve: giveUp } = Promise.withResolvers<typeof late>();
    const latest = milliseconds - Math.min(decideBefore, milliseconds / 2);
    const entry = {
      decideAt: now + Math.min(latest, milliseconds * share),
      answerAt: now + milliseconds - Math.min(answerBefore, milliseconds / 5),
      controller,
      giveUp,
    };
    pending.add(entry);
    ticker ??= setInterval(tick, tickMilliseconds);
    try {
      return await Promise.race([decide(controller.signal), tooLate]);
    } finally {
      pending.delete(entry);
    }
  };
}
