import { type Level, levels, type Mode, modes, type Version, versions } from "../api/level.ts";
import { type Labels, lookup } from "../api/meta.ts";
import { labelPrefix } from "../api/names.ts";

/** What a namespace does in each mode. */
export type NamespacePolicy = {
  readonly [M in Mode]: { readonly level: Level; readonly version: Version };
};

/** A label that could not be read; the message says what is done instead. */
export type LabelError = {
  readonly label: string;
  readonly value: string;
  readonly message: string;
};

/**
 * Reads a namespace's labels over the configured defaults. Always returns a safe value: an
 * unreadable enforce label means restricted, an unreadable audit or warn label means privileged.
 */
export function parseNamespacePolicy(
  labels: Labels | null | undefined,
  defaults: NamespacePolicy,
): { readonly namespacePolicy: NamespacePolicy; readonly errors: readonly LabelError[] } {
  const errors: LabelError[] = [];
  const read = (mode: Mode) => ({
    level: readLevel(labels, mode, defaults, errors),
    version: readVersion(labels, mode, defaults, errors),
  });
  const [enforce, audit, warn] = modes.map(read);
  return {
    namespacePolicy: {
      enforce: enforce ?? defaults.enforce,
      audit: audit ?? defaults.audit,
      warn: warn ?? defaults.warn,
    },
    errors,
  };
}

function readLevel(
  labels: Labels | null | undefined,
  mode: Mode,
  defaults: NamespacePolicy,
  errors: LabelError[],
): Level {
  const label = `${labelPrefix}${mode}`;
  const value = lookup(labels, label);
  if (value === undefined) return defaults[mode].level;
  const level = levels.find((known) => known === value);
  if (level !== undefined) return level;
  const instead = mode === "enforce" ? "restricted" : "privileged";
  errors.push({
    label,
    value,
    message: `must be one of ${levels.join(", ")}; ${mode} is treated as ${instead} until it is`,
  });
  return instead;
}

function readVersion(
  labels: Labels | null | undefined,
  mode: Mode,
  defaults: NamespacePolicy,
  errors: LabelError[],
): Version {
  const label = `${labelPrefix}${mode}-version`;
  const value = lookup(labels, label);
  if (value === undefined) return defaults[mode].version;
  const version = versions.find((known) => known === value);
  if (version !== undefined) return version;
  errors.push({
    label,
    value,
    message: `must be one of ${versions.join(", ")}; latest is used until it is`,
  });
  return "latest";
}
