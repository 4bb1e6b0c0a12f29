import { pointer } from "../../api/jsonpatch.ts";
import { formatCIDR } from "../../netpol/cidr.ts";
import { fold, isMapped } from "../../netpol/fold.ts";
import { segmentsOf } from "../describe.ts";
import type { Rule, Violation } from "../rule.ts";
import { newSpellings, type Spelling } from "../spellings.ts";

/** Refuses spellings of addresses that network plugins read differently. */
export const noAmbiguousAddress: Rule = {
  id: "no-ambiguous-address",
  level: "baseline",
  rank: 6,
  summary: "An address is spelled so that network plugins disagree about what it means.",
  parameters: [],
  judge: (judged) => newSpellings(judged).flatMap(judgeSpelling),
};

function judgeSpelling({ path, cidr, block }: Spelling): readonly Violation[] {
  const mapped = cidr.family === 6 && cidr.address >> 32n === 0xffffn;
  if (!cidr.leadingZero && !mapped) return [];
  const plain = formatCIDR(fold(cidr));
  const what = mapped ? "is an IPv4-mapped IPv6 address" : "has a number with a leading zero";
  return [
    {
      path,
      message: `${cidr.text} ${what}`,
      why: mapped
        ? "Some plugins take it for IPv4, some for IPv6, some ignore it; newer API servers refuse it."
        : "The API server reads it as decimal, some plugins as octal; newer API servers refuse it.",
      fix: `Write ${plain}.`,
      // A mapped except can only be respelled together with its block.
      ...(isMapped(block.written)
        ? {}
        : { patch: [{ op: "replace", path: pointer(...segmentsOf(path)), value: plain }] }),
    },
  ];
}
