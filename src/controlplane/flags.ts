/** Command-line flags by name without dashes; a list repeats the flag, null leaves a default out. */
export type Flags = Readonly<Record<string, string | readonly string[] | null>>;

/** Renders defaults overridden by the caller's flags. */
export function renderFlags(defaults: Flags, overrides: Flags = {}): readonly string[] {
  return Object.entries({ ...defaults, ...overrides }).flatMap(([name, value]) => {
    if (value === null) return [];
    const values = typeof value === "string" ? [value] : value;
    return values.map((one) => `--${name}=${one}`);
  });
}
