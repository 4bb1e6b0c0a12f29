import { validateBlock } from "./block.ts";
import { forbidden, type Invalid, required } from "./invalid.ts";
import type { Dialect } from "./minor.ts";
import { validateSelector } from "./selector.ts";
import type { DecodedPeer } from "./shape.ts";

/** One peer of a rule. */
export function validatePeer(
  { podSelector, namespaceSelector, ipBlock }: DecodedPeer,
  path: string,
  dialect: Dialect,
): readonly Invalid[] {
  const wrong: Invalid[] = [];
  if (podSelector !== undefined) {
    wrong.push(...validateSelector(podSelector, `${path}.podSelector`, dialect));
  }
  if (namespaceSelector !== undefined) {
    wrong.push(...validateSelector(namespaceSelector, `${path}.namespaceSelector`, dialect));
  }
  if (ipBlock !== undefined) wrong.push(...validateBlock(ipBlock, `${path}.ipBlock`, dialect));
  const hasSelector = podSelector !== undefined || namespaceSelector !== undefined;
  if (!hasSelector && ipBlock === undefined) {
    wrong.push(required(path, "must specify a peer"));
  } else if (hasSelector && ipBlock !== undefined) {
    wrong.push(forbidden(path, "may not specify both ipBlock and another peer"));
  }
  return wrong;
}
