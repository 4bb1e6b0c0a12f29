import { bits, formatAddress } from "../../netpol/address.ts";
import { formatCIDR } from "../../netpol/cidr.ts";
import { type Judged, type Rule, stepsPerFinding, type Violation } from "../rule.ts";
import { newSpellings, respell, type Spelling } from "../spellings.ts";

/** Demands that a block is written by its first address. */
export const requireCanonicalAddress: Rule = {
  id: "require-canonical-address",
  level: "restricted",
  rank: 10,
  summary: "A block is written with host bits set, so it is wider than it looks.",
  parameters: [],
  judge: (judged) => newSpellings(judged).flatMap((spelling) => judgeSpelling(judged, spelling)),
};

function judgeSpelling({ meter }: Judged, spelling: Spelling): readonly Violation[] {
  const { path, cidr } = spelling;
  if (cidr.address === cidr.network || !meter.spend(stepsPerFinding)) return [];
  const { family, address } = cidr;
  const network = formatCIDR(cidr);
  const single = `${formatAddress({ family, value: address })}/${bits[family]}`;
  const patch = respell(spelling);
  return [
    {
      path,
      message: `${cidr.text} has host bits set: it is the whole block ${network}`,
      why: "Readers take it for a single address; newer API servers refuse it.",
      fix: `Write ${network} if the whole block is meant, ${single} if it is that one address.`,
      ...(patch && { patch }),
    },
  ];
}
