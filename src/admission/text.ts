const controls = /\p{Cc}+/gu;

/** One line that the API server passes on: no control characters, no half surrogate pairs. */
export function cleanLine(text: string): string {
  return text.replace(controls, " ").trim().toWellFormed();
}

/** At most `limit` characters as the API server counts them (code points), with an ellipsis. */
export function cut(text: string, limit: number): string {
  // A code point is at most two UTF-16 units, so the first test is exact where it says "short".
  if (text.length <= limit) return text;
  const points = Array.from(text.slice(0, 2 * limit + 2));
  if (points.length <= limit) return text;
  return `${points.slice(0, limit - 1).join("")}…`;
}
