import type { NetworkPolicy } from "../../../api/networkpolicy.ts";
import type { ManifestObject } from "../../../manifests/objects.ts";

/** The NetworkPolicies of each namespace of the input. */
export function neighboursOf(
  objects: readonly ManifestObject[],
  homeOf: (object: ManifestObject) => string,
): ReadonlyMap<string, readonly NetworkPolicy[]> {
  const groups = Map.groupBy(objects, homeOf);
  return new Map([...groups].map(([home, all]) => [home, all.map(({ value }) => value)]));
}
