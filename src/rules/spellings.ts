import { type JsonPatch, type Operation, pointer } from "../api/jsonpatch.ts";
import type { Block } from "../netpol/block.ts";
import { type CIDR, formatCIDR, type WrittenCIDR } from "../netpol/cidr.ts";
import { fold, isMapped } from "../netpol/fold.ts";
import type { Model } from "../netpol/model.ts";
import { segmentsOf } from "./describe.ts";
import type { Judged } from "./rule.ts";

/** One address block as it was written, and where. */
export type Spelling = { readonly path: string; readonly cidr: WrittenCIDR; readonly block: Block };

/** Every address block of the object, whether its rule takes effect or not. */
function spellingsOf(policy: Model | undefined): readonly Spelling[] {
  return (policy?.rules ?? []).flatMap(({ peers = [] }) =>
    peers.flatMap((peer) => {
      if (peer.kind !== "addresses") return [];
      const { block, path } = peer;
      const excepts = block.excepts.map((cidr, index) => ({
        path: `${path}.ipBlock.except[${index}]`,
        cidr,
        block,
      }));
      return [{ path: `${path}.ipBlock.cidr`, cidr: block.written, block }, ...excepts];
    }),
  );
}

/** The spellings that an earlier version of the object did not have. */
export function newSpellings({ policy, policyBefore }: Judged): readonly Spelling[] {
  const known = new Set(spellingsOf(policyBefore).map(({ cidr }) => cidr.text));
  return spellingsOf(policy).filter(({ cidr }) => !known.has(cidr.text));
}

/** The block as everybody reads it: canonical, and IPv4 as IPv4. */
export function plainOf(cidr: CIDR): CIDR {
  return isMapped(cidr) ? fold(cidr) : cidr;
}

const mostExcepts = 32;

/** Writes the block plainly, an IPv4-mapped one together with all of its excepts. */
export function respell({ path, cidr, block }: Spelling): JsonPatch | undefined {
  if (isMapped(block.written)) {
    // Each except has a finding with the whole patch.
    if (block.excepts.length > mostExcepts) return undefined;
    const at = path.slice(0, path.indexOf(".ipBlock"));
    return [
      replace(`${at}.ipBlock.cidr`, block.written),
      ...block.excepts.map((except, index) => replace(`${at}.ipBlock.except[${index}]`, except)),
    ];
  }
  // Older API servers compare lengths as they are written: such an except may be wider than its block.
  if (cidr !== block.written && plainOf(cidr).prefix <= block.written.prefix) return undefined;
  return [replace(path, cidr)];
}

function replace(path: string, cidr: CIDR): Operation {
  return { op: "replace", path: pointer(...segmentsOf(path)), value: formatCIDR(plainOf(cidr)) };
}
