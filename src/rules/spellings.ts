import type { JsonPatch, Operation } from "../api/jsonpatch.ts";
import type { Block } from "../netpol/block.ts";
import { type CIDR, formatCIDR, type WrittenCIDR } from "../netpol/cidr.ts";
import { fold, isMapped } from "../netpol/fold.ts";
import type { Model } from "../netpol/model.ts";
import { pointerTo } from "./describe.ts";
import type { Judged } from "./rule.ts";

/** One address block as it was written, and where. */
export type Spelling = { readonly path: string; readonly cidr: WrittenCIDR; readonly block: Block };

/** Every address block of the object, whether its rule takes effect or not. */
function spellingsOf(policy: Model | undefined): readonly Spelling[] {
  const spellings: Spelling[] = [];
  for (const { peers = [] } of policy?.rules ?? []) {
    for (const peer of peers) {
      if (peer.kind !== "addresses") continue;
      const at = `${peer.path}.ipBlock`;
      const { block } = peer;
      spellings.push({ path: `${at}.cidr`, cidr: block.written, block });
      for (const [index, cidr] of block.excepts.entries()) {
        spellings.push({ path: `${at}.except[${index}]`, cidr, block });
      }
    }
  }
  return spellings;
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
  return { op: "replace", path: pointerTo(path), value: formatCIDR(plainOf(cidr)) };
}
