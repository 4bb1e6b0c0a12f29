import { formatCIDR } from "../../netpol/cidr.ts";
import { type Judged, type Rule, stepsPerFinding, type Violation } from "../rule.ts";
import { newSpellings, plainOf, respell, type Spelling } from "../spellings.ts";

/** Refuses spellings of addresses that network plugins read differently. */
export const noAmbiguousAddress: Rule = {
  id: "no-ambiguous-address",
  level: "baseline",
  rank: 6,
  summary: "An address is spelled so that network plugins disagree about what it means.",
  parameters: [],
  judge: (judged) => newSpellings(judged).flatMap((spelling) => judgeSpelling(judged, spelling)),
};

function judgeSpelling({ meter }: Judged, spelling: Spelling): readonly Violation[] {
  const { path, cidr } = spelling;
  const mapped = cidr.family === 6 && cidr.address >> 32n === 0xffffn;
  if (!cidr.leadingZero && !mapped) return [];
  if (!meter.spend(stepsPerFinding)) return [];
  const patch = respell(spelling);
  const what = mapped ? "is an IPv4-mapped IPv6 address" : "has a number with a leading zero";
  return [
    {
      path,
      message: `${cidr.text} ${what}`,
      why: mapped
        ? "Some plugins take it for IPv4, some for IPv6, some ignore it; newer API servers refuse it."
        : "The API server reads it as decimal, some plugins as octal; newer API servers refuse it.",
      fix: `Write ${formatCIDR(plainOf(cidr))}.`,
      ...(patch && { patch }),
    },
  ];
}
