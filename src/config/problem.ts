/** One thing that is wrong, before it is known which line of the file it stands on. */
export type Problem = {
  /** Keys and indexes from the top of the file. */
  readonly at: readonly string[];
  readonly value?: unknown;
  readonly message: string;
};

/** A short JSON rendering of a value that is refused. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** `[parameters, publicListeners, 0, ports]` → `parameters.publicListeners[0].ports`. */
export function fieldPath(at: readonly string[]): string {
  return at.reduce((path, segment) => {
    if (path !== "" && /^\d+$/.test(segment)) return `${path}[${segment}]`;
    if (!/^[A-Za-z_][\w-]*$/.test(segment)) return `${path}[${JSON.stringify(segment)}]`;
    return path === "" ? segment : `${path}.${segment}`;
  }, "");
}
