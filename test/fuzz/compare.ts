import { existsSync } from "node:fs";
import type { Evaluation, Finding } from "../../src/engine/finding.ts";
import type { Answer } from "../oracle/judge.ts";

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

const spellingRules: ReadonlySet<string> = new Set([
  "no-ambiguous-address",
  "require-canonical-address",
]);

/** The oracle's place of a finding: rule, peer, one written address, or annotation key. */
export function keyOf({ rule, path }: Finding): string {
  if (rule === "no-weakening-annotation")
    return path.replace(/^metadata\.annotations\[?"?|"?\]$/g, "");
  const found = /^spec\.(ingress|egress)(?:(\[\d+\])(?:\.(?:from|to)(\[\d+\]))?(.*))?$/.exec(path);
  if (!found) return path;
  const [, direction = "", index = "", position = "", rest = ""] = found;
  const spelling = /\.(cidr|except\[\d+\])$/.exec(rest)?.[0] ?? "";
  return `${direction}${index}${position}${spellingRules.has(rule) ? spelling : ""}`;
}

/** What the two answers disagree about, one line each; nothing when they agree. */
export function differences(answer: Answer, evaluation: Evaluation): readonly string[] {
  const found = evaluation.findings.filter(({ rule }) => judgedRules.includes(rule));
  const lines: string[] = [];
  if (answer.unjudged !== (evaluation.unjudged !== undefined)) {
    lines.push(`unjudged: oracle ${answer.unjudged}, engine ${evaluation.unjudged !== undefined}`);
  }
  if (answer.unjudged) return lines;
  const expected = answer.expectations.filter(({ rule }) => judgedRules.includes(rule));
  const deny = expected.some(({ optional }) => !optional);
  const maybe = expected.some(({ optional }) => optional);
  if (deny !== found.length > 0 && !maybe) {
    lines.push(`verdict: oracle ${deny ? "deny" : "allow"}, engine the opposite`);
  }
  for (const { rule, keys, optional } of expected) {
    if (optional || found.some((one) => one.rule === rule && keys.includes(keyOf(one)))) continue;
    lines.push(`missing: ${rule} at ${keys.join(" or ")}`);
  }
  for (const finding of found) {
    const { rule, path } = finding;
    const key = keyOf(finding);
    if (answer.expectations.some((one) => one.rule === rule && one.keys.includes(key))) continue;
    lines.push(`unexpected: ${rule} at ${path}`);
  }
  return lines;
}
