import { existsSync } from "node:fs";
import type { Evaluation } from "../../src/engine/finding.ts";
import type { Parameters } from "../../src/rules/parameters.ts";
import type { Sum } from "../oracle/broadsums.ts";
import type { Answer } from "../oracle/judge.ts";
import { keyOf } from "./place.ts";
import { isTrueWitness } from "./witness.ts";

const oracleRules: readonly string[] = [
  "no-anyone",
  "no-unnamed-namespaces",
  "no-broad-addresses",
  "no-metadata-endpoint",
  "no-forgeable-selectors",
  "require-ports",
  "no-ambiguous-address",
  "no-weakening-annotation",
  "no-dead-rules",
  "require-canonical-address",
];

const rules = new URL("../../src/rules/", import.meta.url);

/** The rules of the oracle that the engine has, too. */
export const judgedRules = oracleRules.filter((rule) => existsSync(new URL(rule, rules)));

/** The direction that a place is in. */
export function directionOf(place: string | undefined): string | undefined {
  return /^(?:spec\.)?(ingress|egress)/.exec(place ?? "")?.[1];
}

/** What the two answers disagree about, one line each; nothing when they agree. */
export function differences(
  answer: Answer,
  sums: readonly Sum[],
  evaluation: Evaluation,
  parameters: Parameters,
): readonly string[] {
  const found = evaluation.findings.filter(({ rule }) => judgedRules.includes(rule));
  const lines: string[] = [];
  if (answer.unjudged !== (evaluation.unjudged !== undefined)) {
    lines.push(`unjudged: oracle ${answer.unjudged}, engine ${evaluation.unjudged !== undefined}`);
  }
  if (answer.unjudged) return lines;
  const expected = answer.expectations.filter(({ rule }) => judgedRules.includes(rule));
  const all = expected.concat(sums);
  const deny = all.some(({ optional }) => !optional);
  const maybe = all.some(({ optional }) => optional);
  if (deny !== found.length > 0 && !maybe) {
    lines.push(`verdict: oracle ${deny ? "deny" : "allow"}, engine the opposite`);
  }
  for (const { rule, keys, optional } of expected) {
    if (optional || found.some((one) => one.rule === rule && keys.includes(keyOf(one)))) continue;
    lines.push(`missing: ${rule} at ${keys.join(" or ")}`);
  }
  for (const { rule, keys, optional } of sums) {
    // Where the networkPolicy by itself is refused for the same, one finding says both.
    const direction = directionOf(keys[0]);
    if (optional || found.some((one) => one.rule === rule && directionOf(one.path) === direction)) {
      continue;
    }
    lines.push(`missing: ${rule} with neighbours at ${keys.join(" or ")}`);
  }
  for (const finding of found) {
    const { rule, path } = finding;
    const key = keyOf(finding);
    if (!all.some((one) => one.rule === rule && one.keys.includes(key))) {
      lines.push(`unexpected: ${rule} at ${path}`);
    } else if (!isTrueWitness(finding, all, parameters)) {
      lines.push(`false witness: ${rule} at ${path}: ${finding.witness}`);
    }
  }
  return lines;
}
