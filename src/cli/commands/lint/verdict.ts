import type { Surroundings, Warned } from "../../../engine/advise.ts";
import type { Evaluator } from "../../../engine/evaluator.ts";
import type { NamespacePolicy } from "../../../engine/namespacepolicy.ts";
import type { ManifestObject } from "../../../manifests/objects.ts";
import type { LintReport } from "../../formats/lintschema.ts";
import { type Found, judge, type Validity } from "./judge.ts";
import { identify, positionOf, type ReadFile } from "./objects.ts";

type Context = {
  readonly evaluate: Evaluator;
  readonly validity: Validity;
  readonly namespace: string;
  readonly namespacePolicy: NamespacePolicy;
};

/** Judges one NetworkPolicy and adds what is found to the report. */
export function reportVerdict(
  file: ReadFile,
  object: ManifestObject,
  context: Context,
  report: Pick<LintReport, "findings" | "notJudged" | "notes">,
): void {
  const { findings, unjudged, notes } = judge(
    object.value,
    context.namespace,
    context.namespacePolicy,
    context,
  );
  const about = { file: file.file, object: identify(object, context.namespace) };
  for (const found of findings) {
    report.findings.push({ ...spell(found), ...about, ...positionOf(file, object, found.path) });
  }
  for (const { path, message } of unjudged) {
    report.notJudged.push({ ...about, ...positionOf(file, object, path), path, message });
  }
  for (const message of notes) {
    report.notes.push({ ...about, ...positionOf(file, object), message });
  }
}

/** Adds to the report what is probably not meant in one NetworkPolicy. */
export function reportAdvice(
  file: ReadFile,
  object: ManifestObject,
  warned: readonly Warned[],
  { namespace }: Surroundings,
  report: Pick<LintReport, "findings">,
): void {
  const about = { file: file.file, object: identify(object, namespace) };
  for (const { warning, path, message, why, fix } of warned) {
    const said = { rule: warning, severity: "hint" as const, modes: [], path, message, why, fix };
    report.findings.push({ ...said, ...about, ...positionOf(file, object, path) });
  }
}

function spell(
  found: Found,
): Omit<LintReport["findings"][number], "file" | "line" | "column" | "object"> {
  const { rule, level, modes, path, message, why, fix, witness, patch } = found;
  return {
    rule,
    ...(level === undefined ? {} : { level }),
    severity: modes.includes("enforce") ? "error" : "warning",
    modes: [...modes],
    path,
    message,
    why,
    fix,
    ...(witness === undefined ? {} : { witness }),
    ...(patch === undefined ? {} : { patch: [...patch] }),
  };
}
