import type { Mode } from "../api/level.ts";
import type { Evaluation } from "../engine/finding.ts";
import type { NamespacePolicy } from "../engine/namespacepolicy.ts";

type Target = NamespacePolicy[Mode];

/** Level and version in one word, e.g. `baseline:v1`. */
export function spellTarget({ level, version }: Target): string {
  return `${level}:${version}`;
}

/**
 * One line for each thing that is wrong at a level, worst first; empty when nothing is. Where a
 * line has a limit, half a fix would mislead: it says where to find the whole one instead.
 */
export function describeViolations(
  { findings, unjudged }: Evaluation,
  target: Target,
  maxCharacters = Infinity,
): readonly string[] {
  if (findings.length === 0 && unjudged === undefined) return [];
  const level = spellTarget(target);
  const lines = findings.map(({ rule, path, message, fix }) => {
    const problem = `would violate ${level}: ${rule} at ${path}: ${message}.`;
    const whole = `${problem} Fix: ${fix}`;
    return whole.length <= maxCharacters ? whole : `${problem} See: ringfence explain ${rule}`;
  });
  if (unjudged === undefined) return lines;
  const place = unjudged.path === "" ? "" : ` at ${unjudged.path}`;
  return [`cannot be judged by ${level}${place}: ${unjudged.message}`, ...lines];
}

/** The ids of the rules that say no, each once; `unjudged` stands for a missing verdict. */
export function rulesOf({ findings, unjudged }: Evaluation): readonly string[] {
  const rules = new Set(findings.map(({ rule }) => rule));
  if (unjudged !== undefined) rules.add("unjudged");
  return [...rules];
}

/** Whether enforce refuses: something is wrong, or nobody can tell. */
export function isRefused({ findings, unjudged }: Evaluation): boolean {
  return findings.length > 0 || unjudged !== undefined;
}
