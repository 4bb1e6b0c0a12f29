import type { Meter } from "../netpol/meter.ts";

/** The known word that a misspelt one was probably meant to be; of equally near ones the first. */
export function nearest(word: string, known: Iterable<string>, meter: Meter): string | undefined {
  // Of one or two letters each is another word.
  const most = Math.floor((word.length + 1) / 4);
  let best: { readonly candidate: string; readonly edits: number } | undefined;
  for (const candidate of known) {
    if (candidate === word || Math.abs(candidate.length - word.length) > most) continue;
    if (!meter.spend(1 + word.length)) break;
    const edits = distance(word, candidate);
    if (edits > most) continue;
    const isNearer =
      best === undefined ||
      edits < best.edits ||
      (edits === best.edits && candidate < best.candidate);
    if (isNearer) best = { candidate, edits };
  }
  return best?.candidate;
}

/** How many letters have to be added, left out, changed or swapped with the next one. */
function distance(from: string, to: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isSwapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swapped = isSwapped && j > 1 && i > 1 ? (before[j - 2] ?? 0) + 1 : changed;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, changed, swapped));
    }
    before = row;
    row = next;
  }
  return row[to.length] ?? 0;
}
