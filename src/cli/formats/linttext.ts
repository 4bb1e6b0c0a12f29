import type { LintReport } from "./lintschema.ts";
import { harmless, type Style } from "./style.ts";

type Place = { readonly file: string; readonly line?: number; readonly column?: number };

/** The report for people: by file, each finding with its proof and its fix, and a summary. */
export function renderText(report: LintReport, style: Style): string {
  const byFile = new Map<string, string[]>();
  const add = ({ file }: Place, block: string): void => {
    const blocks = byFile.get(file) ?? [];
    blocks.push(block);
    byFile.set(file, blocks);
  };
  for (const finding of report.findings) add(finding, renderFinding(finding, style));
  for (const unjudged of report.notJudged) {
    const head = `${spell(unjudged, style)}  ${style.error("not judged")}  ${harmless(unjudged.message)}`;
    add(
      unjudged,
      unjudged.object ? `${head}\n${about(unjudged.object, unjudged.path ?? "", style)}` : head,
    );
  }
  for (const { message, ...place } of report.notes) {
    const file = place.file ?? "";
    add({ ...place, file }, `${spell({ ...place, file }, style)}  note  ${harmless(message)}`);
  }
  const blocks = [...byFile.values()].map((lines) => lines.join("\n"));
  return `${[...blocks, ...skipped(report), summary(report, style)].join("\n\n")}\n`;
}

function renderFinding(finding: LintReport["findings"][number], style: Style): string {
  const { rule, severity, message, why, fix, witness, object, path } = finding;
  const shown = style[severity](severity);
  const lines = [
    `${spell(finding, style)}  ${shown}  ${style.strong(rule)}  ${harmless(message)}`,
    about(object, path, style),
    detail("why", why, style),
    ...(witness === undefined ? [] : [detail("proof", witness, style)]),
    detail("fix", fix, style),
  ];
  return lines.join("\n");
}

function about(
  { kind, namespace, name }: NonNullable<LintReport["notJudged"][number]["object"]>,
  path: string,
  style: Style,
): string {
  const whole = namespace === "" ? name : `${namespace}/${name}`;
  const place = path === "" ? "" : ` at ${path}`;
  return detail("in", `${kind} ${whole}${place}`, style);
}

function detail(name: string, text: string, style: Style): string {
  return `  ${style.faint(name.padEnd(5))}  ${harmless(text)}`;
}

function spell({ file, line, column }: Place, style: Style): string {
  const where = line === undefined ? "" : `:${line}:${column ?? 1}`;
  return style.strong(`${harmless(file)}${where}`);
}

/** What was not evaluated, each reason once. */
function skipped({ notEvaluated }: LintReport): readonly string[] {
  const reasons = Map.groupBy(notEvaluated, ({ reason }) => reason);
  if (reasons.size === 0) return [];
  const lines = [...reasons].map(([reason, all]) => {
    const [first] = all;
    const where = first === undefined ? "" : `${first.file}:${first.line}:${first.column}`;
    const more = all.length > 1 ? ` and ${all.length - 1} more` : "";
    return `  ${harmless(reason)}: ${harmless(where)}${more}`;
  });
  return [["not evaluated:", ...lines].join("\n")];
}

function summary({ summary: counts }: LintReport, style: Style): string {
  const { files, judged, errors, warnings, hints, notJudged, notEvaluated } = counts;
  const parts = [
    `${count(judged, "NetworkPolicy", "NetworkPolicies")} judged in ${count(files, "file")}`,
    errors > 0 ? style.error(count(errors, "error")) : "no errors",
    ...(warnings > 0 ? [style.warning(count(warnings, "warning"))] : []),
    ...(hints > 0 ? [style.hint(count(hints, "hint"))] : []),
    ...(notJudged > 0 ? [style.error(`${notJudged} could not be judged`)] : []),
    ...(notEvaluated > 0 ? [`${notEvaluated} not evaluated`] : []),
  ];
  return parts.join(", ");
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
