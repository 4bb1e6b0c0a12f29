import { validateBlock } from "./block.ts";
import { forbidden, type Invalid, required } from "./invalid.ts";
import type { Dialect } from "./minor.ts";
import { validateSelector } from "./selector.ts";
import type { DecodedPeer } from "./shape.ts";

/** One peer of a rule. */
export function validatePeer(
  peer: DecodedPeer,
  path: string,
  dialect: Dialect,
): readonly Invalid[] {
  const { podSelector = {}, namespaceSelector = {}, ipBlock } = peer;
  return [
    ...validateSelector(podSelector, `${path}.podSelector`, dialect),
    ...validateSelector(namespaceSelector, `${path}.namespaceSelector`, dialect),
    ...(ipBlock === undefined ? [] : validateBlock(ipBlock, `${path}.ipBlock`, dialect)),
    ...validateChoice(peer, path),
  ];
}

/** A peer is chosen by selectors or by addresses. */
function validateChoice(
  { podSelector, namespaceSelector, ipBlock }: DecodedPeer,
  path: string,
): readonly Invalid[] {
  const hasSelector = podSelector !== undefined || namespaceSelector !== undefined;
  if (!hasSelector && ipBlock === undefined) return [required(path, "must specify a peer")];
  if (!hasSelector || ipBlock === undefined) return [];
  return [forbidden(path, "may not specify both ipBlock and another peer")];
}
