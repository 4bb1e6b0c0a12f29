import { type JsonPatch, type Operation, pointer } from "../api/jsonpatch.ts";
import type { Peer, PolicyRule } from "../netpol/model.ts";
import { pointerTo } from "./describe.ts";
import type { Judged } from "./rule.ts";

/** Takes a peer away. A rule without peers is open to everyone, so with its last peer the rule goes. */
export function removePeer(judged: Judged, rule: PolicyRule, peer: Peer): JsonPatch {
  const isOnly = rule.peers?.length === 1;
  if (!isOnly) return [{ op: "remove", path: pointerTo(peer.path) }];
  const remove: Operation = { op: "remove", path: pointerTo(rule.path) };
  return [...keepTypes(judged, rule), remove];
}

/** Without types, egress is isolated only while there is an egress rule: then they are written out. */
function keepTypes({ written }: Judged, { direction }: PolicyRule): JsonPatch {
  const { policyTypes, egress } = written.spec ?? {};
  const isWritten = policyTypes !== undefined && policyTypes !== null && policyTypes.length > 0;
  if (isWritten || direction === "ingress" || egress?.length !== 1) return [];
  return [{ op: "add", path: pointer("spec", "policyTypes"), value: ["Ingress", "Egress"] }];
}
