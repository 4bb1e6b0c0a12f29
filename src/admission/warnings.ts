import { cleanLine, cut } from "./text.ts";

/**
 * The API server drops a warning with control characters, cuts each to 256 characters, and all of
 * them once they exceed 4,096 together: ten of 256 stay below that.
 */
const maxWarnings = 10;
export const maxWarningCharacters = 256;

/** Warnings within the API server's limits; the first ones win, the last says how many are left. */
export function boundWarnings(warnings: readonly string[]): readonly string[] {
  if (warnings.length === 0) return warnings;
  const distinct = new Set<string>();
  for (const warning of warnings) {
    const line = cut(cleanLine(warning), maxWarningCharacters);
    if (line !== "") distinct.add(line);
  }
  const lines = [...distinct];
  if (lines.length <= maxWarnings) return lines;
  const shown = lines.slice(0, maxWarnings - 1);
  return [...shown, `and ${lines.length - shown.length} more`];
}
