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

/**
 * Runs what must answer within `milliseconds`. Its signal aborts shortly before, which means
 * "decide now"; when it still does not answer, the result is `late`.
 */
export async function answerInTime<Answer>(
  decide: (signal: AbortSignal) => Promise<Answer>,
  milliseconds: number,
): Promise<Answer | typeof late> {
  const controller = new AbortController();
  const decideAt = milliseconds - Math.min(decideBefore, milliseconds / 2);
  const answerAt = milliseconds - Math.min(answerBefore, milliseconds / 5);
  const soft = setTimeout(() => controller.abort(), Math.max(0, decideAt));
  let hard: NodeJS.Timeout | undefined;
  const tooLate = new Promise<typeof late>((resolve) => {
    hard = setTimeout(resolve, Math.max(0, answerAt), late);
  });
  try {
    return await Promise.race([decide(controller.signal), tooLate]);
  } finally {
    clearTimeout(soft);
    clearTimeout(hard);
  }
}
