import type { Level } from "../api/level.ts";
import type { Evaluation, Finding } from "./finding.ts";

/** What a refusal is about. */
export type Refused = {
  readonly namespace: string;
  /** Empty while `generateName` has not been resolved. */
  readonly name: string;
  readonly level: Level;
  readonly version: string;
};

/** The user's terminal and the API server's limits: well below 16 KiB of UTF-8. */
const most = 12_000;

/** One message with every finding, worst first; cut below 16 KiB with "and N more". */
export function renderRefusal(refused: Refused, evaluation: Evaluation): string {
  const { findings, unjudged } = evaluation;
  const name = refused.name === "" ? "the NetworkPolicy" : `NetworkPolicy "${refused.name}"`;
  const standard = `network policy standard ${refused.level} (${refused.version}) of namespace "${refused.namespace}"`;
  if (unjudged !== undefined) {
    const what = cut(`${unjudged.path} ${unjudged.message}`, 1_000);
    return `${name} cannot be judged by the ${standard}: ${what}. What cannot be judged is refused.`;
  }
  const heading = `${name} violates the ${standard}, ${count(findings.length)}:`;
  const parts = fitting(findings.map(renderFinding), most - heading.length);
  const left = findings.length - parts.length;
  const more = left > 0 ? [`and ${left} more`] : [];
  const [first] = findings;
  const hint = first === undefined ? [] : [`Learn more: ringfence explain ${first.rule}`];
  return [heading, ...parts, ...more, ...hint].join("\n");
}

function renderFinding(finding: Finding, index: number): string {
  const { rule, path, message, witness, fix } = finding;
  const lines = [
    `${index + 1}. ${rule} at ${cut(path, 200)}: ${cut(message, 1_000)}`,
    ...(witness === undefined ? [] : [`   proof: ${cut(witness, 1_000)}`]),
    `   fix: ${cut(fix, 1_500)}`,
  ];
  return lines.join("\n");
}

/** As many leading texts as fit into so many bytes. */
function fitting(texts: readonly string[], room: number): readonly string[] {
  let left = room;
  const end = texts.findIndex((text) => {
    left -= new TextEncoder().encode(text).length + 1;
    return left < 0;
  });
  return end < 0 ? texts : texts.slice(0, end);
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function count(findings: number): string {
  return findings === 1 ? "1 finding" : `${findings} findings`;
}
