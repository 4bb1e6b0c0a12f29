/** The levels of the Network Policy Standards, loosest first; each includes the one before it. */
export const levels = ["privileged", "baseline", "restricted"] as const;
export type Level = (typeof levels)[number];

/** What a namespace does with a level: refuse, record, or tell the user. */
export const modes = ["enforce", "audit", "warn"] as const;
export type Mode = (typeof modes)[number];

/** Versions of the standard; `latest` is the newest one and moves. */
export const versions = ["v1", "latest"] as const;
export type Version = (typeof versions)[number];

/** True when `level` includes every rule of `other`. */
export function atLeast(level: Level, other: Level): boolean {
  return levels.indexOf(level) >= levels.indexOf(other);
}
