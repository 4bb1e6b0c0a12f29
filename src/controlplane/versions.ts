/** The Kubernetes minors we support, each with the patch release that tests and `npm start` use. */
const patchOfMinor: ReadonlyMap<string, string> = new Map([
  ["1.34", "1.34.4"],
  ["1.35", "1.35.4"],
  ["1.36", "1.36.3"],
  ["1.37", "1.37.2"],
]);

/** The version taken when nobody asks for one: the newest in the table. */
export const defaultKubernetesVersion = "1.37.2";

/** The minors of the table, oldest first. */
export function supportedMinors(): readonly string[] {
  return [...patchOfMinor.keys()];
}

/** Turns "1.36", "v1.36" or "1.36.3" into the full version of the table; undefined when it is not there. */
export function resolveKubernetesVersion(requested: string): string | undefined {
  const bare = requested.trim().replace(/^v/, "");
  const patch = patchOfMinor.get(bare);
  if (patch !== undefined) return patch;
  return [...patchOfMinor.values()].includes(bare) ? bare : undefined;
}

/** "1.36.3" → "1.36". */
export function minorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}
