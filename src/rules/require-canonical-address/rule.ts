import { pointer } from "../../api/jsonpatch.ts";
import { bits, formatAddress } from "../../netpol/address.ts";
import { formatCIDR } from "../../netpol/cidr.ts";
import { segmentsOf } from "../describe.ts";
import type { Rule, Violation } from "../rule.ts";
import { newSpellings, type Spelling } from "../spellings.ts";

/** Demands that a block is written by its first address. */
export const requireCanonicalAddress: Rule = {
  id: "require-canonical-address",
  level: "restricted",
  rank: 10,
  summary: "A block is written with host bits set, so it is wider than it looks.",
  parameters: [],
  judge: (judged) => newSpellings(judged).flatMap(judgeSpelling),
};

function judgeSpelling({ path, cidr }: Spelling): readonly Violation[] {
  if (cidr.address === cidr.network) return [];
  const { family, address } = cidr;
  const network = formatCIDR(cidr);
  const single = `${formatAddress({ family, value: address })}/${bits[family]}`;
  return [
    {
      path,
      message: `${cidr.text} has host bits set: it is the whole block ${network}`,
      why: "Readers take it for a single address; newer API servers refuse it.",
      fix: `Write ${network} if the whole block is meant, ${single} if it is that one address.`,
      patch: [{ op: "replace", path: pointer(...segmentsOf(path)), value: network }],
    },
  ];
}
