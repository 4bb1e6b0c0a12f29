import { lookup } from "../../api/meta.ts";
import { defaultDenyLabel, isolationLabel } from "../../api/names.ts";
import type { Namespace } from "../../api/namespace.ts";
import type { EgressRule, NetworkPolicy } from "../../api/networkpolicy.ts";
import { isolates } from "../isolates.ts";
import { isTerminating } from "../plan.ts";
import { isExcluded, type IsolationSettings } from "../scope.ts";
import type { Allowance } from "./allowance.ts";
import { isOurs, says } from "./companion.ts";

/** All that is known about one namespace at one moment. */
export type CompanionSituation = {
  readonly namespace: Namespace | undefined;
  /** The NetworkPolicy `ringfence-default-deny` in it. */
  readonly denyAll: NetworkPolicy | undefined;
  /** The NetworkPolicy `ringfence-allow-dns` in it. */
  readonly companion: NetworkPolicy | undefined;
};

/** The next write, or why there is none. */
export type CompanionPlan =
  | {
      readonly step: "nothing";
      readonly reason:
        | "absent"
        | "excluded"
        | "terminating"
        | "not-isolated"
        | "left"
        | "withdrawn"
        | "in-place";
    }
  | {
      readonly step: "apply";
      readonly reason: "missing" | "different" | "unmanaged" | "withdrawn";
      readonly egress: readonly EgressRule[];
    };

/**
 * What to do next. The deny-all and its label come first: before them, there is nothing that DNS
 * would have to be let through. A companion that is no longer wanted is emptied in place, which
 * only narrows; deleting is nothing that Ringfence ever does.
 */
export function planCompanion(
  { namespace, denyAll, companion }: CompanionSituation,
  allowance: Allowance,
  settings: IsolationSettings,
): CompanionPlan {
  if (!namespace) return { step: "nothing", reason: "absent" };
  const { name = "", labels } = namespace.metadata;
  if (isExcluded(name, settings)) return { step: "nothing", reason: "excluded" };
  if (isTerminating(namespace)) return { step: "nothing", reason: "terminating" };
  const isIsolated =
    lookup(labels, defaultDenyLabel) === "enabled" &&
    lookup(labels, isolationLabel) === "ready" &&
    denyAll !== undefined &&
    isolates(denyAll);
  if (!isIsolated) return { step: "nothing", reason: "not-isolated" };

  if (allowance.kind === "leave") return { step: "nothing", reason: "left" };
  if (allowance.kind === "withdraw") {
    return companion && isOurs(companion) && !says(companion, [])
      ? { step: "apply", reason: "withdrawn", egress: [] }
      : { step: "nothing", reason: "withdrawn" };
  }
  const { egress } = allowance;
  if (!companion) return { step: "apply", reason: "missing", egress };
  if (!says(companion, egress)) return { step: "apply", reason: "different", egress };
  if (!isOurs(companion)) return { step: "apply", reason: "unmanaged", egress };
  return { step: "nothing", reason: "in-place" };
}
