import type { LevelChange } from "./levelchange.ts";
import type { Preview, Violator } from "./previewpolicies.ts";
import { cut } from "./text.ts";
import { rulesOf, spellTarget } from "./violations.ts";
import { maxWarningCharacters } from "./warnings.ts";

/** Names may be longer than a warning; what is wrong must still fit behind them. */
const maxNameCharacters = 120;

/** What a person is told about a preview, the most important first. */
export function describePreview(
  preview: Preview,
  namespace: string,
  changes: readonly LevelChange[],
): readonly string[] {
  const { violators, judged } = preview;
  const headings = changes.flatMap((change) => {
    const count = violators.filter((violator) => violator.change === change).length;
    if (count === 0) return [];
    const { target, modes } = change;
    return [
      `${count} of ${judged} existing NetworkPolicies of namespace ${JSON.stringify(namespace)} would violate ${spellTarget(target)} (${modes.join(", ")})`,
    ];
  });
  const rank = (violator: Violator) => changes.indexOf(violator.change);
  const rows = violators.toSorted((a, b) => rank(a) - rank(b) || compareSeverity(a, b));
  return [...stopped(preview), ...headings, ...rows.map(describeViolator), ...preview.notes];
}

function stopped({ cut: reason, judged, total }: Preview): readonly string[] {
  if (reason === undefined) return [];
  const because =
    reason === "limit"
      ? "no more are previewed at once"
      : "half of the time that the API server waits was over";
  return [`stopped after ${judged} of ${total} policies: ${because}`];
}

/** What cannot be judged first, as enforce refuses it whatever it is; then the lower level's. */
function compareSeverity(one: Violator, other: Violator): number {
  return (
    Number(isUnjudged(other)) - Number(isUnjudged(one)) ||
    Number(breaksBaseline(other)) - Number(breaksBaseline(one)) ||
    rulesOf(other.evaluation).length - rulesOf(one.evaluation).length ||
    (one.name < other.name ? -1 : 1)
  );
}

function isUnjudged({ evaluation }: Violator): boolean {
  return evaluation.unjudged !== undefined;
}

function breaksBaseline({ evaluation }: Violator): boolean {
  return evaluation.findings.some(({ level }) => level === "baseline");
}

function describeViolator({ name, change, evaluation }: Violator): string {
  const which = `NetworkPolicy ${JSON.stringify(cut(name, maxNameCharacters))}`;
  const level = spellTarget(change.target);
  const { unjudged } = evaluation;
  if (unjudged !== undefined) {
    const place = unjudged.path === "" ? "" : ` at ${unjudged.path}`;
    return `${which} cannot be judged by ${level}${place}: ${unjudged.message}`;
  }
  const start = `${which} would violate ${level}: `;
  return `${start}${fitting(rulesOf(evaluation), maxWarningCharacters - start.length)}`;
}

/** As many ids as fit, and how many do not. */
function fitting(ids: readonly string[], characters: number): string {
  for (let shown = ids.length; shown > 1; shown -= 1) {
    const left = ids.length - shown;
    const text = ids.slice(0, shown).join(", ") + (left > 0 ? ` and ${left} more` : "");
    if (text.length <= characters) return text;
  }
  const [first = ""] = ids;
  return ids.length > 1 ? `${first} and ${ids.length - 1} more` : first;
}
