import type { Level } from "../api/level.ts";
import type { Evaluation } from "./finding.ts";

/** What a refusal is about. */
export type Refused = {
  readonly namespace: string;
  /** Empty while `generateName` has not been resolved. */
  readonly name: string;
  readonly level: Level;
  readonly version: string;
};

/** One message with every finding, worst first; cut below 16 KiB with "and N more". */
export function renderRefusal(refused: Refused, evaluation: Evaluation): string {
  return `${refused.name} violates level ${refused.level}: ${evaluation.findings.length} findings`;
}
