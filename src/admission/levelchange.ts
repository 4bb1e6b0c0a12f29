import { type Mode, modes } from "../api/level.ts";
import type { NamespacePolicy } from "../engine/namespacepolicy.ts";
import { spellTarget } from "./violations.ts";

/** A level and version that a namespace newly has, and in which modes; the first mode is the strongest. */
export type LevelChange = {
  readonly target: NamespacePolicy[Mode];
  readonly modes: readonly Mode[];
};

/**
 * What a change of labels newly demands, enforce first. Without a state before, everything is new;
 * `privileged` demands nothing.
 */
export function findLevelChanges(
  before: NamespacePolicy | undefined,
  after: NamespacePolicy,
): readonly LevelChange[] {
  const changes = new Map<string, { target: NamespacePolicy[Mode]; modes: Mode[] }>();
  for (const mode of modes) {
    const target = after[mode];
    if (target.level === "privileged") continue;
    const spelled = spellTarget(target);
    if (before !== undefined && spellTarget(before[mode]) === spelled) continue;
    const change = changes.get(spelled) ?? { target, modes: [] };
    change.modes.push(mode);
    changes.set(spelled, change);
  }
  return [...changes.values()];
}
