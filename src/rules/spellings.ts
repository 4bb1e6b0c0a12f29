import type { Block } from "../netpol/block.ts";
import type { WrittenCIDR } from "../netpol/cidr.ts";
import type { Model } from "../netpol/model.ts";
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
