import type { JsonPatch } from "../../api/jsonpatch.ts";
import type { PolicyRule } from "../../netpol/model.ts";
import { protocols } from "../../netpol/ports.ts";
import { size } from "../../netpol/spans.ts";
import { isDNS } from "../carveouts.ts";
import { dnsPods, listPeers, ownPods } from "../narrowing.ts";
import type { Judged } from "../rule.ts";

/**
 * The narrowest reading that is certainly no stranger: the own namespace, or the DNS pods. Whom else
 * the author had in mind only the author knows.
 */
export function patchAnyone(judged: Judged, rule: PolicyRule): JsonPatch {
  return listPeers(judged, rule, [isFewDNS(judged, rule) ? dnsPods : ownPods]);
}

/** Pods of another namespace may have only so many ports. */
function isFewDNS({ standard }: Judged, rule: PolicyRule): boolean {
  if (!isDNS(standard, rule)) return false;
  const most = BigInt(standard.parameters.maxPorts);
  return protocols.every((protocol) => size(rule.ports[protocol].numbers) <= most);
}
