import type { EgressRule } from "../../api/networkpolicy.ts";
import { fromNodeLocalCaches } from "./nodelocal.ts";
import type { Seen } from "./seen.ts";
import { fromServices } from "./services.ts";

/** What is known of the cluster's DNS. `problems` are sentences about what could not be used. */
export type Finding =
  /** Nothing was read yet. */
  | { readonly kind: "unknown" }
  | { readonly kind: "none"; readonly problems: readonly string[] }
  | {
      readonly kind: "found";
      /** In a stable order: the same DNS is the same text. */
      readonly egress: readonly EgressRule[];
      readonly problems: readonly string[];
    };

/**
 * Finds the cluster's DNS. A node-local cache alone is not enough: it answers from itself only what
 * it has asked the pods behind the Service before.
 */
export function findDNS(seen: Seen): Finding {
  const { rules, problems } = fromServices(seen);
  if (rules.length === 0) return { kind: "none", problems };
  const pods = rules.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return { kind: "found", egress: [...pods, ...fromNodeLocalCaches(seen.daemonSets)], problems };
}
